import type { Infer } from '@vpnext/varlink'
import type { LiveHost } from '../abilities/abilities.ts'
import { type UnaskedEnd, textOf } from '../abilities/ability.ts'
import type { endInfo, hostInfo, status } from '../protocol/types.ts'
import { type TunnelEntry, describeTunnel } from '../tunnels/tunnel-entry.ts'
import { type ClosedParts, whyClosed } from '../tunnels/why-closed.ts'

export type Status = Infer<typeof status>

/** What of the service itself the status shows. */
export type ServiceFacts = Pick<Status, 'instance' | 'version' | 'pid' | 'startedAt' | 'rootless'>

/**
 * The status as one caller may see it.
 *
 * @param visibleTo only what belongs to this uid; undefined: everything
 */
export function describeStatus(
  facts: ServiceFacts,
  hosts: readonly LiveHost[],
  ended: readonly UnaskedEnd[],
  tunnels: readonly TunnelEntry[],
  why: ClosedParts,
  visibleTo: number | undefined,
): Status {
  const isVisible = (ownerUid: number): boolean => visibleTo === undefined || visibleTo === ownerUid
  return {
    ...facts,
    hosts: hosts.filter(({ run }) => isVisible(run.target.bundle.ownerUid)).map(describeHost),
    ended: ended.filter(({ run }) => isVisible(run.target.bundle.ownerUid)).map(describeEnd),
    tunnels: tunnels
      .filter(({ run }) => isVisible(run.target.bundle.ownerUid))
      .flatMap((entry) => describeTunnel(entry, whyClosed(entry, why)) ?? []),
  }
}

function describeHost({ state, run }: LiveHost): Infer<typeof hostInfo> {
  const report = run.stage.kind === 'attached' ? run.stage.report : { sandbox: [], missing: [] }
  return {
    bundleName: run.target.bundle.bundleName,
    abilityName: run.target.ability.name,
    ownerUid: run.target.bundle.ownerUid,
    hostUid: run.hostUid,
    pid: run.process?.pid ?? 0,
    state,
    startedAt: run.startedAt,
    sandbox: [...report.sandbox],
    missing: withoutRepeats([...run.missing, ...report.missing]),
  }
}

/** Longest text of an extension that the status repeats, in UTF-16 units. */
const maxWords = 1024

function describeEnd({ run, reason, at }: UnaskedEnd): Infer<typeof endInfo> {
  const signal = reason.kind === 'exited' ? /^signal (\w+)$/.exec(reason.how)?.[1] : undefined
  return {
    bundleName: run.target.bundle.bundleName,
    abilityName: run.target.ability.name,
    ownerUid: run.target.bundle.ownerUid,
    endedAt: at,
    reason: textOf(reason).slice(0, maxWords),
    ...(signal !== undefined && { signal }),
    ...(run.crash !== undefined && { crash: run.crash.slice(0, maxWords) }),
  }
}

/** What service and host both miss, `name: reason`, is told once, in the words of the first. */
function withoutRepeats(missing: readonly string[]): string[] {
  const byName = new Map<string, string>()
  for (const line of missing) {
    const name = line.split(':', 1)[0] ?? line
    if (!byName.has(name)) byName.set(name, line)
  }
  return [...byName.values()]
}
