import type { Measurement } from '../packet-row.ts'
import { relays } from './relay.ts'
import { roundTrip } from './round-trip.ts'
import { tcpRows } from './tcp.ts'
import { udpRows } from './udp.ts'

/** In the order of the table. */
export const measurements: readonly Measurement[] = [...tcpRows, ...udpRows, roundTrip, relays]
