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
  /** Delivered to `onCreate`; may hold secrets, so it is never logged or written to disk. */
  parameters?: Record<string, JsonValue>
}
