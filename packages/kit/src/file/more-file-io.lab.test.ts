import { openFds } from '@vpnext/native'
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { fileIoNamespace } from './file-io.ts'
import { FileWatches } from './file-watcher.ts'

type Call = (...args: unknown[]) => unknown

let watches: FileWatches
let fileIo: Record<string, Call>
let folder: string
beforeEach(() => {
  watches = new FileWatches()
  fileIo = fileIoNamespace(() => false, watches) as Record<string, Call>
  folder = mkdtempSync(join(tmpdir(), 'vpnext-files-'))
})
afterEach(() => {
  watches[Symbol.dispose]()
  rmSync(folder, { recursive: true })
  expect(openFds()).toBe(0)
})
const call = (name: string, ...args: unknown[]): unknown => fileIo[name]?.(...args)
const method = (object: unknown, name: string, ...args: unknown[]): unknown =>
  (object as Record<string, Call>)[name]?.(...args)
const code = (number: number): unknown => expect.objectContaining({ code: number })
const path = (name: string): string => join(folder, name)

test('lines come with their ends, across chunks and in any alphabet', async () => {
  const lines = ['first\n', '\n', `${'ü'.repeat(70_000)}\n`, 'last']
  writeFileSync(path('x'), lines.join(''))
  const reader = (await call('readLines', path('x'))) as Iterable<string>
  expect([...reader]).toEqual(lines)
  expect(() => call('readLinesSync', path('none'))).toThrow(code(13900002))
})

test('the position of a file can be moved, and a duplicate shares it', () => {
  writeFileSync(path('x'), 'hello world')
  const file = call('openSync', path('x')) as { fd: number }
  expect(call('lseek', file.fd, 6)).toBe(6)
  const second = call('dup', file.fd) as { fd: number; name: string }
  expect(second.name).toBe('x')
  const buffer = new ArrayBuffer(5)
  call('readSync', second.fd, buffer)
  expect(Buffer.from(buffer).toString()).toBe('world')
  expect(call('lseek', file.fd, -1, 1)).toBe(10)
  expect(call('lseek', file.fd, 0, 2)).toBe(11)
  expect(() => call('lseek', file.fd, -1, 0)).toThrow(code(13900020))
  expect(() => call('dup', 99_999)).toThrow(code(13900008))
  call('closeSync', file)
  call('closeSync', second)
})

test('a stream reads and writes where it is, or where it is told to', async () => {
  const stream = await call('createStream', path('x'), 'w+')
  expect(method(stream, 'writeSync', 'hello world')).toBe(11)
  expect(await method(stream, 'write', 'J', { offset: 0 })).toBe(1)
  const buffer = new ArrayBuffer(4)
  expect(method(stream, 'readSync', buffer)).toBe(4)
  expect(Buffer.from(buffer).toString()).toBe('ello')
  await method(stream, 'flush')
  method(stream, 'closeSync')
  expect(() => method(stream, 'readSync', buffer)).toThrow(code(13900008))
  const appending = call('createStreamSync', path('x'), 'a')
  method(appending, 'writeSync', '!', { offset: 0 })
  method(appending, 'closeSync')
  expect(readFileSync(path('x'), 'utf8')).toBe('Jello world!')
  expect(() => call('createStreamSync', path('x'), 'x')).toThrow(code(13900020))
})

test('a random-access file counts offsets from its pointer and keeps to its window', async () => {
  writeFileSync(path('x'), '0123456789')
  const file = (await call('createRandomAccessFile', path('x'), 2, { start: 2, end: 8 })) as {
    filePointer: number
  }
  const buffer = new ArrayBuffer(4)
  expect(method(file, 'readSync', buffer, { offset: 1 })).toBe(4)
  expect([Buffer.from(buffer).toString(), file.filePointer]).toEqual(['3456', 5])
  expect(await method(file, 'read', buffer)).toBe(1)
  method(file, 'setFilePointer', 0)
  expect(method(file, 'writeSync', 'AB')).toBe(2)
  method(file, 'close')
  expect(readFileSync(path('x'), 'utf8')).toBe('01AB456789')
})

test('links, temporary folders and times', async () => {
  writeFileSync(path('x'), 'x')
  await call('symlink', path('x'), path('link'))
  expect((call('lstatSync', path('link')) as { isSymbolicLink(): boolean }).isSymbolicLink()).toBe(true)
  const temporary = call('mkdtempSync', path('t-XXXXXX')) as string
  expect(temporary).toMatch(/\/t-\w{6}$/)
  expect(() => call('mkdtempSync', path('t'))).toThrow(code(13900020))
  const { atimeMs } = statSync(path('x'))
  call('utimes', path('x'), 1_000_000_500)
  expect(statSync(path('x')).mtimeMs).toBe(1_000_000_500)
  expect(statSync(path('x')).atimeMs).toBeCloseTo(atimeMs, 0)
  expect((call('statSync', path('x')) as { mtimeNs: bigint }).mtimeNs).toBe(1_000_000_500_000_000n)
  expect(() => call('mkdirSync', folder, true)).toThrow(code(13900015))
})

test('files and folders are moved and copied, with the rules of each mode', () => {
  writeFileSync(path('a'), 'a')
  writeFileSync(path('b'), 'b')
  expect(() => call('moveFileSync', path('a'), path('b'), 1)).toThrow(code(13900015))
  call('moveFileSync', path('a'), path('b'))
  expect(readFileSync(path('b'), 'utf8')).toBe('a')
  mkdirSync(path('from/sub'), { recursive: true })
  mkdirSync(path('to'))
  writeFileSync(path('from/sub/x'), '1')
  call('copyDirSync', path('from'), path('to'))
  expect(readFileSync(path('to/from/sub/x'), 'utf8')).toBe('1')
  expect(() => call('copyDirSync', path('from'), path('to'))).toThrow(
    expect.objectContaining({
      code: 13900015,
      data: [{ srcFile: path('from/sub/x'), destFile: path('to/from/sub/x') }],
    }),
  )
  writeFileSync(path('from/sub/x'), '2')
  writeFileSync(path('to/from/kept'), '')
  expect(() => call('moveDirSync', path('from'), path('to'))).toThrow(code(13900032))
  call('moveDirSync', path('from'), path('to'), 2)
  expect([readFileSync(path('to/from/sub/x'), 'utf8'), call('listFileSync', path('to/from'))]).toEqual([
    '2',
    ['kept', 'sub'],
  ])
  const target = call('openSync', path('copy'), 0o102) as { fd: number }
  call('copyFileSync', path('b'), target.fd)
  call('closeSync', target)
  expect(readFileSync(path('copy'), 'utf8')).toBe('a')
})

test('listFile filters by name, size and time', () => {
  writeFileSync(path('small.txt'), '')
  writeFileSync(path('large.log'), 'x'.repeat(100))
  const list = (filter: object): unknown => call('listFileSync', folder, { filter })
  expect(list({ displayName: ['s*.txt', 'none'] })).toEqual(['small.txt'])
  expect(list({ fileSizeOver: 99 })).toEqual(['large.log'])
  expect(list({ fileSizeOver: 100 })).toEqual([])
  expect(list({ lastModifiedAfter: Math.floor(Date.now() / 1000) + 60 })).toEqual([])
  expect(list({ lastModifiedAfter: 1 })).toEqual(['large.log', 'small.txt'])
})

test('a file is locked against other descriptors', async () => {
  const open = (): { fd: number } => call('openSync', path('x'), 0o102) as { fd: number }
  const [one, other] = [open(), open()]
  await method(one, 'lock', true)
  expect(() => method(other, 'tryLock')).toThrow(code(13900010))
  const waiting = method(other, 'lock', true)
  method(one, 'unlock')
  await waiting
  expect(() => method(one, 'tryLock', true)).toThrow(code(13900010))
  call('closeSync', one)
  call('closeSync', other)
})

const IN_CLOSE_WRITE = 0x8
const IN_MOVED_TO = 0x80
const IN_DELETE_SELF = 0x400

interface Change {
  fileName: string
  event: number
  cookie: number
}

test('a watcher tells what it was asked for, with the numbers of inotify, until it stops', async () => {
  const changes: Change[] = []
  let wake = (): void => undefined
  const watcher = call('createWatcher', folder, IN_CLOSE_WRITE | IN_MOVED_TO, (change: Change) => {
    changes.push(change)
    wake()
  })
  const change = (): Promise<void> =>
    new Promise((resolve) => {
      wake = resolve
    })
  method(watcher, 'start')
  expect(() => method(watcher, 'start')).toThrow(code(13900015))
  const first = change()
  writeFileSync(path('x'), 'x')
  await first
  const second = change()
  renameSync(path('x'), path('y'))
  await second
  method(watcher, 'stop')
  expect(changes).toEqual([
    { fileName: path('x'), event: IN_CLOSE_WRITE, cookie: 0 },
    { fileName: path('y'), event: IN_MOVED_TO, cookie: expect.any(Number) },
  ])
  // Another watcher of the same folder hears what this one does not any more.
  const heard = new Promise((resolve) => {
    method(call('createWatcher', folder, IN_CLOSE_WRITE, resolve), 'start')
  })
  appendFileSync(path('y'), 'y')
  expect(await heard).toMatchObject({ event: IN_CLOSE_WRITE })
  expect(changes).toHaveLength(2)
  expect(() => method(watcher, 'stop')).toThrow(code(13900020))
})

test('two watchers of one file hear of different things', async () => {
  writeFileSync(path('x'), '')
  const heard: number[] = []
  method(
    call('createWatcher', path('x'), IN_CLOSE_WRITE, ({ event }: Change) => heard.push(event)),
    'start',
  )
  const gone = new Promise<Change>((resolve) => {
    method(call('createWatcher', path('x'), IN_DELETE_SELF, resolve), 'start')
  })
  appendFileSync(path('x'), 'more')
  rmSync(path('x'))
  expect(await gone).toEqual({ fileName: path('x'), event: IN_DELETE_SELF, cookie: 0 })
  expect(heard).toEqual([IN_CLOSE_WRITE])
  expect(() =>
    method(
      call('createWatcher', path('none'), 1, () => undefined),
      'start',
    ),
  ).toThrow(code(13900002))
})

test('attributes beside the content, in every form', async () => {
  writeFileSync(path('x'), '')
  call('setxattrSync', path('x'), 'user.note', 'grüezi')
  expect(await call('getxattr', path('x'), 'user.note')).toBe('grüezi')
  expect(() => call('getxattrSync', path('x'), 'user.none')).toThrow(code(13900037))
  expect(() => call('setxattrSync', path('none'), 'user.note', '')).toThrow(code(13900002))
  expect(() => call('setxattrSync', path('x'), 'user.note', 1)).toThrow(code(13900020))
  expect(() => call('setxattrSync', path('x'), `user.${'n'.repeat(251)}`, '')).toThrow(code(13900020))
})

const ended = (stream: unknown, event: string): Promise<unknown> =>
  new Promise((resolve) => {
    method(stream, 'on', event, resolve)
  })

test('a file is read and written as a stream: pieces, a part, appended', async () => {
  const text = 'abcdefghij'.repeat(5000)
  const writing = call('createWriteStream', path('x'))
  method(writing, 'write', text.slice(0, 20_000))
  const finished = ended(writing, 'finish')
  method(writing, 'end', text.slice(20_000))
  await finished
  expect(writing).toMatchObject({ bytesWritten: 50_000, path: path('x') })
  expect(readFileSync(path('x'), 'utf8')).toBe(text)
  const reading = call('createReadStream', path('x'), { start: 1, end: 40_000 })
  let read = ''
  method(reading, 'on', 'data', ({ data }: { data: Uint8Array }) => (read += Buffer.from(data).toString()))
  await ended(reading, 'end')
  expect(read).toBe(text.slice(1, 40_001))
  expect(reading).toMatchObject({ bytesRead: 40_000 })
  const more = call('createWriteStream', path('x'), { mode: 0o2001 })
  method(more, 'write', '!')
  method(more, 'close')
  expect(readFileSync(path('x'), 'utf8')).toBe(`${text}!`)
  const part = call('createReadStream', path('x'))
  expect(method(part, 'seek', -2, 2)).toBe(49_999)
  expect(() => method(part, 'seek', -1)).toThrow(code(13900020))
  const last = ended(part, 'data')
  expect(Buffer.from(((await last) as { data: Uint8Array }).data).toString()).toBe('j!')
  expect(() => call('createReadStream', path('none'))).toThrow(code(13900002))
})

test('a random-access file gives streams of its part, which live on without it', async () => {
  writeFileSync(path('x'), '0123456789')
  const file = call('createRandomAccessFileSync', path('x'), 2, { start: 2, end: 5 })
  const reading = method(file, 'getReadStream')
  const writing = method(file, 'getWriteStream')
  method(file, 'close')
  method(writing, 'write', 'ab')
  method(writing, 'close')
  expect(readFileSync(path('x'), 'utf8')).toBe('01ab456789')
  const { data } = (await ended(reading, 'data')) as { data: Uint8Array }
  expect(Buffer.from(data).toString()).toBe('ab4')
  await ended(reading, 'end')
})

test('an atomic file shows the old content until the new is whole', () => {
  const Atomic = fileIo['AtomicFile'] as unknown as new (at: string) => object
  const file = new Atomic(path('x'))
  expect(() => method(file, 'readFully')).toThrow(code(13900002))
  expect(() => method(file, 'finishWrite')).toThrow(code(13900008))
  const content = (): string => Buffer.from(method(file, 'readFully') as ArrayBuffer).toString()
  method(method(file, 'startWrite'), 'write', 'one')
  expect(call('listFileSync', folder)).not.toContain('x')
  method(file, 'finishWrite')
  expect(content()).toBe('one')
  method(method(file, 'startWrite'), 'write', 'two')
  expect(content()).toBe('one')
  method(file, 'failWrite')
  method(method(file, 'startWrite'), 'write', 'three')
  method(file, 'finishWrite')
  expect([content(), call('listFileSync', folder)]).toEqual(['three', ['x']])
  const base = method(file, 'getBaseFile') as { path: string }
  expect(base.path).toBe(path('x'))
  call('closeSync', base)
  method(method(file, 'openRead'), 'close')
  method(file, 'delete')
  expect(call('listFileSync', folder)).toEqual([])
})

test('a copy tells how far it is, and can be cancelled; nothing is copied onto itself', async () => {
  mkdirSync(path('from/sub'), { recursive: true })
  writeFileSync(path('from/sub/x'), Buffer.alloc(2.5 * 1024 * 1024, 1))
  writeFileSync(path('from/y'), 'y')
  const heard: { processedSize: number; totalSize: number }[] = []
  await call('copy', path('from'), path('to'), {
    progressListener: (each: (typeof heard)[0]) => heard.push(each),
  })
  const total = 2.5 * 1024 * 1024 + 1
  expect(heard).toHaveLength(4)
  expect(heard.at(-1)).toEqual({ processedSize: total, totalSize: total })
  expect(readFileSync(path('to/sub/x')).equals(readFileSync(path('from/sub/x')))).toBe(true)
  const Signal = fileIo['TaskSignal'] as unknown as new () => object
  const signal = new Signal()
  const copying = call('copy', path('from'), path('other'), {
    progressListener: () => method(signal, 'cancel'),
    copySignal: signal,
  })
  await expect(copying).rejects.toMatchObject({ code: 13900004 })
  expect(await method(signal, 'onCancel')).toContain(path('other'))
  await expect(call('copy', path('from/y'), path('from/y'))).rejects.toMatchObject({ code: 13900020 })
  await expect(call('copy', path('from'), path('from/in'))).rejects.toMatchObject({ code: 13900020 })
  expect(readFileSync(path('from/y'), 'utf8')).toBe('y')
})
