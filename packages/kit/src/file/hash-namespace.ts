import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'

import { asyncForm } from '../call-forms.ts'
import { provide } from '../provided.ts'
import { bytesArgument, pathArgument } from './arguments.ts'
import { asFileError, invalidArgument } from './file-error.ts'

const algorithms: readonly unknown[] = ['md5', 'sha1', 'sha256']

/** `hash` of `@kit.CoreFileKit`. Results are hexadecimal, in capitals. */
export function hashNamespace(): object {
  return provide('hash', {
    /** `hash(path, algorithm)` of a file. */
    hash: asyncForm(
      ([path, algorithm]) => ({ path: pathArgument(path), algorithm: algorithmArgument(algorithm) }),
      async ({ path, algorithm }) => {
        const hash = createHash(algorithm)
        try {
          for await (const chunk of createReadStream(path)) hash.update(chunk)
        } catch (error) {
          throw asFileError(error)
        }
        return hash.digest('hex').toUpperCase()
      },
    ),
    createHash: (algorithm: unknown) => new HashStream(algorithmArgument(algorithm)),
  })
}

/** `hash.HashStream`. */
class HashStream {
  readonly #hash: ReturnType<typeof createHash>

  constructor(algorithm: string) {
    this.#hash = createHash(algorithm)
  }
  update(data: unknown): void {
    this.#hash.update(bytesArgument(data, 'data'))
  }
  digest(): string {
    return this.#hash.digest('hex').toUpperCase()
  }
}

function algorithmArgument(value: unknown): string {
  if (typeof value === 'string' && algorithms.includes(value)) return value
  throw invalidArgument('algorithm', `is none of ${algorithms.join(', ')}`)
}
