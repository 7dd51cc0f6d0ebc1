import type { ApiCall } from './api-call.ts'
import { type ErrorCode, errorMessage, isErrorCode } from './error-registry.ts'

/** What more there is to say about an error. Never a secret: these texts reach logs and other processes. */
export interface ErrorDetail {
  /** Exact path of the offending value, for example `config.routes[17].destination.prefixLength`. */
  field?: string
  /** What is wrong with it. */
  reason?: string
  /** What to do about it. */
  hint?: string
}

/** Options of {@link businessError}. */
export interface BusinessErrorOptions {
  /** The call that fails; start and stop have a text of their own for 401. */
  call?: ApiCall
  /** The error behind this one; not enumerable, so it stays in the process. */
  cause?: unknown
}

/**
 * The error every call fails with (API document of the basic services, `BusinessError`). `code`, `message` and `data` are
 * own and enumerable, so `JSON.stringify(error)` tells all three.
 */
export class BusinessError<T = ErrorDetail> extends Error {
  /** Error code as a number; equal to its text under `==`, as programs compare on the device. */
  readonly code: number
  declare readonly data?: T

  constructor(code: number, message: string, data?: T, options?: ErrorOptions) {
    super(message, options)
    this.code = code
    Object.defineProperty(this, 'message', {
      value: message,
      enumerable: true,
      writable: true,
      configurable: true,
    })
    if (data !== undefined) {
      Object.defineProperty(this, 'data', {
        value: data,
        enumerable: true,
        writable: true,
        configurable: true,
      })
    }
  }

  static {
    // On the prototype, as the names of JavaScript's own errors: not part of the JSON.
    Object.defineProperty(this.prototype, 'name', {
      value: 'BusinessError',
      writable: true,
      configurable: true,
    })
  }
}

/**
 * Makes the error for a code, with the document's text.
 *
 * @param code a registered code
 * @param detail field, reason and hint; left out of the JSON when none is given
 */
export function businessError(
  code: ErrorCode,
  detail?: ErrorDetail,
  options: BusinessErrorOptions = {},
): BusinessError {
  const message = errorMessage(code, options.call)
  const cause = 'cause' in options ? { cause: options.cause } : undefined
  return new BusinessError(code, message, detail, cause)
}

/** True for an error with a registered numeric code, whichever copy of this package made it. */
export function isBusinessError(value: unknown): value is BusinessError {
  return (
    value instanceof Error && value.name === 'BusinessError' && 'code' in value && isErrorCode(value.code)
  )
}
