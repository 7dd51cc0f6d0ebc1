/** What each end of a relay is told. */
export interface RelayConfig {
  /** Name of the TUN device that it makes. */
  readonly device: string
  /** Whether the device has virtio-net headers, so that long packets pass at once. */
  readonly offload: boolean
  readonly own: { readonly address: string; readonly port: number }
  readonly peer: { readonly address: string; readonly port: number }
}

/** @throws TypeError for anything else */
export function readRelayConfig(value: unknown): RelayConfig {
  if (typeof value !== 'object' || value === null || !('device' in value))
    throw new TypeError('no configuration')
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by the bench itself, in contenders/relay.ts
  return value as RelayConfig
}
