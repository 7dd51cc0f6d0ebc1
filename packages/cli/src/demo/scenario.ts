import type { Capture, Lab } from '@vpnext/lab'
import type { tunnelInfo } from '@vpnext/service/protocol'
import type { Infer } from '@vpnext/varlink'
import type { DemoCheck, DemoReport } from './report.ts'
import type { Session } from './session.ts'
import type { Teller } from './tell.ts'

/** Where a demo takes place, once the lab and the service are up. */
export interface Stage {
  readonly lab: Lab
  readonly session: Session
  readonly tell: Teller
  /** Of the client's uplink, at the router, from before anything was sent. */
  readonly uplink: Capture
  /** For files of the demo, closed to others. */
  readonly folder: string
  /** Consent without being asked. */
  readonly yes: boolean
  readonly signal: AbortSignal
}

/** What is shown of one bundle. Disposing it ends what it has in the lab. */
export interface Scenario extends AsyncDisposable {
  /** Makes what the bundle talks to, if the lab has it not. */
  prepare(stage: Stage): Promise<void>
  bringUp(stage: Stage): Promise<void>
  /** Sends packets and looks where they appear. */
  check(stage: Stage, tunnel: Infer<typeof tunnelInfo>): Promise<DemoCheck[]>
  /** IP packets inside the tunnel, counted at its other end; undefined when that is somebody else's. */
  countAtGateway(stage: Stage): DemoReport['gateway']
  takeDown(stage: Stage): Promise<void>
}
