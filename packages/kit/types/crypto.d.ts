/* oxlint-disable typescript/no-explicit-any, typescript/no-wrapper-object-types, typescript/no-unsafe-function-type, typescript/no-empty-object-type -- as HarmonyOS declares them, so that code typed against its SDK compiles */

declare module '@ohos.security.cryptoFramework' {
  import type { AsyncCallback } from '@ohos.base'

  /** What needs no pairs of keys. Errors of OpenSSL are 17630001, an unknown algorithm 801. */
  namespace cryptoFramework {
    interface DataBlob {
      data: Uint8Array
    }
    enum Result {
      INVALID_PARAMS = 401,
      NOT_SUPPORT = 801,
      ERR_OUT_OF_MEMORY = 17620001,
      ERR_RUNTIME_ERROR = 17620002,
      ERR_CRYPTO_OPERATION = 17630001,
    }
    enum CryptoMode {
      ENCRYPT_MODE = 0,
      DECRYPT_MODE = 1,
    }
    interface ParamsSpec {
      algName: string
    }
    interface IvParamsSpec extends ParamsSpec {
      iv: DataBlob
    }
    interface GcmParamsSpec extends ParamsSpec {
      iv: DataBlob
      aad: DataBlob
      /** 16 bytes; only to decrypt. `doFinal` of what encrypts ends with it. */
      authTag: DataBlob
    }
    interface Key {
      getEncoded(): DataBlob
      readonly format: string
      readonly algName: string
    }
    interface SymKey extends Key {
      clearMem(): void
    }
    interface SymKeyGenerator {
      generateSymKey(callback: AsyncCallback<SymKey>): void
      generateSymKey(): Promise<SymKey>
      generateSymKeySync(): SymKey
      convertKey(key: DataBlob, callback: AsyncCallback<SymKey>): void
      convertKey(key: DataBlob): Promise<SymKey>
      convertKeySync(key: DataBlob): SymKey
      readonly algName: string
    }
    interface Random {
      generateRandom(len: number, callback: AsyncCallback<DataBlob>): void
      generateRandom(len: number): Promise<DataBlob>
      generateRandomSync(len: number): DataBlob
      /** Without effect: the kernel's randomness needs none. */
      setSeed(seed: DataBlob): void
      readonly algName: string
    }
    interface Md {
      update(input: DataBlob, callback: AsyncCallback<void>): void
      update(input: DataBlob): Promise<void>
      updateSync(input: DataBlob): void
      digest(callback: AsyncCallback<DataBlob>): void
      digest(): Promise<DataBlob>
      digestSync(): DataBlob
      getMdLength(): number
      readonly algName: string
    }
    interface MacSpec {
      algName: string
    }
    interface HmacSpec extends MacSpec {
      mdName: string
    }
    interface Mac {
      init(key: SymKey, callback: AsyncCallback<void>): void
      init(key: SymKey): Promise<void>
      initSync(key: SymKey): void
      update(input: DataBlob, callback: AsyncCallback<void>): void
      update(input: DataBlob): Promise<void>
      updateSync(input: DataBlob): void
      doFinal(callback: AsyncCallback<DataBlob>): void
      doFinal(): Promise<DataBlob>
      doFinalSync(): DataBlob
      getMacLength(): number
      readonly algName: string
    }
    interface Cipher {
      init(opMode: CryptoMode, key: Key, params: ParamsSpec | null, callback: AsyncCallback<void>): void
      init(opMode: CryptoMode, key: Key, params: ParamsSpec | null): Promise<void>
      initSync(opMode: CryptoMode, key: Key, params: ParamsSpec | null): void
      /** Null when nothing comes out yet. */
      update(data: DataBlob, callback: AsyncCallback<DataBlob>): void
      update(data: DataBlob): Promise<DataBlob>
      updateSync(data: DataBlob): DataBlob
      doFinal(data: DataBlob | null, callback: AsyncCallback<DataBlob>): void
      doFinal(data: DataBlob | null): Promise<DataBlob>
      doFinalSync(data: DataBlob | null): DataBlob
      readonly algName: string
    }
    interface KdfSpec {
      algName: string
    }
    interface PBKDF2Spec extends KdfSpec {
      password: string | Uint8Array
      salt: Uint8Array
      iterations: number
      /** Bytes. */
      keySize: number
    }
    interface HKDFSpec extends KdfSpec {
      key: string | Uint8Array
      salt?: Uint8Array
      info?: Uint8Array
      keySize: number
    }
    interface ScryptSpec extends KdfSpec {
      passphrase: string | Uint8Array
      salt: Uint8Array
      n: number
      r: number
      p: number
      /** Bytes. */
      maxMemory: number
      keySize: number
    }
    interface Kdf {
      generateSecret(params: KdfSpec, callback: AsyncCallback<DataBlob>): void
      generateSecret(params: KdfSpec): Promise<DataBlob>
      generateSecretSync(params: KdfSpec): DataBlob
      readonly algName: string
    }
    function createRandom(): Random
    function createMd(algName: string): Md
    function createMac(algName: string): Mac
    function createMac(macSpec: MacSpec): Mac
    function createSymKeyGenerator(algName: string): SymKeyGenerator
    function createCipher(transformation: string): Cipher
    function createKdf(algName: string): Kdf
  }
  export default cryptoFramework
}

declare module '@kit.CryptoArchitectureKit' {
  import cryptoFramework from '@ohos.security.cryptoFramework'
  export { cryptoFramework }
}
