/** An archive that is refused. The message is `<field>: <reason>`. */
export class InvalidBundle extends Error {
  override readonly name = 'InvalidBundle'
  /** Path inside the archive, e.g. `modules[0].abilities[2].script`; `archive` for the whole. */
  readonly field: string
  readonly reason: string

  constructor(field: string, reason: string, options?: ErrorOptions) {
    super(`${field}: ${reason}`, options)
    this.field = field
    this.reason = reason
  }
}
