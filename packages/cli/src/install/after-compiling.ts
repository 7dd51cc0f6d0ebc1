/** What follows a compilation, apart: it is loaded while the compiler works. */
export { calledNatives, packBundle, prepareNativeModules } from '@vpnext/arkts'
