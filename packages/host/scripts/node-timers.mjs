/**
 * node's own timers, for the code of the host. The build puts them in place of the globals of the same names, which
 * belong to the extension and return numbers there.
 */
export { clearInterval, clearTimeout, setInterval, setTimeout } from 'node:timers'
