import { mkdir, open } from 'node:fs/promises'
import { constants } from 'node:fs'
import { dirname, join } from 'node:path'
import type { BundleArchive } from '../protocol/bundle.ts'
import { manifestOf } from './installed-bundle.ts'

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants

/**
 * Writes an archive into a folder that does not exist yet and only the service can reach:
 * `archive.json` (without scripts, files and libraries), `scripts/<key>.cjs` with `<key>.cjs.map`, `resources/<path>`,
 * `libs/<name>` when there are any.
 * Readable by all, because a host sees the folder under a uid of its own.
 */
export async function unpack(archive: BundleArchive, folder: string, signal?: AbortSignal): Promise<void> {
  await mkdir(folder, { mode: 0o755 })
  await mkdir(join(folder, 'scripts'))
  await mkdir(join(folder, 'resources'))
  await write(join(folder, 'archive.json'), JSON.stringify(manifestOf(archive)))
  for (const [key, { code, map }] of Object.entries(archive.scripts)) {
    signal?.throwIfAborted()
    await write(join(folder, 'scripts', `${key}.cjs`), map === '' ? code : withMapReference(code, key))
    if (map !== '') await write(join(folder, 'scripts', `${key}.cjs.map`), map)
  }
  for (const [path, content] of Object.entries(archive.files)) {
    signal?.throwIfAborted()
    const target = join(folder, 'resources', path)
    await mkdir(dirname(target), { recursive: true })
    await write(target, Buffer.from(content, 'base64'))
  }
  if (archive.libs === undefined) return
  await mkdir(join(folder, 'libs'))
  for (const [name, content] of Object.entries(archive.libs)) {
    signal?.throwIfAborted()
    await write(join(folder, 'libs', name), Buffer.from(content, 'base64'))
  }
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
