import { parameterError } from '../parameters.ts'
import { assetError } from './asset-error.ts'
import { type Assets, type Change, aliasKey } from './asset-store.ts'
import {
  type Attributes,
  type TagName,
  type TagValue,
  accessTags,
  criticalLabels,
  nameOf,
  normalLabels,
  readAttributes,
} from './asset-tags.ts'

type GivenMap = ReadonlyMap<unknown, unknown>

const labels = [...criticalLabels, ...normalLabels]
/** What is not said of a new asset. */
const defaults: Attributes = new Map<TagName, TagValue>([
  ['ACCESSIBILITY', 1],
  ['REQUIRE_PASSWORD_SET', false],
  ['AUTH_TYPE', 0],
  ['SYNC_TYPE', 0],
  ['IS_PERSISTENT', false],
  ['REQUIRE_ATTR_ENCRYPTED', false],
  ['WRAP_TYPE', 0],
])
const anyUser = 0xff

/** @param mayPersist the bundle has ohos.permission.STORE_PERSISTENT_DATA */
export function adding(given: GivenMap, mayPersist: boolean): (assets: Assets) => Change<void> {
  const attributes = checked(given, 'attributes', [
    'SECRET',
    ...accessTags,
    ...labels,
    'CONFLICT_RESOLUTION',
    'OPERATION_TYPE',
  ])
  for (const name of ['SECRET', 'ALIAS'] as const) {
    if (!attributes.has(name)) throw parameterError(`attributes.${name}`, 'is not given')
  }
  if (attributes.get('IS_PERSISTENT') === true && !mayPersist)
    throw assetError(201, 'ohos.permission.STORE_PERSISTENT_DATA is not granted')
  if (attributes.get('REQUIRE_PASSWORD_SET') === true || attributes.get('AUTH_TYPE') === anyUser)
    throw assetError(24000005, 'there is no screen lock, and nobody who asks a user who they are')
  const overwrites = attributes.get('CONFLICT_RESOLUTION') === 0
  const kept = new Map([...defaults, ...attributes, ...touched()])
  kept.delete('CONFLICT_RESOLUTION')
  kept.delete('OPERATION_TYPE')
  const key = aliasKey(attributes.get('ALIAS'))
  return (assets) => {
    if (assets.has(key) && !overwrites) throw assetError(24000003, 'an asset has this alias')
    return { assets: assets.set(key, kept), output: undefined }
  }
}

export function removing(given: GivenMap): (assets: Assets) => Change<void> {
  const query = checked(given, 'query', [...accessTags, ...labels, 'OPERATION_TYPE'])
  return (assets) => {
    const kept = [...assets].filter(([, asset]) => !fits(asset, query))
    if (kept.length === assets.size) throw assetError(24000002, 'no asset is as the query says')
    return { assets: new Map(kept), output: undefined }
  }
}

export function updating(given: GivenMap, changes: GivenMap): (assets: Assets) => Change<void> {
  const query = checked(given, 'query', [...accessTags, ...labels])
  if (!query.has('ALIAS')) throw parameterError('query.ALIAS', 'is not given')
  const update = checked(changes, 'attributesToUpdate', ['SECRET', ...normalLabels, 'OPERATION_TYPE'])
  if (update.size === 0) throw parameterError('attributesToUpdate', 'is empty')
  return (assets) => {
    const key = aliasKey(query.get('ALIAS'))
    const asset = assets.get(key)
    if (asset === undefined || !fits(asset, query))
      throw assetError(24000002, 'no asset is as the query says')
    const changed = new Map([...asset, ...update, ...touched()])
    changed.delete('OPERATION_TYPE')
    return { assets: assets.set(key, changed), output: undefined }
  }
}

export function querying(given: GivenMap): (assets: Assets) => Attributes[] {
  const query = checked(given, 'query', [
    ...accessTags,
    ...labels,
    'RETURN_TYPE',
    'RETURN_LIMIT',
    'RETURN_OFFSET',
    'RETURN_ORDERED_BY',
    'AUTH_CHALLENGE',
    'AUTH_TOKEN',
    'OPERATION_TYPE',
  ])
  const wantsSecret = query.get('RETURN_TYPE') === 0
  if (wantsSecret && !query.has('ALIAS'))
    throw assetError(24000017, 'secrets are told one at a time, by their ALIAS')
  const order = nameOf(query.get('RETURN_ORDERED_BY'))
  const offset = Number(query.get('RETURN_OFFSET') ?? 0)
  const limit = Number(query.get('RETURN_LIMIT') ?? Infinity)
  return (assets) => {
    const found = [...assets.values()].filter((asset) => fits(asset, query))
    const ordered =
      order === undefined ? found : found.toSorted((a, b) => Buffer.compare(bytes(a, order), bytes(b, order)))
    const part = wantsSecret ? ordered : ordered.slice(offset, offset + limit)
    if (part.length === 0) throw assetError(24000002, 'no asset is as the query says')
    return part.map((asset) => (wantsSecret ? asset : without(asset, 'SECRET')))
  }
}

/** `preQuery`: asks for a challenge to the user, whom no asset here asks for. */
export function preparing(given: GivenMap): (assets: Assets) => never {
  const query = checked(given, 'query', [...accessTags, ...labels, 'AUTH_VALIDITY_PERIOD'])
  if (query.get('AUTH_TYPE') === 0) throw parameterError('query.AUTH_TYPE', 'asks no user who they are')
  return () => {
    throw assetError(24000002, 'no asset asks a user who they are')
  }
}

/** @throws BusinessError 401 */
export function checkHandle(given: GivenMap): void {
  if (!checked(given, 'handle', ['AUTH_CHALLENGE', 'GROUP_ID']).has('AUTH_CHALLENGE'))
    throw parameterError('handle.AUTH_CHALLENGE', 'is not given')
}

/** @throws BusinessError 401; 24000017 for groups, which other bundles would share */
function checked(given: GivenMap, field: string, allowed: readonly TagName[]): Attributes {
  const attributes = readAttributes(given, field, allowed)
  if (attributes.has('GROUP_ID')) throw assetError(24000017, 'there are no groups of bundles')
  return attributes
}

/** Tags of a query that say what is told of assets, and not which. */
const askedOf: readonly TagName[] = [...accessTags, ...labels]

function fits(asset: Attributes, query: Attributes): boolean {
  return [...query].every(([name, value]) => !askedOf.includes(name) || isSame(asset.get(name), value))
}

function isSame(one: TagValue | undefined, other: TagValue): boolean {
  if (one instanceof Uint8Array && other instanceof Uint8Array) return Buffer.compare(one, other) === 0
  return one === other
}

function without(asset: Attributes, name: TagName): Attributes {
  return new Map([...asset].filter(([each]) => each !== name))
}

function bytes(asset: Attributes, name: TagName): Uint8Array {
  const value = asset.get(name)
  return value instanceof Uint8Array ? value : new Uint8Array()
}

/** When the asset was written, in ms, as text. */
function touched(): [TagName, TagValue][] {
  return [['UPDATE_TIME', Uint8Array.from(Buffer.from(String(Date.now())))]]
}
