import type { Measurement } from '../packet-row.ts'
import { idle, memory } from './memory.ts'
import { peers } from './peers.ts'
import { rekeys } from './rekeys.ts'
import { relays } from './relay.ts'
import { roundTrip } from './round-trip.ts'
import { tcpRows } from './tcp.ts'
import { udpRows } from './udp.ts'

/** In the order of the table. */
export const measurements: readonly Measurement[] = [
  ...tcpRows,
  ...udpRows,
  roundTrip,
  relays,
  memory,
  idle,
  peers,
  rekeys,
]
