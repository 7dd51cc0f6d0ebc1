let lastAct: () => void = () => undefined

/** Sets what this process does at once before it ends itself, such as sending what it has logged; must not throw. */
export function beforeExit(act: () => void): void {
  lastAct = act
}

/**
 * Ends the process at once, as the device does: destructors of native modules and other exit handlers do not survive an
 * ordinary exit at any moment. The service cleans up after it.
 */
export function exitNow(): never {
  lastAct()
  process.kill(process.pid, 'SIGKILL')
  throw new Error('the process has ended')
}
