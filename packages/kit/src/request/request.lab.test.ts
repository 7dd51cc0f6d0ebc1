import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { testAbility, testKits } from '../../test/test-runtime.ts'
import type { Kits } from '../kits.ts'

type Call = (...args: unknown[]) => Promise<unknown>
type Task = Record<string, Call>

let folder: string
let kits: Kits
let request: Record<string, unknown>
let server: Server
let url: string
let answer: (message: IncomingMessage, response: ServerResponse) => void
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vpnext-request-'))
  kits = testKits({ protectProcess: () => Promise.resolve({ by: 'nobody', reason: 'x' }) }).kits
  request = Reflect.get(kits.load('@kit.BasicServicesKit') ?? {}, 'request')
  server = createServer((message, response) => answer(message, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/lists/geo.dat?x=1`
})
afterEach(() => {
  kits[Symbol.dispose]()
  server.closeAllConnections()
  server.close()
  rmSync(folder, { recursive: true })
})
const code = (expected: number): object => expect.objectContaining({ code: expected }) as object
const download = async (config: object = {}): Promise<Task> => {
  const downloadFile = request['downloadFile'] as Call
  return (await downloadFile({ cacheDir: folder }, { url, ...config })) as Task
}
/** What one event was told with. */
const heard = (task: Task, type: string): Promise<unknown[]> =>
  new Promise((resolve) => {
    void task['on']?.(type, (...values: unknown[]) => resolve(values))
  })

test('a file is fetched into the cache under its name, and its progress told', async () => {
  const asked: unknown[] = []
  answer = ({ url: path, headers }, response) => {
    asked.push([path, headers['x-from'], headers['accept-encoding']])
    response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8', 'content-length': 10 })
    response.end('0123456789')
  }
  const task = await download({ header: { 'X-From': 'me' }, title: 'list', description: 'of places' })
  expect(await task['getTaskInfo']?.()).toMatchObject({
    status: 2,
    downloadTitle: 'list',
    description: 'of places',
  })
  const progress: unknown[] = []
  void task['on']?.('progress', (...values: unknown[]) => progress.push(values))
  expect(await heard(task, 'complete')).toEqual([])
  expect(progress.at(-1)).toEqual([10, 10])
  const path = join(folder, 'geo.dat')
  expect(readFileSync(path, 'utf8')).toBe('0123456789')
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(asked).toEqual([['/lists/geo.dat?x=1', 'me', 'identity']])
  expect(await task['getTaskMimeType']?.()).toBe('text/plain')
  expect(await task['query']?.()).toMatchObject({
    status: 0,
    fileName: 'geo.dat',
    filePath: path,
    downloadedBytes: 10,
    downloadTotalBytes: 10,
  })
  // What is whole stays.
  expect(await task['suspend']?.()).toBe(false)
  expect(await task['restore']?.()).toBe(false)
  expect(await task['delete']?.()).toBe(true)
  expect(await task['delete']?.()).toBe(false)
  expect(existsSync(path)).toBe(true)
})

test('files go where they are told to, and to no other', async () => {
  answer = (_message, response) => void response.end('x')
  mkdirSync(join(folder, 'inner'))
  for (const filePath of [
    'inner/a',
    'internal://cache/b',
    join(folder, 'c'),
    `file://com.example.vpn${folder}/d`,
  ])
    await heard(await download({ filePath }), 'complete')
  for (const name of ['inner/a', 'b', 'c', 'd']) expect(readFileSync(join(folder, name), 'utf8')).toBe('x')
  writeFileSync(join(folder, 'here'), 'kept')
  for (const filePath of [
    'here',
    'inner',
    'inner/',
    '../outside',
    'nowhere/a',
    '.',
    join(folder, 'nowhere/a'),
  ])
    await expect(async () => download({ filePath }), filePath).rejects.toThrow(code(13400002))
  await expect(async () => download({ url: 'http://127.0.0.1/' })).rejects.toThrow(code(13400002))
  expect(readFileSync(join(folder, 'here'), 'utf8')).toBe('kept')
})

test('what goes wrong is told by its number, and leaves no file', async () => {
  const failed = async (config: object = {}): Promise<unknown> =>
    (await heard(await download(config), 'fail'))[0]
  answer = (_message, response) => void response.writeHead(404).end('not here')
  expect(await failed()).toBe(request['ERROR_UNHANDLED_HTTP_CODE'])
  answer = (_message, response) => void response.writeHead(302, { location: '/again' }).end()
  expect(await failed()).toBe(request['ERROR_TOO_MANY_REDIRECTS'])
  answer = (_message, response) => {
    response.writeHead(200, { 'content-length': 10 })
    response.write('01234')
    setImmediate(() => response.destroy())
  }
  const task = await download()
  expect(await heard(task, 'fail')).toEqual([request['ERROR_HTTP_DATA_ERROR']])
  expect(await task['getTaskInfo']?.()).toMatchObject({ status: 4, failedReason: 4 })
  expect(existsSync(join(folder, 'geo.dat'))).toBe(false)
  const port = new URL(url).port
  server.close()
  server.closeAllConnections()
  expect(await failed({ url: `http://127.0.0.1:${port}/a` })).toBe(request['ERROR_HTTP_DATA_ERROR'])
})

test('a download is paused and goes on where it was', async () => {
  const ranges: unknown[] = []
  answer = ({ headers }, response) => {
    ranges.push(headers.range)
    if (headers.range === undefined) {
      response.writeHead(200, { 'content-length': 10 })
      response.write('01234')
    } else {
      response.writeHead(206, { 'content-length': 5, 'content-range': 'bytes 5-9/10' })
      response.end('56789')
    }
  }
  const task = await download()
  await heard(task, 'progress')
  const paused = heard(task, 'pause')
  expect(await task['suspend']?.()).toBe(true)
  await paused
  expect(await task['suspend']?.()).toBe(false)
  expect(await task['getTaskInfo']?.()).toMatchObject({ status: 3, pausedReason: 3, downloadedBytes: 5 })
  const completed = heard(task, 'complete')
  expect(await task['restore']?.()).toBe(true)
  await completed
  expect(readFileSync(join(folder, 'geo.dat'), 'utf8')).toBe('0123456789')
  expect(await task['getTaskInfo']?.()).toMatchObject({ downloadedBytes: 10, downloadTotalBytes: 10 })
  expect(ranges).toEqual([undefined, 'bytes=5-'])
})

test('a server that begins anew is written from the beginning; what is removed leaves nothing', async () => {
  answer = (_message, response) => {
    response.writeHead(200, { 'content-length': 10 })
    response.write('01234')
  }
  const task = await download()
  await heard(task, 'progress')
  await task['pause']?.()
  answer = (_message, response) => void response.writeHead(200, { 'content-length': 3 }).end('new')
  const completed = heard(task, 'complete')
  await task['resume']?.()
  await completed
  expect(readFileSync(join(folder, 'geo.dat'), 'utf8')).toBe('new')
  answer = (_message, response) => {
    response.writeHead(200, { 'content-length': 10 })
    response.write('01234')
  }
  const other = await download({ filePath: 'other' })
  await heard(other, 'progress')
  const removed = heard(other, 'remove')
  expect(await other['remove']?.()).toBe(true)
  await removed
  expect(existsSync(join(folder, 'other'))).toBe(false)
  // Before it has begun.
  const early = await download({ filePath: 'early' })
  await early['delete']?.()
  expect(existsSync(join(folder, 'early'))).toBe(false)
})

test('arguments are looked at, the permission too, and a callback gets the task', async () => {
  const downloadFile = request['downloadFile'] as Call
  const context = { cacheDir: folder }
  for (const args of [
    [],
    [context],
    [{}, { url }],
    [context, {}],
    [context, { url: 'ftp://x/y' }],
    [context, { url: 'nonsense' }],
    [context, { url, filePath: 5 }],
    [context, { url, header: 'x' }],
    [context, { url, background: 1 }],
  ])
    expect(() => downloadFile(...args), JSON.stringify(args)).toThrow(code(401))
  const none = testKits({}, { ability: { ...testAbility, permissions: [] } }).kits
  const refused: object = Reflect.get(none.load('@ohos.request') ?? {}, 'default')
  await expect((Reflect.get(refused, 'downloadFile') as Call)(context, { url })).rejects.toThrow(code(201))
  none[Symbol.dispose]()
  answer = (_message, response) => void response.end('x')
  const task = await new Promise<Task>((resolve) => {
    void downloadFile(context, { url }, (_error: unknown, made: Task) => resolve(made))
  })
  expect(() => task['on']?.('nothing', () => undefined)).toThrow(code(401))
  expect(() => task['on']?.('fail')).toThrow(code(401))
  await heard(task, 'complete')
})
