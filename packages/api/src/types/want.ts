/** A value that JSON can carry: what a Want's parameters are made of. */
export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue }

/** Names an ability and says what is wanted of it (API document, `Want`). Every member is optional. */
export interface Want {
  /** Bundle that holds the ability; must be the caller's own for VPN extensions. */
  bundleName?: string
  /** `name` of the ability in module.json5. */
  abilityName?: string
  moduleName?: string
  /** `''` or absent: this device. Others do not exist here. */
  deviceId?: string
  uri?: string
  type?: string
  /** Bit field; without effect here. */
  flags?: number
  action?: string
  entities?: string[]
  /**
   * Delivered to `onCreate`; may hold secrets, so it is never logged or written to disk. `{ type: 'FD', value: 7 }` in it hands the
   * descriptor 7 over; whoever gets the Want has one of the same open file in its place, under a number of its own.
   */
  parameters?: Record<string, JsonValue>
  /** In a Want that has arrived: the descriptors of `parameters` by their names. Whoever gets them closes them. What is given is not looked at. */
  readonly fds?: Readonly<Record<string, number>>
}
