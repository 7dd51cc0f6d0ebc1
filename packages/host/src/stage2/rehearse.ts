import { rehearseCreate } from '@vpnext/kit'

/** Time for the service to answer a host that it wants now, in ms. */
const patienceMs = 50

/**
 * Has V8 compile what the first `create` of an extension will call: that takes a millisecond and more. A host that was started
 * ahead has the time; one that is wanted now is left alone.
 *
 * @param answered settles when the service wants the host
 */
export function rehearse(answered: Promise<unknown>): void {
  const wanted = new AbortController()
  const timer = setTimeout(() => void rehearseCreate(wanted.signal).catch(() => undefined), patienceMs)
  const stop = (): void => {
    clearTimeout(timer)
    wanted.abort()
  }
  answered.then(stop, stop)
}
