/** What the end with many peers behind one socket is told. */
export interface CrowdConfig {
  /** Name of the TUN device that it makes. */
  readonly device: string
  readonly port: number
  /** Each is a peer of its own to the hub; the n-th has the inner addresses whose last byte leaves n when divided. */
  readonly privateKeys: readonly string[]
  readonly hub: { readonly publicKey: string; readonly address: string; readonly port: number }
  readonly mtu: number
}
