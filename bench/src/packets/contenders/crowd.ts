import { type Contender, portOf, tunnelMtu, waitFor } from '../contender.ts'
import { EndProcess, tunnelOf } from '../end-process.ts'
import type { CrowdConfig } from '../ends/crowd-config.ts'
import { addressesOf } from '../link.ts'
import { generateKeys } from '../tunnel-keys.ts'
import { settingsText } from './vpnext.ts'

/** How many inner addresses end b has, and so how many TCP streams there are. */
export const crowdSize = 100

/** The n-th inner address of end b. @param slot of the contender */
export function crowdAddress(slot: number, index: number): string {
  return addressesOf(slot).b.v4.replace(/\d+\.\d+$/, `1.${index}`)
}

/**
 * Our engine at end a as a hub; at end b as many active peers as `active` says, in one thread. The inner addresses and the
 * streams are the same however many peers they are spread over.
 *
 * @param peers how many the hub has, those included that are not there
 */
export function crowd(name: string, device: string, peers: number, active: number): Contender {
  return {
    name,
    async open(link, slot) {
      const hub = generateKeys()
      const all = Array.from({ length: peers }, generateKeys)
      const settings = settingsText(
        hub,
        portOf(slot),
        all.map(({ publicKey }, index) => ({ publicKey, allowedIps: allowedIps(slot, index, active) })),
      )
      const a = await EndProcess.start(link.a, new URL('../ends/vpnext-end.js', import.meta.url), {
        device: `${device}-a`,
        settings,
      })
      const config: CrowdConfig = {
        device: `${device}-b`,
        port: portOf(slot),
        privateKeys: all.slice(0, active).map(({ privateKey }) => privateKey),
        hub: { publicKey: hub.publicKey, address: link.addresses.a.v4, port: portOf(slot) },
        mtu: tunnelMtu,
      }
      const b = await EndProcess.start(link.b, new URL('../ends/crowd-end.js', import.meta.url), config)
      const addresses = addressesOf(slot)
      link.configure(device, addresses, tunnelMtu)
      link.addAddresses(
        'b',
        `${device}-b`,
        Array.from({ length: crowdSize }, (_, n) => crowdAddress(slot, n)),
      )
      link.addRoute('a', `${device}-a`, crowdAddress(slot, 0).replace(/\d+$/, '0/24'))
      await waitFor('sessions of all peers', async () => Number(await b.ask('sessions')) >= active)
      return tunnelOf([a, b], addresses)
    },
  }
}

/** Of active peers, their share of the addresses; of the others, one that nobody has. */
function allowedIps(slot: number, index: number, active: number): string[] {
  if (index >= active) return [`10.${200 + slot}.${index >> 8}.${index & 255}/32`]
  const own = Array.from({ length: crowdSize }, (_, n) => n).filter((n) => n % active === index)
  return own.map((n) => `${crowdAddress(slot, n)}/32`)
}
