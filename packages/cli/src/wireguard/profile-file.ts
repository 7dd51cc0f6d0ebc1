import { basename } from 'node:path'
import { parseWgQuick, SettingsError, vpnConfigOf, WgQuickError, type WgQuickFile } from '@vpnext/wireguard'
import { exitCodes } from '../exit-codes.ts'
import { CliFailure } from '../cli-failure.ts'
import { readNamedFile } from '../named-file.ts'
import { visible } from '../text/visible.ts'
import { lineOfKey } from './place-of-field.ts'

/** Where wg-quick(8) looks for a file that is only named. */
const folder = '/etc/wireguard'
/**
 * As the service takes it. With wg-quick the name is an interface's, of 15 at most; ours is not, and what providers call their files may be
 * longer.
 */
const namePattern = /^[A-Za-z0-9_][A-Za-z0-9_=+.-]{0,63}$/
/** As much as the service takes, in bytes, less the line that `up` adds. */
const longest = 8 * 1024 * 1024 - 64
const readableByOthers = 0o077

/** A wg-quick file. Holds secret keys: dispose of it. */
export interface ProfileFile extends Disposable {
  readonly name: string
  readonly path: string
  /** The file as it is. */
  readonly bytes: Uint8Array
  readonly settings: WgQuickFile
  /** What is allowed, but hardly meant, one line each. */
  readonly warnings: readonly string[]
}

/**
 * The name of a profile, as a person gives it: `wg0`, `wg0.conf` or a path.
 *
 * @throws CliFailure when it can be no name
 */
export function profileName(where: string): string {
  const name = basename(where).replace(/\.conf$/, '')
  if (namePattern.test(name)) return name
  throw new CliFailure(
    exitCodes.usage,
    `${visible(where)}: the name of a profile has 1 to 64 of A-Z, a-z, 0-9, _, =, +, . and -`,
    { hint: 'rename the file' },
  )
}

/**
 * Reads a wg-quick file.
 *
 * @param where a path; or a name, for `/etc/wireguard/<name>.conf`
 * @throws CliFailure naming file, line and key of what is wrong, without any key material
 */
export async function readProfileFile(where: string, signal: AbortSignal): Promise<ProfileFile> {
  const isName = !where.includes('/') && !where.endsWith('.conf')
  const name = profileName(where)
  const path = isName ? `${folder}/${name}.conf` : where
  const { bytes, mode } = await readNamedFile(path, longest, signal)
  try {
    const settings = parse(bytes, path)
    const warnings = settings.warnings.map(({ line, key, reason }) => `${path}:${line}: ${key}: ${reason}`)
    if ((mode & readableByOthers) !== 0) {
      warnings.push(`${path}: others may read it, and it holds keys: chmod 600 ${path}`)
    }
    if (settings.interface.addresses.length === 0)
      warnings.push(`${path}: Address: is missing: what goes into the tunnel has no address to come from`)
    warnings.push(...withoutEffect(settings, bytes.toString('utf8'), path))
    return { name, path, bytes, settings, warnings, [Symbol.dispose]: () => wipe(bytes, settings) }
  } catch (error) {
    bytes.fill(0)
    throw error
  }
}

function parse(bytes: Buffer, path: string): WgQuickFile {
  const mark = bytes.toString('latin1', 0, 2)
  if (mark === '\xff\xfe' || mark === '\xfe\xff') {
    throw new CliFailure(exitCodes.failure, `${visible(path)}: is in UTF-16, and UTF-8 is needed`, {
      hint: `iconv -f UTF-16 -t UTF-8 ${visible(path)}`,
      details: { file: path },
    })
  }
  const text = bytes.toString('utf8')
  try {
    const settings = parseWgQuick(text, path)
    vpnConfigOf(settings)
    return settings
  } catch (error) {
    const problem = error instanceof SettingsError ? placeOf(error, text, path) : error
    if (!(problem instanceof WgQuickError)) throw error
    const { file, key, line, message } = problem
    throw new CliFailure(exitCodes.failure, visible(message), { details: { file, line, key }, cause: error })
  }
}

/** What the file says and vpnext does otherwise, one line each. */
function withoutEffect(
  { interface: { fwMark, saveConfig } }: WgQuickFile,
  text: string,
  path: string,
): string[] {
  const warning = (key: string, reason: string): string =>
    `${path}:${lineOfKey(text, path, key)}: ${key}: has no effect: ${reason}`
  return [
    ...(fwMark === undefined || fwMark === 0
      ? []
      : [warning('FwMark', "WireGuard's own packets are kept out of the tunnel anyway")]),
    ...(saveConfig === true ? [warning('SaveConfig', 'the file is never written')] : []),
  ]
}

/** A key whose value means nothing here, with its line. */
function placeOf({ field, reason }: SettingsError, text: string, file: string): WgQuickError {
  return new WgQuickError({ file, line: lineOfKey(text, file, field) ?? 0, key: field }, reason)
}

function wipe(bytes: Uint8Array, { interface: own, peers }: WgQuickFile): void {
  bytes.fill(0)
  own.privateKey.wipe()
  for (const { presharedKey } of peers) presharedKey?.wipe()
}
