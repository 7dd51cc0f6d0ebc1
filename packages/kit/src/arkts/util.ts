import { randomUUID } from 'node:crypto'
import { format, getSystemErrorMap, types } from 'node:util'

import { businessError } from '@vpnext/api'

import {
  type AnyFunction,
  functionParameter,
  integerParameter,
  objectParameter,
  textParameter,
} from '../parameters.ts'
import { provide } from '../provided.ts'
import { unreadableText } from './arkts-error.ts'
import { Aspect } from './aspect.ts'
import { AutoFinalizer, autoFinalizerCleaner } from './auto-finalizer.ts'
import { Base64Helper, base64Type } from './base64-helper.ts'
import { LruCache } from './lru-cache.ts'
import { RationalNumber } from './rational-number.ts'
import { ScopeHelper } from './scope-helper.ts'
import { StringDecoder, TextDecoder, TextEncoder } from './text-coding.ts'

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** `util.types`: node's, which are the same questions. */
class UtilTypes {
  static {
    for (const [name, question] of Object.entries(types)) {
      Object.defineProperty(this.prototype, name, { value: question, enumerable: true })
    }
    Object.defineProperty(this.prototype, 'isBuffer', {
      value: (value: unknown) => Buffer.isBuffer(value),
      enumerable: true,
    })
  }
}

/** `util` of `@kit.ArkTS`. */
export function utilNamespace(): object {
  let hashes = 0
  const hashOf = new WeakMap<object, number>()
  return provide('util', {
    TextEncoder,
    TextDecoder,
    StringDecoder,
    Base64Helper,
    Base64: Base64Helper,
    Type: provide('util.Type', base64Type),
    LRUCache: LruCache,
    LruBuffer: LruCache,
    RationalNumber,
    ScopeHelper,
    Scope: ScopeHelper,
    Aspect,
    AutoFinalizer,
    AutoFinalizerCleaner: autoFinalizerCleaner(),
    getMainThreadStackTrace: () => new Error('stack').stack?.split('\n').slice(2).join('\n') ?? '',
    types: UtilTypes,
    format: (text: unknown, ...args: unknown[]) => format(textParameter(text, 'format'), ...args),
    printf: (text: unknown, ...args: unknown[]) => format(textParameter(text, 'format'), ...args),
    errnoToString,
    promisify,
    /** Names of API 7. */
    getErrorString: errnoToString,
    promiseWrapper: promisify,
    callbackWrapper,
    generateRandomUUID: (_entropyCache?: unknown) => randomUUID(),
    generateRandomBinaryUUID: (_entropyCache?: unknown) =>
      new Uint8Array(Buffer.from(randomUUID().replaceAll('-', ''), 'hex')),
    parseUUID: (text: unknown) => {
      const uuid = textParameter(text, 'uuid')
      if (!uuidPattern.test(uuid)) throw unreadableText('uuid', 'uuid')
      return new Uint8Array(Buffer.from(uuid.replaceAll('-', ''), 'hex'))
    },
    /** The same number for the same object, and one that no other object of the process has. */
    getHash: (value: unknown) => {
      const object = objectParameter(value, 'object')
      const known = hashOf.get(object) ?? ++hashes
      hashOf.set(object, known)
      return known
    },
  })
}

function errnoToString(errno: unknown): string {
  const number = integerParameter(errno, 'errno')
  return getSystemErrorMap().get(-Math.abs(number))?.[1] ?? `Unknown system error ${number}`
}

/** Makes of a function with a trailing callback one that gives a promise. */
function promisify(original: unknown): AnyFunction {
  const call = functionParameter(original, 'original')
  return function (this: unknown, ...args: unknown[]) {
    return new Promise((resolve, reject) => {
      Reflect.apply(call, this, [
        ...args,
        (error: unknown, value: unknown) => {
          if (error !== undefined && error !== null) reject(error instanceof Error ? error : wrapped(error))
          else resolve(value)
        },
      ])
    })
  }
}

/** Makes of an async function one with a trailing callback. */
function callbackWrapper(original: unknown): AnyFunction {
  const call = functionParameter(original, 'original')
  return function (this: unknown, ...args: unknown[]) {
    const callback = functionParameter(args.pop(), 'callback')
    void report(Reflect.apply(call, this, args), callback)
  }
}

async function report(outcome: unknown, callback: AnyFunction): Promise<void> {
  let value: unknown
  try {
    value = await outcome
  } catch (error) {
    callback(error)
    return
  }
  callback(undefined, value)
}

function wrapped(cause: unknown): Error {
  return businessError(401, { field: 'error', reason: String(cause) }, { cause })
}
