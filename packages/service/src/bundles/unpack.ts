import { constants, mkdirSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { BundleArchive } from '../protocol/bundle.ts'
import { manifestOf } from './installed-bundle.ts'

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants

/** Files on their way to the disk at once, which takes them together: as many as node has threads for files. */
const writers = 4

/**
 * Writes an archive into a folder that does not exist yet and only the service can reach:
 * `archive.json` (without scripts, files and libraries), `scripts/<key>.cjs` with `<key>.cjs.map`, `resources/<path>`,
 * `libs/<name>` when there are any.
 * Readable by all, because a host sees the folder under a uid of its own.
 */
export async function unpack(archive: BundleArchive, folder: string, signal?: AbortSignal): Promise<void> {
  mkdirSync(folder, { mode: 0o755 })
  mkdirSync(join(folder, 'scripts'))
  mkdirSync(join(folder, 'resources'))
  if (archive.libs !== undefined) mkdirSync(join(folder, 'libs'))
  const files = filesOf(archive, folder)
  const writer = async (): Promise<void> => {
    // When one fails this ends the generator, and with it the others.
    for (const { path, content } of files) {
      signal?.throwIfAborted()
      await write(path, content)
    }
  }
  // All have ended before anybody removes the folder.
  for (const end of await Promise.allSettled(Array.from({ length: writers }, writer)))
    if (end.status === 'rejected') throw end.reason
}

interface NewFile {
  readonly path: string
  readonly content: string | Uint8Array
}

/** Makes the folders on the way. */
function* filesOf(archive: BundleArchive, folder: string): Generator<NewFile, void> {
  yield { path: join(folder, 'archive.json'), content: JSON.stringify(manifestOf(archive)) }
  for (const [key, { code, map }] of Object.entries(archive.scripts)) {
    const path = join(folder, 'scripts', `${key}.cjs`)
    yield { path, content: map === '' ? code : withMapReference(code, key) }
    if (map !== '') yield { path: `${path}.map`, content: map }
  }
  for (const [name, content] of Object.entries(archive.files)) {
    const path = join(folder, 'resources', name)
    mkdirSync(dirname(path), { recursive: true })
    yield { path, content: Buffer.from(content, 'base64') }
  }
  for (const [name, content] of Object.entries(archive.libs ?? {}))
    yield { path: join(folder, 'libs', name), content: Buffer.from(content, 'base64') }
}

/** node finds a source map by the last such comment of a file. */
function withMapReference(code: string, key: string): string {
  return /^\/\/# sourceMappingURL=/m.test(code) ? code : `${code}\n//# sourceMappingURL=${key}.cjs.map\n`
}

async function write(path: string, content: string | Uint8Array): Promise<void> {
  const file = await open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o644)
  try {
    await file.writeFile(content)
    await file.sync()
  } finally {
    await file.close()
  }
}
