/**
 * An error as another thread can see it: of a `DOMException`, such as `DataCloneError`, node passes on an empty object.
 *
 * @returns what was thrown, where that can be passed on
 */
export function shownError(error: unknown): unknown {
  if (!(error instanceof DOMException)) return error
  const shown = new Error(`${error.name}: ${error.message}`)
  if (error.stack !== undefined) shown.stack = error.stack
  return shown
}
