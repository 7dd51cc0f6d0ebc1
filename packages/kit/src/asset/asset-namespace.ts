import { type Forms, bothForms, callForms } from '../call-forms.ts'
import { provide } from '../provided.ts'
import { asAssetError } from './asset-error.ts'
import { adding, checkHandle, preparing, querying, removing, updating } from './asset-operations.ts'
import { type Assets, AssetStore, type Change } from './asset-store.ts'
import { mapParameter, tag, tagType, toAssetMap } from './asset-tags.ts'

type GivenMap = ReadonlyMap<unknown, unknown>

const enumerations = {
  Tag: tag,
  TagType: tagType,
  Accessibility: { DEVICE_POWERED_ON: 0, DEVICE_FIRST_UNLOCKED: 1, DEVICE_UNLOCKED: 2 },
  AuthType: { NONE: 0, ANY: 0xff },
  SyncType: { NEVER: 0, THIS_DEVICE: 1, TRUSTED_DEVICE: 2, TRUSTED_ACCOUNT: 4 },
  ConflictResolution: { OVERWRITE: 0, THROW_ERROR: 1 },
  ReturnType: { ALL: 0, ATTRIBUTES: 1 },
  OperationType: { NEED_SYNC: 0, NEED_LOGOUT: 1 },
  WrapType: { NEVER: 0, TRUSTED_ACCOUNT: 1 },
  ErrorCode: {
    PERMISSION_DENIED: 201,
    INVALID_ARGUMENT: 401,
    SERVICE_UNAVAILABLE: 24000001,
    NOT_FOUND: 24000002,
    DUPLICATED: 24000003,
    ACCESS_DENIED: 24000004,
    STATUS_MISMATCH: 24000005,
    OUT_OF_MEMORY: 24000006,
    DATA_CORRUPTED: 24000007,
    DATABASE_ERROR: 24000008,
    CRYPTO_ERROR: 24000009,
    IPC_ERROR: 24000010,
    BMS_ERROR: 24000011,
    ACCOUNT_ERROR: 24000012,
    ACCESS_TOKEN_ERROR: 24000013,
    FILE_OPERATION_ERROR: 24000014,
    GET_SYSTEM_TIME_ERROR: 24000015,
    LIMIT_EXCEEDED: 24000016,
    UNSUPPORTED: 24000017,
    PARAM_VERIFICATION_FAILED: 24000018,
  },
} as const

const none: GivenMap = new Map()

/** Reads the one argument of a call. */
function one(field: string): (args: readonly unknown[]) => readonly GivenMap[] {
  return ([given]) => [mapParameter(given, field)]
}

function two([query, update]: readonly unknown[]): readonly GivenMap[] {
  return [mapParameter(query, 'query'), mapParameter(update, 'attributesToUpdate')]
}

/**
 * `asset` of `@kit.AssetStoreKit`: passwords and the like, for the bundle alone.
 *
 * @param path of the file that holds them
 * @param permissions what the bundle's manifest asks for
 */
export function assetNamespace(path: string, permissions: readonly string[]): object {
  const store = new AssetStore(path)
  const mayPersist = permissions.includes('ohos.permission.STORE_PERSISTENT_DATA')
  // What a map holds is looked at before the file is, and refused as the call's outcome, as the device's service does.
  const changing = (
    read: (args: readonly unknown[]) => readonly GivenMap[],
    operation: (...maps: readonly GivenMap[]) => (assets: Assets) => Change<void>,
  ): Forms<void> =>
    callForms(
      {
        read,
        now: (maps) => store.changeNow(operation(...maps)),
        later: (maps) => store.change(operation(...maps)),
      },
      asAssetError,
    )
  return provide('asset', {
    ...bothForms({
      add: changing(one('attributes'), (given = none) => adding(given, mayPersist)),
      remove: changing(one('query'), (given = none) => removing(given)),
      update: changing(two, (given = none, update = none) => updating(given, update)),
      preQuery: callForms(
        { read: one('query'), now: ([given = none]) => preparing(given)(store.read()) },
        asAssetError,
      ),
      query: callForms(
        {
          read: one('query'),
          now: ([given = none]) => querying(given)(store.read()).map(toAssetMap),
        },
        asAssetError,
      ),
      postQuery: callForms(
        { read: one('handle'), now: ([given = none]) => checkHandle(given) },
        asAssetError,
      ),
    }),
    ...Object.fromEntries(
      Object.entries(enumerations).map(([name, members]) => [name, provide(`asset.${name}`, members)]),
    ),
  })
}
