import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { openFds } from './fd.ts'
import { type FileEvent, Inotify } from './inotify.ts'

const IN_CREATE = 0x100
const IN_CLOSE_WRITE = 0x8
const IN_MOVED_FROM = 0x40
const IN_MOVED_TO = 0x80

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vpnext-inotify-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
  expect(openFds()).toBe(0)
})

/** Waits until `count` events have come. */
function watching(mask: number, count: number): { inotify: Inotify; events: Promise<FileEvent[]> } {
  const seen: FileEvent[] = []
  let done: (events: FileEvent[]) => void
  const events = new Promise<FileEvent[]>((resolve) => {
    done = resolve
  })
  const inotify = Inotify.open((event) => {
    seen.push(event)
    if (seen.length === count) done(seen)
  })
  inotify.add(folder, mask)
  return { inotify, events }
}

test('changes in a folder are told with their names, the halves of a rename with one cookie', async () => {
  const { inotify, events } = watching(IN_CREATE | IN_CLOSE_WRITE | IN_MOVED_FROM | IN_MOVED_TO, 4)
  writeFileSync(join(folder, 'a'), 'x')
  renameSync(join(folder, 'a'), join(folder, 'b'))
  const seen = await events
  inotify[Symbol.dispose]()
  expect(seen.map(({ mask, name }) => [mask, name])).toEqual([
    [IN_CREATE, 'a'],
    [IN_CLOSE_WRITE, 'a'],
    [IN_MOVED_FROM, 'a'],
    [IN_MOVED_TO, 'b'],
  ])
  expect(seen[2]?.cookie).toBeGreaterThan(0)
  expect(seen[3]?.cookie).toBe(seen[2]?.cookie)
})

test('a path that is not there is ENOENT, and a watch can be ended', () => {
  using inotify = Inotify.open(() => undefined)
  expect(() => inotify.add(join(folder, 'none'), IN_CREATE)).toThrow(
    expect.objectContaining({ code: 'ENOENT' }),
  )
  const watch = inotify.add(folder, IN_CREATE)
  inotify.remove(watch)
  expect(() => inotify.remove(watch)).toThrow(expect.objectContaining({ code: 'EINVAL' }))
})
