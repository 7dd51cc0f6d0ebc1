/* oxlint-disable typescript/no-duplicate-enum-values -- HarmonyOS names sizes of several algorithms, some of which are the same */

declare module '@ohos.security.huks' {
  import type { AsyncCallback } from '@ohos.base'

  /**
   * Keys, and what is done with them. They are in a file that the bundle's user alone may read; nothing encrypts it, and there is no trusted
   * environment. Errors: 401, 12000001, 12000002, 12000003, 12000004, 12000006, 12000010, 12000011, 12000013, 12000016.
   */
  namespace huks {
    interface HuksParam {
      tag: HuksTag
      value: boolean | number | bigint | Uint8Array
    }
    interface HuksOptions {
      /** Each tag once. */
      properties?: Array<HuksParam>
      inData?: Uint8Array
    }
    interface HuksSessionHandle {
      handle: number
      /** Empty: no key here asks who the user is. */
      challenge?: Uint8Array
    }
    interface HuksReturnResult {
      outData?: Uint8Array
      properties?: Array<HuksParam>
      certChains?: Array<string>
    }
    interface HuksListAliasesReturnResult {
      keyAliases: Array<string>
    }
    /** `HUKS_TAG_ALGORITHM`, `HUKS_TAG_PURPOSE` and `HUKS_TAG_KEY_SIZE` are needed; a key of this alias is replaced. Aliases have 1 to 128 bytes. */
    function generateKeyItem(keyAlias: string, options: HuksOptions): Promise<void>
    function generateKeyItem(keyAlias: string, options: HuksOptions, callback: AsyncCallback<void>): void
    function deleteKeyItem(keyAlias: string, options: HuksOptions): Promise<void>
    function deleteKeyItem(keyAlias: string, options: HuksOptions, callback: AsyncCallback<void>): void
    function importKeyItem(keyAlias: string, options: HuksOptions): Promise<void>
    function importKeyItem(keyAlias: string, options: HuksOptions, callback: AsyncCallback<void>): void
    /** The public key: SubjectPublicKeyInfo, of X25519 and Ed25519 its 32 bytes. */
    function exportKeyItem(keyAlias: string, options: HuksOptions): Promise<HuksReturnResult>
    function exportKeyItem(
      keyAlias: string,
      options: HuksOptions,
      callback: AsyncCallback<HuksReturnResult>,
    ): void
    function getKeyItemProperties(keyAlias: string, options: HuksOptions): Promise<HuksReturnResult>
    function getKeyItemProperties(
      keyAlias: string,
      options: HuksOptions,
      callback: AsyncCallback<HuksReturnResult>,
    ): void
    /** Fails 12000011 when there is none. */
    function isKeyItemExist(keyAlias: string, options: HuksOptions): Promise<boolean>
    function isKeyItemExist(keyAlias: string, options: HuksOptions, callback: AsyncCallback<boolean>): void
    function hasKeyItem(keyAlias: string, options: HuksOptions): Promise<boolean>
    function hasKeyItem(keyAlias: string, options: HuksOptions, callback: AsyncCallback<boolean>): void
    function listAliases(options: HuksOptions): Promise<HuksListAliasesReturnResult>
    /** 15 sessions may be open at once. */
    function initSession(keyAlias: string, options: HuksOptions): Promise<HuksSessionHandle>
    function initSession(
      keyAlias: string,
      options: HuksOptions,
      callback: AsyncCallback<HuksSessionHandle>,
    ): void
    function updateSession(
      handle: number,
      options: HuksOptions,
      token?: Uint8Array,
    ): Promise<HuksReturnResult>
    function updateSession(
      handle: number,
      options: HuksOptions,
      callback: AsyncCallback<HuksReturnResult>,
    ): void
    function updateSession(
      handle: number,
      options: HuksOptions,
      token: Uint8Array,
      callback: AsyncCallback<HuksReturnResult>,
    ): void
    /** Of AES in GCM the tag of 16 bytes ends `outData`. A signature that does not fit is 12000006. */
    function finishSession(
      handle: number,
      options: HuksOptions,
      token?: Uint8Array,
    ): Promise<HuksReturnResult>
    function finishSession(
      handle: number,
      options: HuksOptions,
      callback: AsyncCallback<HuksReturnResult>,
    ): void
    function finishSession(
      handle: number,
      options: HuksOptions,
      token: Uint8Array,
      callback: AsyncCallback<HuksReturnResult>,
    ): void
    function abortSession(handle: number, options: HuksOptions): Promise<void>
    function abortSession(handle: number, options: HuksOptions, callback: AsyncCallback<void>): void
    enum HuksTagType {
      HUKS_TAG_TYPE_INVALID = 0,
      HUKS_TAG_TYPE_INT = 0x1000_0000,
      HUKS_TAG_TYPE_UINT = 0x2000_0000,
      HUKS_TAG_TYPE_ULONG = 0x3000_0000,
      HUKS_TAG_TYPE_BOOL = 0x4000_0000,
      HUKS_TAG_TYPE_BYTES = 0x5000_0000,
    }
    enum HuksTag {
      HUKS_TAG_INVALID = 0,
      HUKS_TAG_ALGORITHM = 0x2000_0001,
      HUKS_TAG_PURPOSE = 0x2000_0002,
      HUKS_TAG_KEY_SIZE = 0x2000_0003,
      HUKS_TAG_DIGEST = 0x2000_0004,
      HUKS_TAG_PADDING = 0x2000_0005,
      HUKS_TAG_BLOCK_MODE = 0x2000_0006,
      HUKS_TAG_KEY_TYPE = 0x2000_0007,
      HUKS_TAG_ASSOCIATED_DATA = 0x5000_0008,
      HUKS_TAG_NONCE = 0x5000_0009,
      HUKS_TAG_IV = 0x5000_000a,
      HUKS_TAG_INFO = 0x5000_000b,
      HUKS_TAG_SALT = 0x5000_000c,
      HUKS_TAG_PWD = 0x5000_000d,
      HUKS_TAG_ITERATION = 0x2000_000e,
      HUKS_TAG_KEY_GENERATE_TYPE = 0x2000_000f,
      HUKS_TAG_DERIVE_MAIN_KEY = 0x5000_0010,
      HUKS_TAG_DERIVE_FACTOR = 0x5000_0011,
      HUKS_TAG_DERIVE_ALG = 0x2000_0012,
      HUKS_TAG_AGREE_ALG = 0x2000_0013,
      HUKS_TAG_AGREE_PUBLIC_KEY_IS_KEY_ALIAS = 0x4000_0014,
      HUKS_TAG_AGREE_PRIVATE_KEY_ALIAS = 0x5000_0015,
      HUKS_TAG_AGREE_PUBLIC_KEY = 0x5000_0016,
      HUKS_TAG_KEY_ALIAS = 0x5000_0017,
      HUKS_TAG_DERIVE_KEY_SIZE = 0x2000_0018,
      HUKS_TAG_IMPORT_KEY_TYPE = 0x2000_0019,
      HUKS_TAG_UNWRAP_ALGORITHM_SUITE = 0x2000_001a,
      HUKS_TAG_DERIVED_AGREED_KEY_STORAGE_FLAG = 0x2000_001d,
      HUKS_TAG_RSA_PSS_SALT_LEN_TYPE = 0x2000_001e,
      HUKS_TAG_ACTIVE_DATETIME = 0x3000_00c9,
      HUKS_TAG_ORIGINATION_EXPIRE_DATETIME = 0x3000_00ca,
      HUKS_TAG_USAGE_EXPIRE_DATETIME = 0x3000_00cb,
      HUKS_TAG_CREATION_DATETIME = 0x3000_00cc,
      HUKS_TAG_ALL_USERS = 0x4000_012d,
      HUKS_TAG_USER_ID = 0x2000_012e,
      HUKS_TAG_NO_AUTH_REQUIRED = 0x4000_012f,
      HUKS_TAG_USER_AUTH_TYPE = 0x2000_0130,
      HUKS_TAG_AUTH_TIMEOUT = 0x2000_0131,
      HUKS_TAG_AUTH_TOKEN = 0x5000_0132,
      HUKS_TAG_KEY_AUTH_ACCESS_TYPE = 0x2000_0133,
      HUKS_TAG_KEY_SECURE_SIGN_TYPE = 0x2000_0134,
      HUKS_TAG_CHALLENGE_TYPE = 0x2000_0135,
      HUKS_TAG_CHALLENGE_POS = 0x2000_0136,
      HUKS_TAG_KEY_AUTH_PURPOSE = 0x2000_0137,
      HUKS_TAG_AUTH_STORAGE_LEVEL = 0x2000_013c,
      HUKS_TAG_USER_AUTH_MODE = 0x2000_013f,
      HUKS_TAG_ATTESTATION_CHALLENGE = 0x5000_01f5,
      HUKS_TAG_ATTESTATION_APPLICATION_ID = 0x5000_01f6,
      HUKS_TAG_ATTESTATION_ID_BRAND = 0x5000_01f7,
      HUKS_TAG_ATTESTATION_ID_DEVICE = 0x5000_01f8,
      HUKS_TAG_ATTESTATION_ID_PRODUCT = 0x5000_01f9,
      HUKS_TAG_ATTESTATION_ID_SERIAL = 0x5000_01fa,
      HUKS_TAG_ATTESTATION_ID_IMEI = 0x5000_01fb,
      HUKS_TAG_ATTESTATION_ID_MEID = 0x5000_01fc,
      HUKS_TAG_ATTESTATION_ID_MANUFACTURER = 0x5000_01fd,
      HUKS_TAG_ATTESTATION_ID_MODEL = 0x5000_01fe,
      HUKS_TAG_ATTESTATION_ID_ALIAS = 0x5000_01ff,
      HUKS_TAG_ATTESTATION_ID_SOCID = 0x5000_0200,
      HUKS_TAG_ATTESTATION_ID_UDID = 0x5000_0201,
      HUKS_TAG_ATTESTATION_ID_SEC_LEVEL_INFO = 0x5000_0202,
      HUKS_TAG_ATTESTATION_ID_VERSION_INFO = 0x5000_0203,
      HUKS_TAG_IS_KEY_ALIAS = 0x4000_03e9,
      HUKS_TAG_KEY_STORAGE_FLAG = 0x2000_03ea,
      HUKS_TAG_IS_ALLOWED_WRAP = 0x4000_03eb,
      HUKS_TAG_KEY_WRAP_TYPE = 0x2000_03ec,
      HUKS_TAG_KEY_AUTH_ID = 0x5000_03ed,
      HUKS_TAG_KEY_ROLE = 0x2000_03ee,
      HUKS_TAG_KEY_FLAG = 0x2000_03ef,
      HUKS_TAG_IS_ASYNCHRONIZED = 0x2000_03f0,
      HUKS_TAG_SECURE_KEY_ALIAS = 0x4000_03f1,
      HUKS_TAG_SECURE_KEY_UUID = 0x5000_03f2,
      HUKS_TAG_KEY_DOMAIN = 0x2000_03f3,
      HUKS_TAG_IS_DEVICE_PASSWORD_SET = 0x4000_03f4,
      HUKS_TAG_PROCESS_NAME = 0x5000_2711,
      HUKS_TAG_PACKAGE_NAME = 0x5000_2712,
      HUKS_TAG_ACCESS_TIME = 0x2000_2713,
      HUKS_TAG_USES_TIME = 0x2000_2714,
      HUKS_TAG_CRYPTO_CTX = 0x3000_2715,
      HUKS_TAG_KEY = 0x5000_2716,
      HUKS_TAG_KEY_VERSION = 0x2000_2717,
      HUKS_TAG_PAYLOAD_LEN = 0x2000_2718,
      HUKS_TAG_AE_TAG = 0x5000_2719,
      HUKS_TAG_IS_KEY_HANDLE = 0x3000_271a,
      HUKS_TAG_OS_VERSION = 0x2000_2775,
      HUKS_TAG_OS_PATCHLEVEL = 0x2000_2776,
      HUKS_TAG_SYMMETRIC_KEY_DATA = 0x5000_4e21,
      HUKS_TAG_ASYMMETRIC_PUBLIC_KEY_DATA = 0x5000_4e22,
      HUKS_TAG_ASYMMETRIC_PRIVATE_KEY_DATA = 0x5000_4e23,
    }
    enum HuksKeyAlg {
      HUKS_ALG_RSA = 1,
      HUKS_ALG_ECC = 2,
      HUKS_ALG_DSA = 3,
      HUKS_ALG_AES = 20,
      HUKS_ALG_HMAC = 50,
      HUKS_ALG_HKDF = 51,
      HUKS_ALG_PBKDF2 = 52,
      HUKS_ALG_ECDH = 100,
      HUKS_ALG_X25519 = 101,
      HUKS_ALG_ED25519 = 102,
      HUKS_ALG_DH = 103,
      HUKS_ALG_SM2 = 150,
      HUKS_ALG_SM3 = 151,
      HUKS_ALG_SM4 = 152,
    }
    enum HuksKeyPurpose {
      HUKS_KEY_PURPOSE_ENCRYPT = 1,
      HUKS_KEY_PURPOSE_DECRYPT = 2,
      HUKS_KEY_PURPOSE_SIGN = 4,
      HUKS_KEY_PURPOSE_VERIFY = 8,
      HUKS_KEY_PURPOSE_DERIVE = 16,
      HUKS_KEY_PURPOSE_WRAP = 32,
      HUKS_KEY_PURPOSE_UNWRAP = 64,
      HUKS_KEY_PURPOSE_MAC = 128,
      HUKS_KEY_PURPOSE_AGREE = 256,
    }
    enum HuksKeyDigest {
      HUKS_DIGEST_NONE = 0,
      HUKS_DIGEST_MD5 = 1,
      HUKS_DIGEST_SM3 = 2,
      HUKS_DIGEST_SHA1 = 10,
      HUKS_DIGEST_SHA224 = 11,
      HUKS_DIGEST_SHA256 = 12,
      HUKS_DIGEST_SHA384 = 13,
      HUKS_DIGEST_SHA512 = 14,
    }
    enum HuksKeyPadding {
      HUKS_PADDING_NONE = 0,
      HUKS_PADDING_OAEP = 1,
      HUKS_PADDING_PSS = 2,
      HUKS_PADDING_PKCS1_V1_5 = 3,
      HUKS_PADDING_PKCS5 = 4,
      HUKS_PADDING_PKCS7 = 5,
    }
    enum HuksCipherMode {
      HUKS_MODE_ECB = 1,
      HUKS_MODE_CBC = 2,
      HUKS_MODE_CTR = 3,
      HUKS_MODE_OFB = 4,
      HUKS_MODE_CFB = 5,
      HUKS_MODE_CCM = 31,
      HUKS_MODE_GCM = 32,
    }
    enum HuksKeySize {
      HUKS_RSA_KEY_SIZE_512 = 512,
      HUKS_RSA_KEY_SIZE_768 = 768,
      HUKS_RSA_KEY_SIZE_1024 = 1024,
      HUKS_RSA_KEY_SIZE_2048 = 2048,
      HUKS_RSA_KEY_SIZE_3072 = 3072,
      HUKS_RSA_KEY_SIZE_4096 = 4096,
      HUKS_ECC_KEY_SIZE_224 = 224,
      HUKS_ECC_KEY_SIZE_256 = 256,
      HUKS_ECC_KEY_SIZE_384 = 384,
      HUKS_ECC_KEY_SIZE_521 = 521,
      HUKS_AES_KEY_SIZE_128 = 128,
      HUKS_AES_KEY_SIZE_192 = 192,
      HUKS_AES_KEY_SIZE_256 = 256,
      HUKS_AES_KEY_SIZE_512 = 512,
      HUKS_CURVE25519_KEY_SIZE_256 = 256,
      HUKS_DH_KEY_SIZE_2048 = 2048,
      HUKS_DH_KEY_SIZE_3072 = 3072,
      HUKS_DH_KEY_SIZE_4096 = 4096,
      HUKS_SM2_KEY_SIZE_256 = 256,
      HUKS_SM4_KEY_SIZE_128 = 128,
    }
    enum HuksKeyStorageType {
      HUKS_STORAGE_TEMP = 0,
      HUKS_STORAGE_PERSISTENT = 1,
      HUKS_STORAGE_ONLY_USED_IN_HUKS = 2,
      HUKS_STORAGE_KEY_EXPORT_ALLOWED = 3,
    }
    enum HuksImportKeyType {
      HUKS_KEY_TYPE_PUBLIC_KEY = 0,
      HUKS_KEY_TYPE_PRIVATE_KEY = 1,
      HUKS_KEY_TYPE_KEY_PAIR = 2,
    }
    enum HuksKeyFlag {
      HUKS_KEY_FLAG_IMPORT_KEY = 1,
      HUKS_KEY_FLAG_GENERATE_KEY = 2,
      HUKS_KEY_FLAG_AGREE_KEY = 3,
      HUKS_KEY_FLAG_DERIVE_KEY = 4,
    }
    enum HuksAuthStorageLevel {
      HUKS_AUTH_STORAGE_LEVEL_DE = 0,
      HUKS_AUTH_STORAGE_LEVEL_CE = 1,
      HUKS_AUTH_STORAGE_LEVEL_ECE = 2,
    }
    enum HuksUnwrapSuite {
      HUKS_UNWRAP_SUITE_X25519_AES_256_GCM_NOPADDING = 1,
      HUKS_UNWRAP_SUITE_ECDH_AES_256_GCM_NOPADDING = 2,
    }
    enum HuksKeyGenerateType {
      HUKS_KEY_GENERATE_TYPE_DEFAULT = 0,
      HUKS_KEY_GENERATE_TYPE_DERIVE = 1,
      HUKS_KEY_GENERATE_TYPE_AGREE = 2,
    }
    enum HuksRsaPssSaltLenType {
      HUKS_RSA_PSS_SALT_LEN_DIGEST = 0,
      HUKS_RSA_PSS_SALT_LEN_MAX = 1,
    }
    enum HuksUserAuthType {
      HUKS_USER_AUTH_TYPE_FINGERPRINT = 1,
      HUKS_USER_AUTH_TYPE_FACE = 2,
      HUKS_USER_AUTH_TYPE_PIN = 4,
    }
    enum HuksAuthAccessType {
      HUKS_AUTH_ACCESS_INVALID_CLEAR_PASSWORD = 1,
      HUKS_AUTH_ACCESS_INVALID_NEW_BIO_ENROLL = 2,
      HUKS_AUTH_ACCESS_ALWAYS_VALID = 4,
    }
    enum HuksUserAuthMode {
      HUKS_USER_AUTH_MODE_LOCAL = 0,
      HUKS_USER_AUTH_MODE_COAUTH = 1,
    }
    enum HuksChallengeType {
      HUKS_CHALLENGE_TYPE_NORMAL = 0,
      HUKS_CHALLENGE_TYPE_CUSTOM = 1,
      HUKS_CHALLENGE_TYPE_NONE = 2,
    }
    enum HuksChallengePosition {
      HUKS_CHALLENGE_POS_0 = 0,
      HUKS_CHALLENGE_POS_1 = 1,
      HUKS_CHALLENGE_POS_2 = 2,
      HUKS_CHALLENGE_POS_3 = 3,
    }
    enum HuksSecureSignType {
      HUKS_SECURE_SIGN_WITH_AUTHINFO = 1,
    }
    enum HuksSendType {
      HUKS_SEND_TYPE_ASYNC = 0,
      HUKS_SEND_TYPE_SYNC = 1,
    }
    enum HuksExceptionErrCode {
      HUKS_ERR_CODE_PERMISSION_FAIL = 201,
      HUKS_ERR_CODE_NOT_SYSTEM_APP = 202,
      HUKS_ERR_CODE_ILLEGAL_ARGUMENT = 401,
      HUKS_ERR_CODE_NOT_SUPPORTED_API = 801,
      HUKS_ERR_CODE_FEATURE_NOT_SUPPORTED = 12000001,
      HUKS_ERR_CODE_MISSING_CRYPTO_ALG_ARGUMENT = 12000002,
      HUKS_ERR_CODE_INVALID_CRYPTO_ALG_ARGUMENT = 12000003,
      HUKS_ERR_CODE_FILE_OPERATION_FAIL = 12000004,
      HUKS_ERR_CODE_COMMUNICATION_FAIL = 12000005,
      HUKS_ERR_CODE_CRYPTO_FAIL = 12000006,
      HUKS_ERR_CODE_KEY_AUTH_PERMANENTLY_INVALIDATED = 12000007,
      HUKS_ERR_CODE_KEY_AUTH_VERIFY_FAILED = 12000008,
      HUKS_ERR_CODE_KEY_AUTH_TIME_OUT = 12000009,
      HUKS_ERR_CODE_SESSION_LIMIT = 12000010,
      HUKS_ERR_CODE_ITEM_NOT_EXIST = 12000011,
      HUKS_ERR_CODE_EXTERNAL_ERROR = 12000012,
      HUKS_ERR_CODE_CREDENTIAL_NOT_EXIST = 12000013,
      HUKS_ERR_CODE_INSUFFICIENT_MEMORY = 12000014,
      HUKS_ERR_CODE_CALL_SERVICE_FAILED = 12000015,
      HUKS_ERR_CODE_DEVICE_PASSWORD_UNSET = 12000016,
    }
  }
  export default huks
}

declare module '@kit.UniversalKeystoreKit' {
  import huks from '@ohos.security.huks'
  export { huks }
}
