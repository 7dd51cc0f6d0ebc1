/**
 * Ends the process at once, as the device does: destructors of native modules and other exit handlers do not survive an
 * ordinary exit at any moment. The service cleans up after it.
 */
export function exitNow(): never {
  process.kill(process.pid, 'SIGKILL')
  throw new Error('the process has ended')
}
