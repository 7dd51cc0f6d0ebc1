import { isBusinessError } from '../src/index.ts'

/** Runs `check` and tells code and field of its BusinessError; `undefined` when it passes. Other errors go through. */
export function failureOf(check: () => unknown): { code: number; field: string | undefined } | undefined {
  try {
    check()
    return undefined
  } catch (error) {
    if (!isBusinessError(error)) throw error
    return { code: error.code, field: error.data?.field }
  }
}
