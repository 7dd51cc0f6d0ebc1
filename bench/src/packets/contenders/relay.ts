import { type Contender, portOf, tunnelMtu } from '../contender.ts'
import { EndProcess, tunnelOf } from '../end-process.ts'
import type { RelayConfig } from '../ends/relay-config.ts'
import { addressesOf } from '../link.ts'

/** An extension that passes packets on as they are, at both ends. */
function relay(name: string, program: string, device: string, offload: boolean): Contender {
  return {
    name,
    async open(link, slot) {
      const ends: EndProcess[] = []
      for (const [end, other] of [
        ['a', 'b'],
        ['b', 'a'],
      ] as const) {
        const endpoint = (of: 'a' | 'b'): RelayConfig['own'] => ({
          address: link.addresses[of].v4,
          port: portOf(slot),
        })
        const config = { device: `${device}-${end}`, offload, own: endpoint(end), peer: endpoint(other) }
        ends.push(
          await EndProcess.start(link[end], new URL(`../ends/${program}.js`, import.meta.url), config),
        )
      }
      const addresses = addressesOf(slot)
      link.configure(device, addresses, tunnelMtu)
      return tunnelOf(ends, addresses)
    },
  }
}

export const naive: Contender = relay('naive: `fs.read` and `dgram`', 'naive-end', 'naive', false)
export const iterator: Contender = relay('iterator, offload', 'iterator-end', 'iter', true)
export const plainIterator: Contender = relay('iterator, plain descriptor', 'iterator-end', 'iterp', false)
export const pump: Contender = relay('pump, offload', 'pump-end', 'pump', true)
export const plainPump: Contender = relay('pump, plain descriptor', 'pump-end', 'pumpp', false)
