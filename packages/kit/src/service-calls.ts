import { type ApiCall, type BusinessError, businessError, isErrorCode } from '@vpnext/api'
import { hostInterface } from '@vpnext/service/protocol'
import { type Peer, isVarlinkError } from '@vpnext/varlink'

import type { ServiceCalls } from './runtime.ts'

/**
 * The service behind the other end of a private channel.
 *
 * @param peer the channel; it stays the caller's
 * @returns calls that fail with the service's BusinessError; with 2200002 when the channel is gone (start and stop, which
 * the document gives no such code: 16000050); with 2200003 (16000050) when the service fails in another way
 */
export function serviceCalls(peer: Peer): ServiceCalls {
  return {
    async createVpn(config) {
      const { parameters, fds } = await orBusinessError(
        'create',
        peer.call(hostInterface, 'CreateVpn', { config }),
      )
      const [fd, ...surplus] = fds
      for (const other of surplus) other.close()
      if (fd === undefined) throw businessError(2200003, { reason: 'the service sent no descriptor' })
      return { fd, interfaceName: parameters.interfaceName }
    },
    async destroyVpn(vpnId) {
      const parameters = vpnId === undefined ? {} : { vpnId }
      await orBusinessError('destroy', peer.call(hostInterface, 'DestroyVpn', parameters))
    },
    async protect(socket) {
      await orBusinessError('protect', peer.call(hostInterface, 'Protect', {}, { fds: [socket] }))
    },
    async startAbility(want) {
      await orBusinessError('startVpnExtensionAbility', peer.call(hostInterface, 'StartAbility', { want }))
    },
    async stopAbility(want) {
      await orBusinessError('stopVpnExtensionAbility', peer.call(hostInterface, 'StopAbility', { want }))
    },
  }
}

async function orBusinessError<T>(call: ApiCall, answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (error) {
    throw translate(call, error)
  }
}

function translate(call: ApiCall, error: unknown): BusinessError {
  const ofAbility = call === 'startVpnExtensionAbility' || call === 'stopVpnExtensionAbility'
  if (isVarlinkError(error, hostInterface, 'BusinessError') && isErrorCode(error.parameters.code)) {
    const { code, field, reason, hint } = error.parameters
    const detail = {
      ...(field !== undefined && { field }),
      ...(reason !== undefined && { reason }),
      ...(hint !== undefined && { hint }),
    }
    return businessError(code, Object.keys(detail).length === 0 ? undefined : detail, { call, cause: error })
  }
  const gone = error instanceof Error && error.name === 'ConnectionError'
  const reason = gone ? 'the service is gone' : 'the service failed'
  return businessError(ofAbility ? 16000050 : gone ? 2200002 : 2200003, { reason }, { call, cause: error })
}
