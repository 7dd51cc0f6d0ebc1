import { createHash } from 'node:crypto'
import { hasMoreValues } from '@vpnext/varlink'
import { type BundleArchive, bundleArchive } from '../protocol/bundle.ts'
import { InvalidBundle } from './invalid-bundle.ts'

/** Files and scripts an archive may hold: each becomes an inode of the service's file system. */
const maxFiles = 20_000
const maxScripts = 1024
const maxLibraries = 256
/** Values of an archive's JSON: ten times what so many files, scripts and libraries take. */
const maxValues = 250_000

/** An archive that passed every check. */
export interface ReadArchive {
  readonly archive: BundleArchive
  /** SHA-256 of the bytes, 64 hexadecimal digits. */
  readonly codeHash: string
}

/**
 * Reads a bundle archive, which comes from a stranger.
 *
 * @param bytes UTF-8 JSON as the protocol's bundle.ts describes it
 * @throws InvalidBundle naming the field
 */
export function readArchive(bytes: Uint8Array): ReadArchive {
  const result = bundleArchive.safeParse(parseJson(bytes))
  if (!result.success) {
    const issue = result.error.issues[0]
    throw new InvalidBundle(fieldName(issue?.path ?? []), issue?.message ?? 'is not valid')
  }
  const archive = result.data
  checkAbilities(archive)
  checkFiles(archive)
  return { archive, codeHash: createHash('sha256').update(bytes).digest('hex') }
}

function parseJson(bytes: Uint8Array): unknown {
  // 64 MiB of empty objects would keep the service busy for minutes, if they did not fill its memory.
  if (hasMoreValues(bytes, maxValues)) throw new InvalidBundle('archive', `has more than ${maxValues} values`)
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (error) {
    throw new InvalidBundle('archive', 'is not UTF-8 JSON', { cause: error })
  }
}

/** Every ability is found by one name and leads to a script. */
function checkAbilities({ modules, scripts }: BundleArchive): void {
  const moduleNames = new Set<string>()
  const abilityNames = new Set<string>()
  for (const [m, module] of modules.entries()) {
    claim(moduleNames, module.name, `modules[${m}].name`)
    if (module.testSuite !== undefined && !Object.hasOwn(scripts, module.testSuite))
      throw new InvalidBundle(`modules[${m}].testSuite`, `names no member of scripts: ${module.testSuite}`)
    for (const [a, ability] of module.abilities.entries()) {
      claim(abilityNames, ability.name, `modules[${m}].abilities[${a}].name`)
      if (!Object.hasOwn(scripts, ability.script)) {
        throw new InvalidBundle(
          `modules[${m}].abilities[${a}].script`,
          `names no member of scripts: ${ability.script}`,
        )
      }
    }
  }
}

function claim(names: Set<string>, name: string, field: string): void {
  if (names.has(name)) throw new InvalidBundle(field, `occurs twice: ${name}`)
  names.add(name)
}

function checkFiles({ files, scripts, libs = {} }: BundleArchive): void {
  const libraries = Object.entries(libs)
  if (libraries.length > maxLibraries)
    throw new InvalidBundle('libs', `are ${libraries.length}, more than ${maxLibraries}`)
  for (const [name, content] of libraries)
    if (!isBase64(content)) throw new InvalidBundle(`libs.${name}`, 'is not base64')
  const paths = Object.keys(files)
  if (paths.length > maxFiles) throw new InvalidBundle('files', `are ${paths.length}, more than ${maxFiles}`)
  const keys = Object.keys(scripts)
  if (keys.length > maxScripts)
    throw new InvalidBundle('scripts', `are ${keys.length}, more than ${maxScripts}`)
  const known = new Set(paths)
  for (const path of paths) {
    for (let slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
      const folder = path.slice(0, slash)
      if (known.has(folder)) throw new InvalidBundle(`files.${path}`, `${folder} is a file, not a folder`)
    }
    if (path.split('/').some((part) => Buffer.byteLength(part) > 255)) {
      throw new InvalidBundle(`files.${path}`, 'has a name of more than 255 bytes')
    }
    if (!isBase64(files[path] ?? '')) throw new InvalidBundle(`files.${path}`, 'is not base64')
  }
}

function isBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text)
}

function fieldName(path: readonly PropertyKey[]): string {
  if (path.length === 0) return 'archive'
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`
    return text === '' ? String(key) : `${text}.${String(key)}`
  }, '')
}
