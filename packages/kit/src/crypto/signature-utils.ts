import { objectParameter, parameterError } from '../parameters.ts'
import { provide } from '../provided.ts'
import { derTag, numberOf, readSequence, writeDer, writeInteger } from './der.ts'

/** `cryptoFramework.SignatureUtils`: signatures of elliptic curves (RFC 3279, 2.2.3) and their two numbers. */
export function signatureUtils(): object {
  return provide('cryptoFramework.SignatureUtils', {
    genEccSignatureSpec(data: unknown): { r: bigint; s: bigint } {
      if (!(data instanceof Uint8Array)) throw parameterError('data', 'is not a Uint8Array')
      const [r, s] = numbers(data)
      if (r === undefined || s === undefined) throw parameterError('data', 'is no signature of two numbers')
      return { r, s }
    },

    genEccSignature(spec: unknown): Uint8Array {
      const object = objectParameter(spec, 'spec')
      const parts = (['r', 's'] as const).map((name) => {
        const value: unknown = Reflect.get(object, name)
        if (typeof value !== 'bigint' || value < 0n)
          throw parameterError(`spec.${name}`, 'is not a bigint from 0 on')
        return writeInteger(value)
      })
      return new Uint8Array(writeDer(derTag.sequence, ...parts))
    },
  })
}

function numbers(data: Uint8Array): bigint[] {
  try {
    const parts = readSequence(Buffer.from(data))
    return parts.filter(({ tag }) => tag === derTag.integer).map(({ content }) => numberOf(content))
  } catch {
    return []
  }
}
