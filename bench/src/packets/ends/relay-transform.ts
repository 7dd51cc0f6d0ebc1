import type { PumpContext, Transform } from '@vpnext/packet'

/** The pump's transform of a relay: packets pass as they are. */
export default function create({ arena, tun, udp }: PumpContext): Transform {
  return {
    fromTun(batch) {
      while (batch.next()) {
        arena.copySum(udp.reserve(batch.length), batch.offset, batch.length)
        udp.commit(batch.length)
      }
    },
    fromUdp(batch) {
      while (batch.next()) tun.write(batch.offset, batch.length)
    },
  }
}
