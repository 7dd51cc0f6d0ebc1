/** Apart, so that the compiler works while what reads a project is loaded. */
export { HeadStart, startCompiler } from '@vpnext/arkts'
