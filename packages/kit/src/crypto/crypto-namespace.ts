import { provide } from '../provided.ts'
import { AsyKeyGenerator } from './asy-key-generator.ts'
import { AsyKeyGeneratorBySpec, asyKeySpecType } from './asy-key-spec.ts'
import { Cipher } from './cipher.ts'
import { Mac, Md } from './digests.ts'
import { eccKeyUtil } from './ecc-key-util.ts'
import { KeyAgreement } from './key-agreement.ts'
import { Kdf } from './key-derivation.ts'
import { asyKeySpecItem } from './key-items.ts'
import { Random } from './random.ts'
import { RsaCipher } from './rsa-cipher.ts'
import { signSpecItem } from './signature-way.ts'
import { signatureUtils } from './signature-utils.ts'
import { Sign, Verify } from './signatures.ts'
import { SymKeyGenerator } from './sym-key.ts'

const results = {
  INVALID_PARAMS: 401,
  NOT_SUPPORT: 801,
  ERR_OUT_OF_MEMORY: 17620001,
  ERR_RUNTIME_ERROR: 17620002,
  ERR_PARAMETER_CHECK_FAILED: 17620003,
  ERR_INVALID_CALL: 17620004,
  ERR_CRYPTO_OPERATION: 17630001,
} as const

/** `cryptoFramework` of `@kit.CryptoArchitectureKit`: by the OpenSSL of node. */
export function cryptoNamespace(): object {
  return provide('cryptoFramework', {
    createRandom: () => new Random(),
    createMd: (name: unknown) => new Md(name),
    createMac: (spec: unknown) => new Mac(spec),
    createSymKeyGenerator: (name: unknown) => new SymKeyGenerator(name),
    createCipher: (transformation: unknown) =>
      typeof transformation === 'string' && transformation.startsWith('RSA')
        ? new RsaCipher(transformation)
        : new Cipher(transformation),
    createKdf: (name: unknown) => new Kdf(name),
    createAsyKeyGenerator: (name: unknown) => new AsyKeyGenerator(name),
    createAsyKeyGeneratorBySpec: (spec: unknown) => new AsyKeyGeneratorBySpec(spec),
    createKeyAgreement: (name: unknown) => new KeyAgreement(name),
    createSign: (name: unknown) => new Sign(name),
    createVerify: (name: unknown) => new Verify(name),
    ECCKeyUtil: eccKeyUtil(),
    SignatureUtils: signatureUtils(),
    AsyKeySpecItem: provide('cryptoFramework.AsyKeySpecItem', asyKeySpecItem),
    AsyKeySpecType: provide('cryptoFramework.AsyKeySpecType', asyKeySpecType),
    SignSpecItem: provide('cryptoFramework.SignSpecItem', signSpecItem),
    CryptoMode: provide('cryptoFramework.CryptoMode', { ENCRYPT_MODE: 0, DECRYPT_MODE: 1 }),
    Result: provide('cryptoFramework.Result', results),
  })
}
