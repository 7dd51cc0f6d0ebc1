import type { MeasuredRow } from '../row.ts'
import { commonEvent } from './common-event.ts'
import { createDestroyLarge } from './create-destroy-large.ts'
import { createToFd } from './create-to-fd.ts'
import { idle } from './idle.ts'
import { nativePlane } from './native-plane.ts'
import { installCold, installWarm } from './install-project.ts'
import { manyHosts } from './many-hosts.ts'
import { protect } from './protect.ts'
import { startStopCycles } from './start-stop-cycles.ts'
import { startToPacket } from './start-to-packet.ts'

/** In the order of the table. */
export const rows: readonly MeasuredRow[] = [
  createToFd,
  createDestroyLarge,
  protect,
  commonEvent,
  startToPacket,
  startStopCycles,
  nativePlane,
  installCold,
  installWarm,
  idle,
  manyHosts,
]
