/** `SkipError` of the framework: a case that throws it is ignored, and the message is why. */
export class SkipError extends Error {
  override readonly name = 'SkipError'
}
