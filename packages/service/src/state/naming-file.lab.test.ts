import { mkdirSync, openSync, closeSync, writeFileSync } from 'node:fs'
import { isErrno, makeMountsPrivate, mount, unmount, unshare } from '@vpnext/native'
import { beforeAll, expect, test } from 'vitest'
import { temporaryFolder } from '../../test/temporary-folder.ts'
import { writeFileAtomically } from './atomic-write.ts'
import { ensureFolder } from './folder.ts'
import { lockFolder } from './folder-lock.ts'
import { namingFile } from './naming-file.ts'

beforeAll(() => {
  unshare({ mount: true })
  makeMountsPrivate()
})

/** A file system of its own. */
function mountDisk(path: string, options: string): Disposable {
  mkdirSync(path)
  mount('vpnext-test', path, 'tmpfs', [], options)
  return { [Symbol.dispose]: () => unmount(path) }
}

/** Until the disk is full, in pages. */
function fill(path: string): void {
  const fd = openSync(path, 'w')
  try {
    for (;;) writeFileSync(fd, new Uint8Array(4096))
  } catch (error) {
    if (!isErrno(error, 'ENOSPC')) throw error
  } finally {
    closeSync(fd)
  }
}

test('on a full disk, the file or folder is named that could not be written', () => {
  using folder = temporaryFolder()
  using _disk = mountDisk(folder.in('disk'), 'size=64k,mode=755')
  mkdirSync(folder.in('disk', 'state'), { mode: 0o700 })
  fill(folder.in('disk', 'fill'))
  const named = (path: string): unknown =>
    expect.objectContaining({ code: 'ENOSPC', message: expect.stringContaining(path) as string })
  expect(() => lockFolder(folder.in('disk', 'state'))).toThrow(named(folder.in('disk', 'state')))
  const path = folder.in('disk', 'consent.json')
  expect(() => writeFileAtomically(path, '{}')).toThrow(named(path))
})

test('a folder on a disk that is read only is named', () => {
  using folder = temporaryFolder()
  using _disk = mountDisk(folder.in('disk'), 'mode=755')
  ensureFolder(folder.in('disk'), 0o700)
  mount('vpnext-test', folder.in('disk'), null, ['remount', 'readOnly'])
  const message: unknown = expect.stringMatching(`^${folder.in('disk')}: EROFS`)
  expect(() => ensureFolder(folder.in('disk'), 0o700)).toThrow(
    expect.objectContaining({ code: 'EROFS', message }),
  )
})

test('other errors stay as they are', () => {
  expect(() => namingFile('/a', () => writeFileSync('/dev/full', 'x'))).toThrow(/^\/a: ENOSPC/)
  const error = new TypeError('wrong')
  expect(() =>
    namingFile('/a', () => {
      throw error
    }),
  ).toThrow(error)
  expect(error.message).toBe('wrong')
})
