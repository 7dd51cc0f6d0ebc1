import { generatePrivateKey, publicKeyOf, type SecretKey } from '../src/index.ts'
import type { EndOptions } from './tunnel-end.ts'
import { type SideName, TwoNetworks } from './two-networks.ts'

/** Two networks and a key for each: the left one asks, the right one waits. */
export class Tunnel implements AsyncDisposable {
  readonly networks: TwoNetworks = new TwoNetworks()
  readonly #keys: Readonly<Record<SideName, SecretKey>> = {
    left: generatePrivateKey(),
    right: generatePrivateKey(),
  }

  /** What an end of it is started with. */
  end(side: SideName): EndOptions {
    const far = side === 'left' ? 'right' : 'left'
    return { networks: this.networks, side, key: this.#keys[side], peerKey: publicKeyOf(this.#keys[far]) }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.networks[Symbol.asyncDispose]()
  }
}
