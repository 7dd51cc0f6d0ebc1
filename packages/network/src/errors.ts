import { errorText } from '@vpnext/native'
/** What the request asks for cannot be done on this machine or in this version. Nothing was changed. */
export class UnsupportedError extends Error {
  override readonly name = 'UnsupportedError'
  /** The part of the request, e.g. `config.dnsServers`. */
  readonly field: string
  /** Why, without the field. */
  readonly reason: string

  constructor(field: string, reason: string) {
    super(`${field}: ${reason}`)
    this.field = field
    this.reason = reason
  }
}

/** Something that is not ours has the name or number that the tunnel needs. Nothing was changed. */
export class OccupiedError extends Error {
  override readonly name = 'OccupiedError'
  /** What is taken, e.g. `interface vpn-tun`. */
  readonly what: string

  constructor(what: string, by: string) {
    super(`${what}: is taken by ${by}`)
    this.what = what
  }
}

/**
 * A step of `create` failed and everything before it was undone. `cause` is the reason, mostly a `SystemError`.
 */
export class TunnelError extends Error {
  override readonly name = 'TunnelError'
  /** The step that failed, see {@link PlanStep.id}; `journal` when the journal could not be written. */
  readonly stepId: string
  /** What could not be undone; empty after a full roll-back. The journal is kept for `repair` when it is not. */
  readonly rollbackFailures: readonly string[]

  constructor(stepId: string, cause: unknown, rollbackFailures: readonly string[] = []) {
    const rest = rollbackFailures.length === 0 ? '' : `; not undone: ${rollbackFailures.join('; ')}`
    super(`${stepId}: ${errorText(cause)}${rest}`, { cause })
    this.stepId = stepId
    this.rollbackFailures = rollbackFailures
  }
}

/** The journal directory or a file in it is not what it must be. */
export class JournalError extends Error {
  override readonly name = 'JournalError'
  readonly path: string

  constructor(path: string, reason: string, options?: { cause?: unknown }) {
    super(`${path}: ${reason}`, options)
    this.path = path
  }
}
