import { isSystemError, sendUnixDatagram } from '@vpnext/native'
import type { CliContext } from './context.ts'

/**
 * Tells whoever started the service how far it is, sd_notify(3). Without anybody to tell, nothing happens.
 *
 * @param state `READY=1` or `STOPPING=1`
 */
export function tellServiceManager({ env, stderr }: CliContext, state: 'READY=1' | 'STOPPING=1'): void {
  const path = env['NOTIFY_SOCKET']
  if (path === undefined || path === '') return
  try {
    sendUnixDatagram(path, Buffer.from(state))
  } catch (error) {
    if (!isSystemError(error) && !(error instanceof RangeError)) throw error
    stderr.write(`vpnext: NOTIFY_SOCKET: ${error.message}\n`)
  }
}
