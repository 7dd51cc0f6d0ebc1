import { VarlinkError } from '@vpnext/varlink'

/** Resolves when the signal aborts. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

/** Refuses a call for one answer to a method that only streams. https://varlink.org/Service */
export function requireMore(call: { readonly more: boolean }): void {
  if (!call.more) throw new VarlinkError('org.varlink.service.ExpectedMore')
}
