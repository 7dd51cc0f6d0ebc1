import { generatePrivateKey, publicKeyOf } from '@vpnext/wireguard'

/** Keys made for this run, in base64; they reach nobody else. */
export interface TunnelKeys {
  readonly privateKey: string
  readonly publicKey: string
}

export function generateKeys(): TunnelKeys {
  using key = generatePrivateKey()
  return { privateKey: key.reveal(), publicKey: publicKeyOf(key) }
}

/** As wireguard-go's control protocol wants it. */
export function toHex(key: string): string {
  return Buffer.from(key, 'base64').toString('hex')
}
