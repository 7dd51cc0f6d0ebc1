import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'

import { type ThreadControl, createControl } from './thread-control.ts'

/** A thread that is busy loading for a while, and then does as it is told. */
function startThread(control: ThreadControl, afterLoading: string): Worker {
  const code = `
    const { parentPort, workerData } = require('node:worker_threads')
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100)
    parentPort.postMessage('loaded')
    workerData.on('message', () => process.exit(7))
    workerData.postMessage('loaded')
    ${afterLoading}`
  const worker = new Worker(code, { eval: true, workerData: control.port, transferList: [control.port] })
  control.watch(worker)
  return worker
}

test('a thread that is ended while it loads loads first, and then ends by itself', async () => {
  const control = createControl()
  const worker = startThread(control, '')
  const messages: unknown[] = []
  worker.on('message', (message) => messages.push(message))
  control.end()
  control.end()
  expect(await once(worker, 'exit')).toEqual([7])
  expect(messages).toEqual(['loaded'])
})

test('one that has loaded ends when it is told', async () => {
  const control = createControl()
  const worker = startThread(control, '')
  await once(worker, 'message')
  control.end()
  expect(await once(worker, 'exit')).toEqual([7])
})

test('one whose code does not let it end is stopped', async () => {
  const control = createControl()
  const worker = startThread(control, 'for (;;);')
  control.end()
  expect(await once(worker, 'exit')).toEqual([1])
})
