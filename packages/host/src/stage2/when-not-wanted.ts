/** Time for the service to answer a host that it wants now, in ms. */
const patienceMs = 50

/**
 * Does something in a host that was started ahead; one that is wanted now is left alone.
 *
 * @param answered settles when the service wants the host
 */
export function whenNotWanted(answered: Promise<unknown>, task: () => void): void {
  const timer = setTimeout(task, patienceMs)
  const stop = (): void => clearTimeout(timer)
  answered.then(stop, stop)
}
