/* oxlint-disable typescript/no-explicit-any, typescript/no-wrapper-object-types, typescript/no-unsafe-function-type, typescript/no-empty-object-type, typescript/no-extraneous-class -- as HarmonyOS declares them, so that code typed against its SDK compiles */

declare module '@ohos.security.cryptoFramework' {
  import type { AsyncCallback } from '@ohos.base'

  /** Errors of OpenSSL are 17630001, an unknown algorithm 801. */
  namespace cryptoFramework {
    interface DataBlob {
      data: Uint8Array
    }
    enum Result {
      INVALID_PARAMS = 401,
      NOT_SUPPORT = 801,
      ERR_OUT_OF_MEMORY = 17620001,
      ERR_RUNTIME_ERROR = 17620002,
      ERR_PARAMETER_CHECK_FAILED = 17620003,
      ERR_INVALID_CALL = 17620004,
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
      /** Bits. */
      getKeySize(): number
      readonly format: string
      readonly algName: string
    }
    interface SymKey extends Key {
      clearMem(): void
    }
    /** What a pair of keys is described by; `sk` and `pk` of X25519 and Ed25519 are their bytes, least significant first. */
    interface AsyKeySpec {
      algName: string
      specType: AsyKeySpecType
    }
    interface X25519PriKeySpec extends AsyKeySpec {
      sk: bigint
    }
    interface X25519PubKeySpec extends AsyKeySpec {
      pk: bigint
    }
    interface X25519KeyPairSpec extends AsyKeySpec {
      sk: bigint
      pk: bigint
    }
    interface ED25519PriKeySpec extends AsyKeySpec {
      sk: bigint
    }
    interface ED25519PubKeySpec extends AsyKeySpec {
      pk: bigint
    }
    interface ED25519KeyPairSpec extends AsyKeySpec {
      sk: bigint
      pk: bigint
    }
    interface ECField {
      fieldType: string
    }
    interface ECFieldFp extends ECField {
      p: bigint
    }
    interface Point {
      x: bigint
      y: bigint
    }
    interface ECCCommonParamsSpec extends AsyKeySpec {
      field: ECField
      a: bigint
      b: bigint
      g: Point
      n: bigint
      h: number
    }
    interface ECCPriKeySpec extends AsyKeySpec {
      params: ECCCommonParamsSpec
      sk: bigint
    }
    interface ECCPubKeySpec extends AsyKeySpec {
      params: ECCCommonParamsSpec
      pk: Point
    }
    interface ECCKeyPairSpec extends AsyKeySpec {
      params: ECCCommonParamsSpec
      sk: bigint
      pk: Point
    }
    interface RSACommonParamsSpec extends AsyKeySpec {
      n: bigint
    }
    interface RSAPubKeySpec extends AsyKeySpec {
      params: RSACommonParamsSpec
      pk: bigint
    }
    enum AsyKeySpecType {
      COMMON_PARAMS_SPEC = 0,
      PRIVATE_KEY_SPEC = 1,
      PUBLIC_KEY_SPEC = 2,
      KEY_PAIR_SPEC = 3,
    }
    enum AsyKeySpecItem {
      DSA_P_BN = 101,
      DSA_Q_BN = 102,
      DSA_G_BN = 103,
      DSA_SK_BN = 104,
      DSA_PK_BN = 105,
      ECC_FP_P_BN = 201,
      ECC_A_BN = 202,
      ECC_B_BN = 203,
      ECC_G_X_BN = 204,
      ECC_G_Y_BN = 205,
      ECC_N_BN = 206,
      ECC_H_NUM = 207,
      ECC_SK_BN = 208,
      ECC_PK_X_BN = 209,
      ECC_PK_Y_BN = 210,
      ECC_FIELD_TYPE_STR = 211,
      /** Bits. */
      ECC_FIELD_SIZE_NUM = 212,
      ECC_CURVE_NAME_STR = 213,
      RSA_N_BN = 301,
      RSA_SK_BN = 302,
      RSA_PK_BN = 303,
      DH_P_BN = 401,
      DH_G_BN = 402,
      DH_L_NUM = 403,
      DH_SK_BN = 404,
      DH_PK_BN = 405,
      ED25519_SK_BN = 501,
      ED25519_PK_BN = 502,
      X25519_SK_BN = 601,
      X25519_PK_BN = 602,
    }
    enum SignSpecItem {
      PSS_MD_NAME_STR = 100,
      PSS_MGF_NAME_STR = 101,
      PSS_MGF1_MD_STR = 102,
      PSS_SALT_LEN_NUM = 103,
      PSS_TRAILER_FIELD_NUM = 104,
      SM2_USER_ID_UINT8ARR = 105,
    }
    interface PubKey extends Key {
      getAsyKeySpec(itemType: AsyKeySpecItem): bigint | string | number
      /** `X509|COMPRESSED` or `X509|UNCOMPRESSED`, of elliptic curves alone. */
      getEncodedDer(format: string): DataBlob
      /** `X509`, and of RSA `PKCS1`. */
      getEncodedPem(format: string): string
    }
    interface KeyEncodingConfig {
      password: string
      /** `AES-256-CBC`, say. */
      cipherName: string
    }
    interface PriKey extends Key {
      clearMem(): void
      getAsyKeySpec(itemType: AsyKeySpecItem): bigint | string | number
      /** `PKCS8`, of elliptic curves alone. */
      getEncodedDer(format: string): DataBlob
      /** `PKCS8`, of RSA `PKCS1`, and of elliptic curves `EC`. */
      getEncodedPem(format: string): string
      getEncodedPem(format: string, config: KeyEncodingConfig): string
      getPubKey(): Promise<PubKey>
      getPubKeySync(): PubKey
    }
    interface KeyPair {
      readonly priKey: PriKey
      readonly pubKey: PubKey
    }
    interface AsyKeyGenerator {
      generateKeyPair(callback: AsyncCallback<KeyPair>): void
      generateKeyPair(): Promise<KeyPair>
      generateKeyPairSync(): KeyPair
      convertKey(pubKey: DataBlob, priKey: DataBlob, callback: AsyncCallback<KeyPair>): void
      convertKey(pubKey: DataBlob | null, priKey: DataBlob | null, callback: AsyncCallback<KeyPair>): void
      convertKey(pubKey: DataBlob, priKey: DataBlob): Promise<KeyPair>
      convertKey(pubKey: DataBlob | null, priKey: DataBlob | null): Promise<KeyPair>
      convertKeySync(pubKey: DataBlob | null, priKey: DataBlob | null): KeyPair
      convertPemKey(pubKey: string | null, priKey: string | null): Promise<KeyPair>
      convertPemKey(pubKey: string | null, priKey: string | null, password: string): Promise<KeyPair>
      convertPemKeySync(pubKey: string | null, priKey: string | null): KeyPair
      convertPemKeySync(pubKey: string | null, priKey: string | null, password: string): KeyPair
      readonly algName: string
    }
    interface AsyKeyGeneratorBySpec {
      generateKeyPair(callback: AsyncCallback<KeyPair>): void
      generateKeyPair(): Promise<KeyPair>
      generateKeyPairSync(): KeyPair
      generatePriKey(callback: AsyncCallback<PriKey>): void
      generatePriKey(): Promise<PriKey>
      generatePriKeySync(): PriKey
      generatePubKey(callback: AsyncCallback<PubKey>): void
      generatePubKey(): Promise<PubKey>
      generatePubKeySync(): PubKey
      readonly algName: string
    }
    interface KeyAgreement {
      generateSecret(priKey: PriKey, pubKey: PubKey, callback: AsyncCallback<DataBlob>): void
      generateSecret(priKey: PriKey, pubKey: PubKey): Promise<DataBlob>
      generateSecretSync(priKey: PriKey, pubKey: PubKey): DataBlob
      readonly algName: string
    }
    interface Sign {
      init(priKey: PriKey, callback: AsyncCallback<void>): void
      init(priKey: PriKey): Promise<void>
      initSync(priKey: PriKey): void
      update(data: DataBlob, callback: AsyncCallback<void>): void
      update(data: DataBlob): Promise<void>
      updateSync(data: DataBlob): void
      sign(data: DataBlob | null, callback: AsyncCallback<DataBlob>): void
      sign(data: DataBlob | null): Promise<DataBlob>
      signSync(data: DataBlob | null): DataBlob
      /** The length of the salt of PSS alone. */
      setSignSpec(itemType: SignSpecItem, itemValue: number): void
      setSignSpec(itemType: SignSpecItem, itemValue: number | Uint8Array): void
      getSignSpec(itemType: SignSpecItem): string | number
      readonly algName: string
    }
    interface Verify {
      init(pubKey: PubKey, callback: AsyncCallback<void>): void
      init(pubKey: PubKey): Promise<void>
      initSync(pubKey: PubKey): void
      update(data: DataBlob, callback: AsyncCallback<void>): void
      update(data: DataBlob): Promise<void>
      updateSync(data: DataBlob): void
      verify(data: DataBlob | null, signatureData: DataBlob, callback: AsyncCallback<boolean>): void
      verify(data: DataBlob | null, signatureData: DataBlob): Promise<boolean>
      verifySync(data: DataBlob | null, signatureData: DataBlob): boolean
      setVerifySpec(itemType: SignSpecItem, itemValue: number): void
      setVerifySpec(itemType: SignSpecItem, itemValue: number | Uint8Array): void
      getVerifySpec(itemType: SignSpecItem): string | number
      readonly algName: string
    }
    class ECCKeyUtil {
      static genECCCommonParamsSpec(curveName: string): ECCCommonParamsSpec
      static convertPoint(curveName: string, encodedPoint: Uint8Array): Point
      static getEncodedPoint(curveName: string, point: Point, format: string): Uint8Array
    }
    interface EccSignatureSpec {
      r: bigint
      s: bigint
    }
    class SignatureUtils {
      static genEccSignatureSpec(data: Uint8Array): EccSignatureSpec
      static genEccSignature(spec: EccSignatureSpec): Uint8Array
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
    function createAsyKeyGenerator(algName: string): AsyKeyGenerator
    function createAsyKeyGeneratorBySpec(asyKeySpec: AsyKeySpec): AsyKeyGeneratorBySpec
    function createKeyAgreement(algName: string): KeyAgreement
    function createSign(algName: string): Sign
    function createVerify(algName: string): Verify
  }
  export default cryptoFramework
}

declare module '@kit.CryptoArchitectureKit' {
  import cryptoFramework from '@ohos.security.cryptoFramework'
  export { cryptoFramework }
}
