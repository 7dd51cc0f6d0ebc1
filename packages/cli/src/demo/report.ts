/** One claim of the demo and what was seen. */
export interface DemoCheck {
  readonly id: string
  readonly claim: string
  readonly ok: boolean
  /** What was really seen, in words, whether it fits the claim or not. */
  readonly seen: string
}

/** The tunnel as the kernel has it, one line each. */
export interface KernelView {
  readonly interfaces: readonly string[]
  readonly addresses: readonly string[]
  readonly rules: readonly string[]
  readonly routes: readonly string[]
  /** Chains and rules of the guard. */
  readonly guard: readonly string[]
  readonly resolvConf: readonly string[]
}

/** What `vpnext demo --json` prints. */
export interface DemoReport {
  readonly ok: boolean
  readonly project: string
  readonly bundleName: string
  /** `root`, or `user namespace`: an ordinary user's own. */
  readonly privilege: 'root' | 'user namespace'
  /** What the kernel refused here, with the reason. */
  readonly refused: readonly string[]
  readonly sandbox: readonly string[]
  readonly kernel: KernelView
  readonly checks: readonly DemoCheck[]
  /** IP packets inside the tunnel, as the gateway counted them; absent when the project uses a server of its own. */
  readonly gateway?: { readonly fromClients: FamilyPackets; readonly toClients: FamilyPackets }
  /** What differs from before once all is stopped. */
  readonly leftBehind: readonly string[]
}

export interface FamilyPackets {
  readonly v4: number
  readonly v6: number
}
