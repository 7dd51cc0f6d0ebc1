import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { fileIoNamespace } from './file-io.ts'
import { FileWatches } from './file-watcher.ts'

type Call = (...args: unknown[]) => unknown
interface Open {
  readonly fd: number
  readonly name: string
  readonly path: string
  getParent(): string
}

const fileIo = fileIoNamespace(() => false, new FileWatches()) as Record<string, Call> & {
  OpenMode: Record<string, number>
  AccessModeType: Record<string, number>
}
const call = (name: string, ...args: unknown[]): unknown => {
  const found = fileIo[name]
  if (found === undefined) throw new Error(`fileIo has no ${name}`)
  return found(...args)
}
const code = (number: number): unknown => expect.objectContaining({ code: number })

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vpnext-files-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const readWrite = (): number => (fileIo.OpenMode['CREATE'] ?? 0) | (fileIo.OpenMode['READ_WRITE'] ?? 0)

test('a file is written, read back at offsets, told about, and closed', () => {
  const path = join(folder, 'x.txt')
  const file = call('openSync', path, readWrite()) as Open
  expect([file.name, file.getParent()]).toEqual(['x.txt', folder])
  expect(call('writeSync', file.fd, 'hello world')).toBe(11)
  expect(call('writeSync', file.fd, new TextEncoder().encode('HELLO').buffer, { offset: 0 })).toBe(5)
  const buffer = new ArrayBuffer(5)
  expect(call('readSync', file.fd, buffer, { offset: 6 })).toBe(5)
  expect(Buffer.from(buffer).toString()).toBe('world')
  call('fsyncSync', file.fd)
  call('closeSync', file)
  expect(() => call('readSync', file.fd, buffer)).toThrow(code(13900008))
  expect(call('readTextSync', path)).toBe('HELLO world')
  expect(call('readTextSync', path, { offset: 6, length: 3 })).toBe('wor')
  const stat = call('statSync', path) as { size: number; mtime: number; ino: unknown; isFile(): boolean }
  expect([stat.size, stat.isFile(), typeof stat.ino]).toEqual([11, true, 'bigint'])
  expect(Math.abs(stat.mtime - Date.now() / 1000)).toBeLessThan(60)
  expect(Reflect.get(stat, 'location')).toBe(
    Reflect.get(Object(Reflect.get(fileIo, 'LocationType')), 'LOCAL'),
  )
})

test('a file is opened by its URI too', async () => {
  const path = join(folder, 'with blank ä')
  writeFileSync(path, 'x')
  const uri = `file://com.example.vpn${pathToFileURL(path).pathname}`
  const opened = [call('openSync', uri), await call('open', uri)] as Open[]
  for (const file of opened) {
    expect([file.path, file.name]).toEqual([path, 'with blank ä'])
    call('closeSync', file)
  }
})

test('each call exists with a promise, with a callback, and waiting', async () => {
  const path = join(folder, 'a')
  const file = (await call('open', path, readWrite())) as Open
  expect(await call('write', file.fd, 'abc')).toBe(3)
  const outcome = await new Promise((resolve) => {
    const returned = call('stat', path, (error: unknown, stat: { size: number }) =>
      resolve([returned, error, stat.size]),
    )
  })
  expect(outcome).toEqual([undefined, undefined, 3])
  const failure = await new Promise((resolve) => call('unlink', join(folder, 'none'), resolve))
  expect(failure).toEqual(code(13900002))
  await call('close', file)
  expect(await call('access', path)).toBe(true)
  expect(await call('access', join(folder, 'none'))).toBe(false)
  expect(call('accessSync', path, fileIo.AccessModeType['WRITE'])).toBe(true)
})

test('what one system call does is done at the call, for code that does not wait', async () => {
  const [deep, path] = [join(folder, 'a/b'), join(folder, 'a/b/x')]
  const made = call('mkdir', deep, true)
  call('closeSync', call('openSync', path, readWrite()))
  const moved = call('rename', path, `${path}2`)
  const gone = call('unlink', `${path}2`)
  expect(call('accessSync', `${path}2`)).toBe(false)
  await Promise.all([made, moved, gone])
  await expect(call('mkdir', deep)).rejects.toEqual(code(13900015))
})

test('folders are made, listed, renamed and removed with all that is in them', () => {
  call('mkdirSync', join(folder, 'a/b'), true)
  writeFileSync(join(folder, 'a/b/two.txt'), '')
  writeFileSync(join(folder, 'a/one.log'), '')
  expect(call('listFileSync', join(folder, 'a'))).toEqual(['b', 'one.log'])
  expect(call('listFileSync', `${folder}/a/`, { recursion: true })).toEqual(['/b/two.txt', '/one.log'])
  expect(call('listFileSync', join(folder, 'a'), { filter: { suffix: ['.log'] } })).toEqual(['one.log'])
  call('renameSync', join(folder, 'a/one.log'), join(folder, 'moved'))
  call('copyFileSync', join(folder, 'moved'), join(folder, 'copy'))
  call('truncateSync', join(folder, 'copy'), 7)
  expect((call('statSync', join(folder, 'copy')) as { size: number }).size).toBe(7)
  call('rmdirSync', join(folder, 'a'))
  expect(call('listFileSync', folder)).toEqual(['copy', 'moved'])
  call('unlinkSync', join(folder, 'copy'))
  expect(call('listFileSync', folder)).toEqual(['moved'])
})

test.each([
  ['a missing file', 'openSync', ['none'], 13900002],
  ['a folder as a file', 'readTextSync', ['.'], 13900019],
  ['a file as a folder', 'rmdirSync', ['file'], 13900018],
  ['a folder that exists', 'mkdirSync', ['.'], 13900015],
  ['a loop of links', 'statSync', ['loop'], 13900033],
])('%s fails with the code of the documents', async (_name, name, [path], expected) => {
  writeFileSync(join(folder, 'file'), '')
  symlinkSync('loop', join(folder, 'loop'))
  expect(() => call(name, join(folder, path ?? ''))).toThrow(code(expected))
  await expect(call(name.replace('Sync', ''), join(folder, path ?? ''))).rejects.toEqual(code(expected))
})

test.each([
  ['openSync', [1], 'path'],
  ['openSync', ['/x', 0x80000000], 'mode'],
  ['readSync', ['1', new ArrayBuffer(1)], 'fd'],
  ['readSync', [1, 'text'], 'buffer'],
  ['readSync', [1, new ArrayBuffer(1), { length: 2 }], 'options.length'],
  ['readSync', [1, new ArrayBuffer(1), { offset: -1 }], 'options.offset'],
  ['closeSync', [{}], 'file'],
  ['readTextSync', ['/x', { encoding: 'gbk' }], 'options.encoding'],
])('%s(%o) is refused at once, naming %s', (name, args, field) => {
  const refusal = expect.objectContaining({ code: 13900020, data: expect.objectContaining({ field }) })
  expect(() => call(name, ...args)).toThrow(refusal)
  expect(() => call(name.replace('Sync', ''), ...args)).toThrow(refusal)
})
