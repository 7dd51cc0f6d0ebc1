/** How long and how often is measured. */
export interface Settings {
  /** `full` for figures to publish; `quick` for the time in between. */
  readonly mode: 'full' | 'quick'
  readonly rounds: number
  /** Rounds that are thrown away, for compilers and caches to settle. */
  readonly warmUp: number
  /** Of one TCP measurement; iperf3 knows only whole seconds. */
  readonly seconds: number
  /** Of the load that a tunnel is given before it is measured, a whole number. */
  readonly settleSeconds: number
  /** Of one attempt at a rate of datagrams, ms. */
  readonly attemptMs: number
  /** How close the highest rate is to be found. */
  readonly ratePrecision: number
  readonly pings: number
  /** For the growth of the heap. */
  readonly packets: number
  readonly idleMs: number
  /** Renewals of a session. In those of some seconds what a start takes cannot be told from growth. */
  readonly rekeys: number
}

export const fullSettings: Settings = {
  mode: 'full',
  rounds: 5,
  warmUp: 1,
  seconds: 2,
  settleSeconds: 3,
  attemptMs: 600,
  ratePrecision: 1.06,
  pings: 100,
  packets: 10_000_000,
  idleMs: 10_000,
  rekeys: 600,
}

export const quickSettings: Settings = {
  mode: 'quick',
  rounds: 2,
  warmUp: 0,
  seconds: 1,
  settleSeconds: 2,
  attemptMs: 250,
  ratePrecision: 1.15,
  pings: 50,
  packets: 1_000_000,
  idleMs: 3000,
  rekeys: 50,
}
