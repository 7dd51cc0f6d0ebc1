import type { Handlers, MethodName } from '@vpnext/varlink'
import type { Abilities } from '../abilities/abilities.ts'
import type { AbilityControl } from '../abilities/ability-control.ts'
import type { Applications } from '../applications/applications.ts'
import type { AlwaysOn } from '../always-on/always-on.ts'
import type { AuditLog } from '../audit/audit-log.ts'
import type { BundleStore } from '../bundles/bundle-store.ts'
import type { ConsentDesk } from '../consent/consent-desk.ts'
import type { ConsentStore } from '../consent/consent-store.ts'
import type { Consents } from '../consent/consents.ts'
import type { CommonEvents } from '../events/common-events.ts'
import type { HostPlaces } from '../hosts/host-places.ts'
import type { HostUids } from '../identity/host-uids.ts'
import type { GroupRules } from '../identity/standing.ts'
import type { SpareHost } from '../hosts/spare-host.ts'
import type { LogBook } from '../logs/log-book.ts'
import type { Policy } from '../policy/policy.ts'
import type { publicInterface } from '../protocol/public-interface.ts'
import type { ChangeBell } from '../status/change-bell.ts'
import type { ServiceFacts } from '../status/describe-status.ts'
import type { TestRuns } from '../test-runs/test-runs.ts'
import type { Tunnels } from '../tunnels/tunnels.ts'

/** The parts of a running service that the public methods use. */
export interface PublicParts {
  readonly rules: GroupRules
  readonly facts: ServiceFacts
  readonly dataRoot: string
  readonly bundles: BundleStore
  readonly events: CommonEvents
  readonly consents: ConsentStore
  readonly decisions: Consents
  readonly desk: ConsentDesk
  readonly uids: HostUids
  readonly places: HostPlaces
  readonly abilities: Abilities
  readonly spare: Pick<SpareHost, 'discard'>
  readonly alwaysOn: AlwaysOn
  readonly control: AbilityControl
  readonly tests: TestRuns
  readonly policy: Policy
  readonly tunnels: Tunnels
  readonly logs: LogBook
  readonly audit: AuditLog
  readonly bell: ChangeBell
  readonly applications: Applications
}

/** Some of the public methods. */
export type Methods<M extends MethodName<typeof publicInterface>> = Pick<Handlers<typeof publicInterface>, M>
