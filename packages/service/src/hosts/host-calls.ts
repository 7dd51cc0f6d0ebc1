import { businessError } from '@vpnext/api'
import type { NetworkSettings } from '@vpnext/network'
import { type Implementation, implement, takeFds, withFds } from '@vpnext/varlink'
import type { AbilityControl } from '../abilities/ability-control.ts'
import type { HostRun } from '../abilities/host-run.ts'
import { permissionsOf } from '../bundles/installed-bundle.ts'
import type { CommonEvents } from '../events/common-events.ts'
import { eventMethods } from '../events/event-methods.ts'
import type { LogBook } from '../logs/log-book.ts'
import { hostInterface } from '../protocol/host-interface.ts'
import { answeringHost } from '../protocol-errors.ts'
import { hostKind } from '../abilities/ability-target.ts'
import type { Abilities } from '../abilities/abilities.ts'
import type { InterProcess } from '../ipc/inter-process.ts'
import { ipcMethods } from '../ipc/ipc-methods.ts'
import { testLogMethods } from '../test-runs/test-log.ts'
import type { TestRuns } from '../test-runs/test-runs.ts'
import type { TrafficCounts } from './traffic-counts.ts'
import { protectProcess } from './protect-process.ts'
import { type SystemCallsParts, systemMethods } from './system-calls.ts'
import { protectSocket } from '../tunnels/protect.ts'
import type { Tunnels } from '../tunnels/tunnels.ts'

export interface HostCallsParts {
  readonly control: AbilityControl
  readonly tunnels: Tunnels
  readonly network: NetworkSettings
  readonly logs: LogBook
  readonly system: SystemCallsParts
  readonly events: CommonEvents
  readonly abilities: Abilities
  readonly ipc: InterProcess
  readonly traffic: TrafficCounts
  readonly tests: TestRuns
  readonly changed: () => void
}

/** Sandbox reports are shown in the status: a host must not be able to fill it. */
const maxReportLines = 64
const maxReportLine = 256

/** Answers the calls of one host. Who calls is known by the socket; nothing the host says about itself counts. */
export function answerHost(run: HostRun, parts: HostCallsParts): Implementation {
  const { bundle, module, ability, owner } = run.target
  return implement(hostInterface, {
    Attach: ({ sandbox, missing }) =>
      answeringHost(() => {
        attach(run, { sandbox: cutLines(sandbox), missing: cutLines(missing) })
        parts.changed()
        const { versionCode, versionName, label } = bundle.manifest.app
        return {
          bundleName: bundle.bundleName,
          moduleName: module.name,
          abilityName: ability.name,
          kind: hostKind(run.target),
          script: ability.script,
          exportName: ability.exportName,
          versionCode,
          versionName,
          label,
          permissions: permissionsOf(bundle),
          ownerUid: owner.uid,
          systemApplication: parts.system.policy.decide(bundle).system,
        }
      }),
    CreateVpn: ({ config }, call) =>
      answeringHost(async () => {
        checkLive(run)
        checkExtension(run)
        const { entry, fd } = await parts.tunnels.create(run, config, call.signal)
        return withFds({ interfaceName: entry.interfaceName, warnings: [...entry.warnings] }, [fd])
      }),
    DestroyVpn: ({ vpnId }) =>
      answeringHost(async () => {
        await parts.tunnels.destroy(run, vpnId ?? '')
        return {}
      }),
    Protect: (_none, call) =>
      answeringHost(() => {
        checkLive(run)
        checkExtension(run)
        if (call.fds.length !== 1)
          throw businessError(2203004, { field: 'socketFd', reason: 'did not come with the call' })
        const { lateFor } = protectSocket(call.takeFd(0), run, parts.tunnels.list(), parts.network)
        if (lateFor !== undefined) {
          const text = `protect: the socket is connected from ${lateFor}, an address of the tunnel; protect it before connect`
          parts.logs.note('warn', run.subject, text)
        }
        return {}
      }),
    ProtectProcess: () => {
      checkLive(run)
      if (hostKind(run.target) !== 'extension') return { by: 'nobody' as const, reason: onlyExtensions }
      return protectProcess(run, parts.tunnels, parts.network)
    },
    CountTraffic: () =>
      answeringHost(() => {
        checkLive(run)
        return parts.traffic.of(run)
      }),
    ...systemMethods(run, parts.system),
    ...eventMethods(run, parts.events),
    ...ipcMethods(run, parts.ipc, () => checkLive(run)),
    StartPage: ({ want }, call) =>
      answeringHost(async () => {
        checkLive(run)
        await parts.control.startPage(want, { kind: 'host', run, signal: call.signal }, takeFds(call))
        return {}
      }),
    TerminateSelf: () => {
      // The caller has its answer before onDestroy is called.
      setImmediate(() => void parts.abilities.stopRun(run))
      return {}
    },
    ReportTest: ({ text }) => {
      parts.tests.report(run, text)
      return {}
    },
    FinishTests: (result) => {
      parts.tests.finish(run, result)
      return {}
    },
    ...testLogMethods(run, parts.logs),
    StartAbility: ({ want }, call) =>
      answeringHost(async () => {
        checkLive(run)
        await parts.control.start(want, { kind: 'host', run, signal: call.signal }, takeFds(call))
        return {}
      }),
    StopAbility: ({ want }, call) =>
      answeringHost(async () => {
        await parts.control.stop(want, { kind: 'host', run, signal: call.signal })
        return {}
      }),
    Log: ({ level, domain, tag, message }) => {
      parts.logs.addOf(run, { source: 'extension', level, domain, tag, message })
      return {}
    },
  })
}

/** @throws BusinessError 201 at a second Attach */
function attach(run: HostRun, report: { sandbox: string[]; missing: string[] }): void {
  if (run.stage.kind !== 'spawned') throw businessError(201, { reason: 'the host is attached already' })
  const { process, cgroup } = run.stage
  run.stage = { kind: 'attached', process, cgroup, report }
  run.attached.resolve(report)
}

/** @throws BusinessError 201 for a host whose sandbox is not up, or that is ending */
function checkLive(run: HostRun): void {
  if (run.stage.kind !== 'attached') throw businessError(201, { reason: 'the host is not attached' })
  if (run.ending.signal.aborted) throw businessError(201, { reason: 'the extension is being stopped' })
}

const onlyExtensions = 'this process runs no VPN extension'

/** A page has the sandbox of an extension, and no tunnel. @throws BusinessError 201 */
function checkExtension(run: HostRun): void {
  if (hostKind(run.target) !== 'extension') throw businessError(201, { reason: onlyExtensions })
}

function cutLines(lines: readonly string[]): string[] {
  return lines.slice(0, maxReportLines).map((line) => line.slice(0, maxReportLine))
}
