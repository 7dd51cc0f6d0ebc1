import type { Infer } from '@vpnext/varlink'
import type { LiveHost } from '../abilities/abilities.ts'
import type { hostInfo, status } from '../protocol/types.ts'
import { type TunnelEntry, describeTunnel } from '../tunnels/tunnel-entry.ts'

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
  tunnels: readonly TunnelEntry[],
  visibleTo: number | undefined,
): Status {
  const isVisible = (ownerUid: number): boolean => visibleTo === undefined || visibleTo === ownerUid
  return {
    ...facts,
    hosts: hosts.filter(({ run }) => isVisible(run.target.bundle.ownerUid)).map(describeHost),
    tunnels: tunnels
      .filter(({ run }) => isVisible(run.target.bundle.ownerUid))
      .flatMap((entry) => describeTunnel(entry) ?? []),
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

/** What service and host both miss, `name: reason`, is told once, in the words of the first. */
function withoutRepeats(missing: readonly string[]): string[] {
  const byName = new Map<string, string>()
  for (const line of missing) {
    const name = line.split(':', 1)[0] ?? line
    if (!byName.has(name)) byName.set(name, line)
  }
  return [...byName.values()]
}
