/** What must come of a config. */
export type Outcome = 'ok' | { code: 401 | 2200001; field: string }

/** One row of the device's behaviour (oracle 1.5.1) with our decision. */
export interface Vector {
  readonly name: string
  readonly config: unknown
  readonly expected: Outcome
  /** What the device does, only where we decided otherwise; see docs/compatibility.md. */
  readonly device?: string
}

/** Refused as a parameter error. */
export const no = (field: string): Outcome => ({ code: 401, field })

/** Refused as a value outside our rules. */
export const out = (field: string): Outcome => ({ code: 2200001, field })
