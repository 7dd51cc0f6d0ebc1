/** The error code that `action` fails with. @throws Error when it does not fail */
export function errorCode(action: () => unknown): string {
  try {
    action()
  } catch (error) {
    if (error instanceof Error && 'code' in error) return String(error.code)
    throw error
  }
  throw new Error('expected a failure')
}
