/** Apart, so that the compiler's process starts while what reads a project is loaded. */
export { startCompiler } from '@vpnext/arkts'
