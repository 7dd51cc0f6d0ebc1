import { addressToBytes, parseAddress } from '@vpnext/ip'
import { Endpoint } from '@vpnext/packet'
import type { PlainQuestion } from './engine-messages.ts'

/** Where a peer is that asked us, and where it did, for the other thread. @param endpoint with an address of ours */
export function questionOf({ address, localAddress = '', port, scope }: Endpoint): PlainQuestion {
  return { address, port, scope, local: localAddress }
}

/** The same as {@link questionOf} was given. */
export function askedEndpoint({ address, local, port, scope }: PlainQuestion): Endpoint {
  return Endpoint.fromBytes(bytesOf(address), port, scope, bytesOf(local))
}

function bytesOf(text: string): Uint8Array {
  const address = parseAddress(text)
  if (address === undefined) throw new TypeError(`${text} is no address`)
  return addressToBytes(address)
}
