import * as fs from 'node:fs'
import { join, relative, resolve } from 'node:path'

import { asyncForm } from '../call-forms.ts'
import { isFunction } from '../parameters.ts'
import { option } from './arguments.ts'
import { asFileError, fileError, invalidArgument } from './file-error.ts'
import { placeArgument } from './file-uri.ts'
import { TaskSignal } from './task-signal.ts'

/** Bytes copied at once; the listener hears of each. */
const chunkSize = 1024 * 1024

interface CopyWork {
  readonly from: string
  readonly to: string
  readonly tell: (processedSize: number, totalSize: number) => void
  readonly cancel: TaskSignal | undefined
}

/**
 * `copy(srcUri, destUri, options?)`: a file, or a folder with all that is in it; files that are there are replaced. Paths are taken as well as
 * URIs. `options.progressListener` hears `{ processedSize, totalSize }` as it goes on, `options.copySignal` ends it (13900004).
 */
export const copy: (...args: unknown[]) => Promise<void> | undefined = asyncForm(
  ([from, to, options]): CopyWork => {
    const listener = option(options, 'progressListener')
    const cancel = option(options, 'copySignal')
    if (cancel !== undefined && !(cancel instanceof TaskSignal))
      throw invalidArgument('options.copySignal', 'is not a TaskSignal')
    return {
      from: placeArgument(from, 'srcUri'),
      to: placeArgument(to, 'destUri'),
      tell: (processedSize, totalSize) => {
        if (isFunction(listener)) listener({ processedSize, totalSize })
      },
      cancel,
    }
  },
  async (work) => {
    try {
      await copyAll(work)
    } catch (error) {
      throw asFileError(error)
    }
  },
)

async function copyAll({ from, to, tell, cancel }: CopyWork): Promise<void> {
  const stopped = cancel === undefined ? undefined : TaskSignal.of(cancel)
  const files = await filesOf(from, to)
  const total = files.reduce((sum, { size }) => sum + size, 0)
  let done = 0
  for (const file of files) {
    await copyFile(file, (count) => {
      done += count
      tell(done, total)
      if (stopped?.signal.aborted !== true) return
      stopped.stoppedAt(file.to)
      throw fileError('EINTR', { reason: 'the copy was cancelled' })
    })
  }
  if (total === 0) tell(0, 0)
}

interface CopiedFile {
  readonly from: string
  readonly to: string
  /** Bytes when the copy began. */
  readonly size: number
}

/** The files to copy; folders are made, and links copied as links. */
async function filesOf(from: string, to: string): Promise<CopiedFile[]> {
  const { size, isFolder } = await statOf(from)
  await refuseSelf(from, to)
  if (!isFolder) return [{ from, to, size }]
  const files: CopiedFile[] = []
  await fs.promises.mkdir(to, { recursive: true, mode: 0o700 })
  for (const entry of await fs.promises.readdir(from, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    const target = join(to, relative(from, path))
    if (entry.isDirectory()) await fs.promises.mkdir(target, { recursive: true, mode: 0o700 })
    else if (entry.isFile()) files.push({ from: path, to: target, size: (await statOf(path)).size })
    else await fs.promises.cp(path, target, { verbatimSymlinks: true, force: true })
  }
  return files
}

async function statOf(path: string): Promise<{ size: number; isFolder: boolean }> {
  const stat = await fs.promises.stat(path)
  return { size: stat.size, isFolder: stat.isDirectory() }
}

/** @throws BusinessError 13900020 for a copy onto or into itself, which would never end or begin by emptying the source */
async function refuseSelf(from: string, to: string): Promise<void> {
  const source = await fs.promises.realpath(from)
  const target = await fs.promises.realpath(to).catch(() => resolve(to))
  if (target === source || target.startsWith(`${source}/`))
    throw invalidArgument('destUri', 'is the source, or within it')
}

/** @param copied hears of each chunk */
async function copyFile({ from, to }: CopiedFile, copied: (count: number) => void): Promise<void> {
  const source = await fs.promises.open(from, 'r')
  try {
    const { mode } = await source.stat()
    const target = await fs.promises.open(to, 'w', mode)
    try {
      const chunk = Buffer.alloc(chunkSize)
      for (;;) {
        const { bytesRead } = await source.read(chunk, 0, chunkSize, null)
        if (bytesRead === 0) return
        await target.writeFile(chunk.subarray(0, bytesRead))
        copied(bytesRead)
      }
    } finally {
      await target.close()
    }
  } finally {
    await source.close()
  }
}
