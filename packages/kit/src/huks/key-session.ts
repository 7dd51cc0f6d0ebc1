/** What is done with a key from `initSession` to `finishSession`. Whatever it throws ends it. */
export interface KeySession {
  update(data: Uint8Array): Uint8Array
  /** @throws Error of OpenSSL, BusinessError */
  finish(data: Uint8Array): Uint8Array
  /** For what `finish` gives when that is a key, which may be kept: the flag that says where it is from. */
  readonly gives?: number
}
