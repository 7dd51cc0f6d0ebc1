import { type ApiCall, type BusinessError, businessError, isErrorCode } from '@vpnext/api'
import { hostInterface } from '@vpnext/service/protocol'
import { type Peer, isVarlinkError } from '@vpnext/varlink'

import { eventCalls } from './events/event-calls.ts'
import { ipcCalls } from './ipc/ipc-calls.ts'
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
    ...eventCalls(peer),
    ...ipcCalls(peer),
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
      try {
        await peer.call(hostInterface, 'DestroyVpn', parameters)
      } catch (error) {
        throw ofVpnId(translate('destroy', error), vpnId)
      }
    },
    async protect(socket) {
      await orBusinessError('protect', peer.call(hostInterface, 'Protect', {}, { fds: [socket] }))
    },
    async protectProcess() {
      try {
        const { by, reason } = (await peer.call(hostInterface, 'ProtectProcess', {})).parameters
        return by === 'kernel' ? { by } : { by, reason: reason ?? 'the kernel cannot' }
      } catch (error) {
        return { by: 'nobody', reason: reasonOf(translate('protectProcessNet', error)) }
      }
    },
    async setAlwaysOn(bundleName, enable) {
      const answer = peer.call(hostInterface, 'SetAlwaysOn', { bundleName, enable })
      await orBusinessError('setAlwaysOnVpnEnabled', answer)
    },
    async isAlwaysOn(bundleName) {
      const answer = peer.call(hostInterface, 'IsAlwaysOn', { bundleName })
      return (await orBusinessError('isAlwaysOnVpnEnabled', answer)).parameters.enabled
    },
    countTraffic: async () => (await peer.call(hostInterface, 'CountTraffic', {})).parameters,
    async updateAuthorization(bundleName, allow) {
      const answer = peer.call(hostInterface, 'UpdateAuthorization', { bundleName, allow })
      await orBusinessError('updateVpnAuthorizedState', answer)
    },
    async startAbility(want, fds) {
      const started = peer.call(hostInterface, 'StartAbility', { want }, { fds })
      await orBusinessError('startVpnExtensionAbility', started)
    },
    async stopAbility(want) {
      await orBusinessError('stopVpnExtensionAbility', peer.call(hostInterface, 'StopAbility', { want }))
    },
  }
}

/** A VPN of one's own naming has codes of its own for a service that is gone or fails (later versions of the API). */
function ofVpnId(error: BusinessError, vpnId: string | undefined): BusinessError {
  if (vpnId === undefined || (error.code !== 2200002 && error.code !== 2200003)) return error
  return businessError(19900002, error.data, { call: 'destroy', cause: error })
}

function reasonOf(error: BusinessError): string {
  return error.data?.reason ?? error.message
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
