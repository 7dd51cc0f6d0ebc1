import { type Handlers, takeFds } from '@vpnext/varlink'
import type { HostRun } from '../abilities/host-run.ts'
import type { hostInterface } from '../protocol/host-interface.ts'
import { answeringHost } from '../protocol-errors.ts'
import type { InterProcess } from './inter-process.ts'

type IpcMethod = 'ConnectAbility' | 'DisconnectAbility' | 'SendRequest'

/** What a host may ask of other processes of its bundle. */
export function ipcMethods(
  run: HostRun,
  ipc: InterProcess,
  checkLive: () => void,
): Pick<Handlers<typeof hostInterface>, IpcMethod> {
  return {
    ConnectAbility: ({ want, connection }, call) =>
      answeringHost(async () => {
        checkLive()
        const { use, remote } = await ipc.connect(
          run,
          { want, take: () => takeFds(call) },
          connection,
          call.signal,
        )
        const { bundle, module, ability } = use.run.target
        const element = { bundleName: bundle.bundleName, moduleName: module.name, abilityName: ability.name }
        return { element, ...(remote !== undefined && { remote }) }
      }),
    DisconnectAbility: ({ connection }) =>
      answeringHost(async () => {
        await ipc.disconnect(run, connection)
        return {}
      }),
    SendRequest: (request, call) =>
      answeringHost(async () => {
        checkLive()
        return await ipc.send(run, request, call.fds)
      }),
  }
}
