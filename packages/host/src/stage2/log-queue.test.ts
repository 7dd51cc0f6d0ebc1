import type { LogLine } from '@vpnext/kit'
import { expect, test } from 'vitest'

import { LogQueue } from './log-queue.ts'

const line = (message: string): LogLine => ({ level: 'info', domain: 0, tag: 't', message })

test('lines keep their order, and long ones are cut', async () => {
  const sent: string[] = []
  const queue = new LogQueue({ send: ({ message }) => sent.push(message), drained: () => Promise.resolve() })
  for (let number = 0; number < 200; number++) queue.add(line(String(number)))
  queue.add(line('x'.repeat(5000)))
  await queue.flush()
  expect(sent.slice(0, 200)).toEqual(Array.from({ length: 200 }, (_, number) => String(number)))
  expect(sent[200]).toBe(`${'x'.repeat(4096)}… (5000 characters)`)
})

test('a line has left before whatever its writer does next', async () => {
  const sent: string[] = []
  const queue = new LogQueue({ send: ({ message }) => sent.push(message), drained: () => Promise.resolve() })
  queue.add(line('a'))
  queue.add(line('b'))
  expect(sent).toEqual(['a', 'b'])
  await queue.flush()
  queue.add(line('c'))
  expect(sent).toEqual(['a', 'b', 'c'])
})

test('a flood is dropped and counted, and what follows says so', async () => {
  const sent: string[] = []
  let open: () => void = () => undefined
  const gate = new Promise<void>((resolve) => {
    open = resolve
  })
  const queue = new LogQueue({ send: ({ message }) => sent.push(message), drained: () => gate })
  for (let number = 0; number < 10_000; number++) queue.add(line('flood'))
  open()
  await queue.flush()
  const last = sent.at(-1) ?? ''
  const dropped = Number(/^(\d+) lines dropped/.exec(last)?.[1])
  expect(sent.length - 1 + dropped).toBe(10_000)
  expect(dropped).toBeGreaterThan(5000)
})

test('lines wait for the channel instead of piling up in it', async () => {
  let sent = 0
  const queue = new LogQueue({ send: () => sent++, drained: () => new Promise(() => undefined) })
  for (let number = 0; number < 1000; number++) queue.add(line('x'))
  await new Promise((resolve) => setImmediate(resolve))
  expect(sent).toBe(64)
})
