import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { receiveMessage, sendMessage } from '@vpnext/native'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Preparation, type PreparedParts, SpareHost } from './spare-host.ts'
import { WaitingHost } from './waiting-host.ts'

let folder: string
let stage1: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'vpnext-spare-'))
  stage1 = join(folder, 'stage1.cjs')
  // Answers its first record with its pid, and lives until it is killed.
  writeFileSync(
    stage1,
    `const { readSync, writeSync } = require('node:fs')
     if (readSync(3, Buffer.alloc(100)) === 0) process.exit(0)
     writeSync(3, String(process.pid))
     setInterval(() => {}, 1000)`,
  )
})
afterAll(() => rmSync(folder, { recursive: true }))

/** What the process says once it is told something. */
async function answerOf(host: WaitingHost): Promise<string> {
  sendMessage(host.channel, Buffer.from('hello'))
  const buffer = Buffer.alloc(100)
  for (;;) {
    const got = receiveMessage(host.channel, buffer)
    if (got !== 'again') return buffer.toString('utf8', 0, got.length)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

/** Starts real processes, and keeps them to look at. */
function starter(): { start: () => Promise<WaitingHost>; readonly started: WaitingHost[] } {
  const started: WaitingHost[] = []
  const start = async (): Promise<WaitingHost> => {
    const host = await WaitingHost.start(process.execPath, stage1)
    started.push(host)
    return host
  }
  return { start, started }
}

test('the spare is the one that was started ahead, and is given once', async () => {
  const { start, started } = starter()
  await using spare = new SpareHost(start)
  spare.fill()
  spare.fill()
  await using first = (await spare.take('a')).waiting
  expect(started).toEqual([first])
  await using second = (await spare.take('a')).waiting
  expect(started).toEqual([first, second])
  expect(await answerOf(first)).toBe(String(first.pid))
  expect(await answerOf(second)).toBe(String(second.pid))
})

test('a spare that has died meanwhile is replaced', async () => {
  const { start, started } = starter()
  await using spare = new SpareHost(start)
  spare.fill()
  while (started.length === 0) await new Promise((resolve) => setImmediate(resolve))
  const [dead] = started
  process.kill(dead?.pid ?? 0, 'SIGKILL')
  await dead?.exited
  await using live = (await spare.take('a')).waiting
  expect(live).not.toBe(dead)
  expect(await answerOf(live)).toBe(String(live.pid))
  expect(dead?.channel.closed).toBe(true)
})

test('disposing ends the spare and begins none', async () => {
  const { start, started } = starter()
  const spare = new SpareHost(start)
  spare.fill()
  await spare[Symbol.asyncDispose]()
  spare.fill()
  expect(started.map(({ hasEnded, channel }) => ({ hasEnded, closed: channel.closed }))).toEqual([
    { hasEnded: true, closed: true },
  ])
})

test('a binary that is not there is heard of when a host is needed, not before', async () => {
  await using spare = new SpareHost(() => WaitingHost.start(join(folder, 'no-node'), stage1))
  spare.fill()
  await expect(spare.take('a')).rejects.toMatchObject({ code: 'ENOENT' })
})

/** For a bundle of its own name; counts whom it has prepared. */
function preparationFor(key: string): Preparation & { readonly prepared: WaitingHost[] } {
  const prepared: WaitingHost[] = []
  const prepare = async (waiting: WaitingHost): Promise<PreparedParts> => {
    await Promise.resolve()
    prepared.push(waiting)
    return { cgroup: undefined }
  }
  return { key, bundle: `bundle of ${key}`, prepare, prepared }
}

test('the spare is prepared for whom it is favoured, and serves nobody else', async () => {
  const { start, started } = starter()
  await using spare = new SpareHost(start)
  spare.fill()
  const preparation = preparationFor('a')
  spare.favour(preparation)
  await expect.poll(() => preparation.prepared).toEqual(started)
  const taken = await spare.take('a')
  await using first = taken.waiting
  expect(taken.prepared).toEqual({ cgroup: undefined })
  expect([first]).toEqual(started)

  const again = preparationFor('a')
  spare.favour(again)
  await expect.poll(() => again.prepared).toHaveLength(1)
  const other = await spare.take('b')
  await using second = other.waiting
  expect(other.prepared).toBeUndefined()
  expect(again.prepared).not.toContain(second)
  // And its control group: that of the one that was given now may have the same name.
  expect(again.prepared[0]?.hasEnded).toBe(true)
})

test('a bundle that changes loses its prepared host, and another one keeps it', async () => {
  const { start } = starter()
  await using spare = new SpareHost(start)
  const preparation = preparationFor('a')
  spare.favour(preparation)
  await expect.poll(() => preparation.prepared).toHaveLength(1)
  await spare.discard('bundle of b')
  expect(preparation.prepared[0]?.hasEnded).toBe(false)
  await spare.discard('bundle of a')
  expect(preparation.prepared[0]?.hasEnded).toBe(true)
  await using next = (await spare.take('a')).waiting
  expect(next).not.toBe(preparation.prepared[0])
})

test('what cannot be prepared is no spare, and what nobody wants any more is a spare for all', async () => {
  const { start, started } = starter()
  await using spare = new SpareHost(start)
  const broken = { ...preparationFor('a'), prepare: () => Promise.reject(new Error('no cgroup')) }
  spare.favour(broken)
  await expect.poll(() => started.length).toBe(2)
  await using first = (await spare.take('a')).waiting
  expect(started.indexOf(first)).toBe(1)
  expect(started[0]?.hasEnded).toBe(true)
  const unwanted = { ...preparationFor('a'), prepare: () => Promise.resolve(undefined) }
  spare.favour(unwanted)
  await expect.poll(() => started.length).toBe(3)
  const taken = await spare.take('b')
  await using second = taken.waiting
  expect(taken.prepared).toBeUndefined()
  expect(started.indexOf(second)).toBe(2)
})
