import { asyncForm } from '../call-forms.ts'
import {
  integerParameter,
  objectParameter,
  optionalMember,
  parameterError,
  textParameter,
} from '../parameters.ts'
import { provide } from '../provided.ts'
import { beginSession } from './begin-session.ts'
import { asHuksError, huksError } from './huks-error.ts'
import { tag, tagType } from './huks-tags.ts'
import {
  cipherMode,
  importKeyType,
  keyAlgorithm,
  keyDigest,
  keyFlag,
  keyPadding,
  otherEnumerations,
  purpose,
  storageLevel,
  storageType,
} from './huks-values.ts'
import { generateKey, keyPlan } from './key-algorithms.ts'
import { exportPublicKey, importKey } from './key-material.ts'
import { type HuksParam, KeyParameters } from './key-parameters.ts'
import { KeySessions } from './key-sessions.ts'
import { type KeyPlace, KeyStore } from './key-store.ts'
import type { StoredKey } from './stored-key.ts'

/** Bytes of an alias at most. */
const mostAliasBytes = 128

/** `huks.HuksOptions`, as it was when the call was made. */
interface Options {
  readonly parameters: KeyParameters
  readonly data: Uint8Array | undefined
}

interface Named extends Options {
  readonly place: KeyPlace
}

interface Running extends Options {
  readonly handle: number
}

/** `huks.HuksReturnResult`. */
interface Result {
  readonly outData?: Uint8Array
  readonly properties?: HuksParam[]
}

type Call = (...args: unknown[]) => unknown

const enumerations = {
  HuksTag: tag,
  HuksTagType: tagType,
  HuksKeyAlg: keyAlgorithm,
  HuksKeyPurpose: purpose,
  HuksKeyDigest: keyDigest,
  HuksKeyPadding: keyPadding,
  HuksCipherMode: cipherMode,
  HuksKeyStorageType: storageType,
  HuksImportKeyType: importKeyType,
  HuksKeyFlag: keyFlag,
  HuksAuthStorageLevel: storageLevel,
  ...otherEnumerations,
} as const

/**
 * `huks` of `@kit.UniversalKeystoreKit`: keys of the bundle, and what is done with them.
 *
 * @param path of the file that holds them
 */
export function huksNamespace(path: string): object {
  const store = new KeyStore(path)
  const sessions = new KeySessions()
  const ofKey = <Output>(work: (given: Named) => Promise<Output>): Call => form(readNamed, work)
  const ofSession = <Output>(work: (given: Running) => Promise<Output>): Call => form(readRunning, work)
  return provide('huks', {
    generateKeyItem: ofKey(async ({ place, parameters }) =>
      store.write(place, await generateKey(parameters)),
    ),
    importKeyItem: ofKey(async ({ place, parameters, data }) => {
      keyPlan(parameters)
      if (data === undefined) throw parameterError('options.inData', 'is not given')
      await store.write(place, importKey(data, parameters))
    }),
    exportKeyItem: ofKey(async ({ place }): Promise<Result> => ({
      outData: exportPublicKey(store.read(place)),
    })),
    deleteKeyItem: ofKey(async ({ place }) => store.remove(place)),
    getKeyItemProperties: ofKey(async ({ place }): Promise<Result> => ({
      properties: store.read(place).parameters.list,
    })),
    hasKeyItem: ofKey(async ({ place }) => store.has(place)),
    // Of a key that is not there it fails 12000011, and never says false.
    isKeyItemExist: ofKey(async ({ place }) => {
      store.read(place)
      return true
    }),
    listAliases: form(
      ([options]) => readOptions(options),
      async ({ parameters }) => ({ keyAliases: store.aliases(levelOf(parameters)) }),
    ),
    initSession: ofKey(async ({ place, parameters }) => {
      const key = store.read(place)
      return {
        handle: sessions.add({ key, session: beginSession(key, parameters) }),
        challenge: new Uint8Array(),
      }
    }),
    updateSession: ofSession(async ({ handle, data }): Promise<Result> =>
      sessions.during(handle, ({ session }) => ({
        outData: new Uint8Array(session.update(data ?? new Uint8Array())),
      })),
    ),
    finishSession: ofSession(async ({ handle, data, parameters }): Promise<Result> => {
      const { session, key } = sessions.take(handle)
      const output = new Uint8Array(session.finish(data ?? new Uint8Array()))
      if (session.gives === undefined || !isKept(key, parameters)) return { outData: output }
      const made = importKey(fitting(output, parameters), parameters)
      await store.write(givenPlace(parameters), {
        ...made,
        parameters: made.parameters.with('HUKS_TAG_KEY_FLAG', session.gives),
      })
      return { outData: new Uint8Array() }
    }),
    abortSession: ofSession(async ({ handle }) => void sessions.take(handle)),
    ...Object.fromEntries(
      Object.entries(enumerations).map(([name, members]) => [name, provide(`huks.${name}`, members)]),
    ),
  })
}

/** A promise, or a callback as the third argument; `finishSession` and its like may have a token in front of it. */
function form<Input, Output>(
  read: (args: readonly unknown[]) => Input,
  work: (input: Input) => Promise<Output>,
): Call {
  return asyncForm(read, (input) => translated(work(input)))
}

async function translated<Output>(work: Promise<Output>): Promise<Output> {
  try {
    return await work
  } catch (error) {
    throw asHuksError(error)
  }
}

function readNamed([alias, options]: readonly unknown[]): Named {
  const given = readOptions(options)
  return { ...given, place: { level: levelOf(given.parameters), alias: readAlias(alias, 'keyAlias') } }
}

function readRunning([handle, options]: readonly unknown[]): Running {
  return { ...readOptions(options), handle: integerParameter(handle, 'handle', 0) }
}

/** @throws BusinessError 401 */
function readOptions(value: unknown): Options {
  const options = objectParameter(value, 'options')
  return {
    parameters: KeyParameters.read(Reflect.get(options, 'properties'), 'options.properties'),
    data: optionalMember(options, 'inData', 'options', (data, field) => {
      if (data instanceof Uint8Array) return new Uint8Array(data)
      throw parameterError(field, 'is not a Uint8Array')
    }),
  }
}

function readAlias(value: unknown, field: string): string {
  const alias = textParameter(value, field)
  const size = Buffer.byteLength(alias)
  if (size > 0 && size <= mostAliasBytes) return alias
  throw parameterError(field, `has ${size} bytes, not 1 to ${mostAliasBytes}`)
}

/** Without the tag that of applications for API 12 and later. */
function levelOf(parameters: KeyParameters): number {
  const level = parameters.number('HUKS_TAG_AUTH_STORAGE_LEVEL') ?? storageLevel.HUKS_AUTH_STORAGE_LEVEL_CE
  if (level <= storageLevel.HUKS_AUTH_STORAGE_LEVEL_ECE) return level
  throw huksError(12000003, 'HUKS_TAG_AUTH_STORAGE_LEVEL', `${level} is no level`)
}

/** Whether a key that was agreed on or derived stays here. @throws BusinessError 12000003 when the key that it is from forbids to tell it */
function isKept(key: StoredKey, parameters: KeyParameters): boolean {
  const asked = parameters.number('HUKS_TAG_DERIVED_AGREED_KEY_STORAGE_FLAG')
  const own = key.parameters.number('HUKS_TAG_DERIVED_AGREED_KEY_STORAGE_FLAG')
  const [inside, outside] = [
    storageType.HUKS_STORAGE_ONLY_USED_IN_HUKS,
    storageType.HUKS_STORAGE_KEY_EXPORT_ALLOWED,
  ]
  if ((own === inside && asked !== inside) || (own === outside && asked === inside))
    throw huksError(12000003, 'HUKS_TAG_DERIVED_AGREED_KEY_STORAGE_FLAG', 'is not as the key was made with')
  const isPersistent = parameters.number('HUKS_TAG_KEY_STORAGE_FLAG') === storageType.HUKS_STORAGE_PERSISTENT
  return asked === inside || (asked === undefined && isPersistent)
}

/** As many of the bytes as the new key has. */
function fitting(output: Uint8Array, parameters: KeyParameters): Uint8Array {
  return output.subarray(0, Math.ceil(parameters.neededNumber('HUKS_TAG_KEY_SIZE') / 8))
}

/** @throws BusinessError 12000002, 401 */
function givenPlace(parameters: KeyParameters): KeyPlace {
  const alias = Buffer.from(parameters.neededBytes('HUKS_TAG_KEY_ALIAS')).toString('utf8')
  return { level: levelOf(parameters), alias: readAlias(alias, 'HUKS_TAG_KEY_ALIAS') }
}
