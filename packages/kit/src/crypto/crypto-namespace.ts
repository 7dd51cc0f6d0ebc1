import { provide } from '../provided.ts'
import { Cipher } from './cipher.ts'
import { Mac, Md } from './digests.ts'
import { Kdf } from './key-derivation.ts'
import { Random } from './random.ts'
import { SymKeyGenerator } from './sym-key.ts'

const results = {
  INVALID_PARAMS: 401,
  NOT_SUPPORT: 801,
  ERR_OUT_OF_MEMORY: 17620001,
  ERR_RUNTIME_ERROR: 17620002,
  ERR_CRYPTO_OPERATION: 17630001,
} as const

/** `cryptoFramework` of `@kit.CryptoArchitectureKit`: what needs no pairs of keys, by the OpenSSL of node. */
export function cryptoNamespace(): object {
  return provide('cryptoFramework', {
    createRandom: () => new Random(),
    createMd: (name: unknown) => new Md(name),
    createMac: (spec: unknown) => new Mac(spec),
    createSymKeyGenerator: (name: unknown) => new SymKeyGenerator(name),
    createCipher: (transformation: unknown) => new Cipher(transformation),
    createKdf: (name: unknown) => new Kdf(name),
    CryptoMode: provide('cryptoFramework.CryptoMode', { ENCRYPT_MODE: 0, DECRYPT_MODE: 1 }),
    Result: provide('cryptoFramework.Result', results),
  })
}
