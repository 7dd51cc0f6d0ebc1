import { rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { buildTestImage, startHost } from '../test/host-harness.ts'

/** Threads that code begins by `taskpool` and `worker`, in the sandbox. */
let image: string
beforeAll(() => {
  image = buildTestImage()
})
afterAll(() => rmSync(dirname(image), { recursive: true }))

const script = (top: string, body: string): string => `
  const { VpnExtensionAbility } = require('@kit.NetworkKit')
  const { hilog } = require('@kit.PerformanceAnalysisKit')
  const { taskpool, worker, process } = require('@kit.ArkTS')
  const say = (text) => hilog.info(0, 'test', '%{public}s', String(text))
  ${top}
  exports.default = class extends VpnExtensionAbility {
    async onCreate() { ${body} }
  }
`

test('functions with the decorator run in threads, inside the sandbox, at the same time', async () => {
  const top = `
    function meet(shared, mine, other) {
      const flags = new Int32Array(shared)
      Atomics.store(flags, mine, 1)
      Atomics.notify(flags, mine)
      // Only two threads at the same time can both wait like this.
      return Atomics.wait(flags, other, 0, 15000) === 'timed-out' ? 'alone' : process.tid
    }
    __vpnextConcurrent(meet)
    function escape() {
      try { require('node:fs'); return 'fs' } catch (error) { taskpool.Task.sendData(error.code) }
      // What is no kit is no way out either.
      try { globalThis.process.getBuiltinModule('node:child_process').execFileSync('/bin/true') } catch (error) { return error.code }
      return 'ran'
    }
    __vpnextConcurrent(escape)
    async function nested(value) { return 1 + await taskpool.execute(addOne, value) }
    __vpnextConcurrent(nested)
    function addOne(value) { return value + 1 }
    __vpnextConcurrent(addOne)
    function fail() { throw Object.assign(new TypeError('no'), { code: 42 }) }
    __vpnextConcurrent(fail)
  `
  const body = `
    const shared = new SharedArrayBuffer(8)
    const both = await Promise.all([taskpool.execute(meet, shared, 0, 1), taskpool.execute(meet, shared, 1, 0)])
    say('threads ' + new Set([...both, process.tid]).size + ' ' + typeof both[0])
    const task = new taskpool.Task(escape)
    task.onReceiveData((code) => say('module ' + code))
    say('exec ' + await taskpool.execute(task))
    say('nested ' + await taskpool.execute(nested, 1))
    await taskpool.execute(fail).catch((error) => say('failed ' + error.name + ' ' + error.code + ' ' + error.message))
    const long = new taskpool.LongTask(addOne, 1)
    say('long ' + await taskpool.execute(long))
    taskpool.terminateTask(long)
  `
  await using host = startHost({ image, script: script(top, body) })
  await host.create()
  await host.logged('threads 3 number')
  await host.logged('module 801')
  await host.logged('exec EPERM')
  await host.logged('nested 3')
  await host.logged('failed TypeError 42 no')
  await host.logged('long 2')
})

const worker = `
  const { worker, process } = require('@kit.ArkTS')
  const { fileIo } = require('@kit.CoreFileKit')
  const { vpnExtension } = require('@kit.NetworkKit')
  const port = worker.workerPort
  port.onmessage = ({ data }) => {
    if (data.kind === 'bytes') port.postMessage({ name: port.name, length: data.bytes.byteLength }, [data.bytes])
    if (data.kind === 'call') port.postMessage(port.callGlobalCallObjectMethod('box', 'double', 0, 21))
    if (data.kind === 'missing') try { port.callGlobalCallObjectMethod('none', 'x', 0) } catch ({ code }) { port.postMessage(code) }
    if (data.kind === 'start') vpnExtension.startVpnExtensionAbility({ bundleName: 'a.b', abilityName: 'c' }).catch(({ code }) => port.postMessage(code))
    if (data.kind === 'read') port.postMessage(fileIo.readTextSync('/bundle/note'))
    if (data.kind === 'reject') Promise.reject(new Error('nobody'))
    if (data.kind === 'close') port.close()
    if (data.kind === 'spin') { port.postMessage('on'); for (;;); }
    if (data.kind === 'throw') throw new RangeError('thrown')
  }
`

test('a worker has the kits and a way to its maker, and neither a context nor a way out', async () => {
  const body = `
    const ask = (of, message, transfer = []) => new Promise((resolve) => {
      of.onmessage = ({ data }) => resolve(data)
      of.postMessage(message, transfer)
    })
    const one = new worker.ThreadWorker('entry/ets/workers/Worker.ets', { name: 'mine' })
    const bytes = new ArrayBuffer(8)
    const answer = await ask(one, { kind: 'bytes', bytes }, [bytes])
    say('bytes ' + answer.name + ' ' + answer.length + ' ' + bytes.byteLength)
    one.registerGlobalCallObject('box', { double: (value) => value * 2 })
    say('call ' + await ask(one, { kind: 'call' }))
    say('missing ' + await ask(one, { kind: 'missing' }))
    say('start ' + await ask(one, { kind: 'start' }))
    say('read ' + await ask(one, { kind: 'read' }))
    one.postMessage({ kind: 'reject' })
    try { one.postMessage(() => 1) } catch ({ code }) { say('uncopied ' + code) }
    one.onexit = (code) => {
      say('closed ' + code)
      try { one.postMessage({}) } catch ({ code }) { say('after ' + code) }
    }
    one.postMessage({ kind: 'close' })
    const other = new worker.ThreadWorker('../workers/Worker')
    other.onerror = ({ message, lineno }) => say('error ' + message + ' ' + (lineno > 0))
    other.onexit = (code) => say('ended ' + code)
    other.postMessage({ kind: 'throw' })
    const third = new worker.ThreadWorker('@bundle:com.example.vpn/entry/ets/workers/Worker')
    third.onexit = (code) => say('terminated ' + code)
    third.terminate()
    try { new worker.ThreadWorker('entry/ets/workers/Other.ets') } catch ({ code, data }) { say(code + ' ' + data.reason) }
  `
  const files = { 'scripts/worker-entry.ets.workers.Worker.cjs': worker, note: 'a note' }
  await using host = startHost({ image, script: script('', body), files })
  await host.create()
  await host.logged('bytes mine 8 0')
  await host.logged('call 42')
  await host.logged('missing 10200019')
  await host.logged('start 16000011')
  await host.logged('read a note')
  await host.logged('unhandled rejection in a worker: Error: nobody')
  await host.logged('uncopied 10200006')
  await host.logged('closed 0')
  await host.logged('after 10200004')
  await host.logged('error RangeError: thrown true')
  await host.logged('ended 1')
  await host.logged('terminated 0')
  await host.logged('10200007 entry/ets/workers/Other.ets is none of the workers')
  expect(host.log.join('\n')).not.toContain('uncaught exception')
})

test('objects of classes with @Sendable keep them in tasks and workers, and on the way back', async () => {
  const shared = `
    const { collections } = require('@kit.ArkTS')
    class Counter {
      constructor() { this.values = new collections.Array(1, 2) }
      total() { return this.values.reduce((sum, value) => sum + value, 0) }
    }
    Sendable(Counter)
  `
  const double = `
    function double(counter, bytes) {
      counter.values.extendTo(3, bytes.length)
      taskpool.Task.sendData(counter)
      return { counter, total: counter.total() }
    }
    __vpnextConcurrent(double)
  `
  const answering = `
    ${shared}
    const { worker } = require('@kit.ArkTS')
    worker.workerPort.onmessage = ({ data }) =>
      worker.workerPort.postMessageWithSharedSendable([data.counter, data.counter instanceof Counter])
  `
  const body = `
    const bytes = new collections.Uint8Array(4)
    const task = new taskpool.Task(double, new Counter(), bytes)
    task.onReceiveData((counter) => say('sent ' + counter.total()))
    const { counter, total } = await taskpool.execute(task)
    say('task ' + total + ' ' + counter.total() + ' ' + (counter instanceof Counter) + ' ' + bytes.length)
    const one = new worker.ThreadWorker('entry/ets/workers/Worker.ets')
    one.onmessage = ({ data: [back, known] }) => say('worker ' + back.total() + ' ' + known)
    one.postMessageWithSharedSendable({ counter })
  `
  const files = { 'scripts/worker-entry.ets.workers.Worker.cjs': answering }
  await using host = startHost({ image, script: script(shared + double, body), files })
  await host.create()
  await host.logged('sent 7')
  await host.logged('task 7 7 true 4')
  await host.logged('worker 7 true')
})

test('events go between the threads of a process', async () => {
  const listener = `
    const { worker } = require('@kit.ArkTS')
    const { emitter } = require('@kit.BasicServicesKit')
    emitter.on('question', ({ data }) => emitter.emit({ eventId: 7, priority: 0 }, { data: { answer: data.number * 2 } }))
    worker.workerPort.postMessage('ready')
  `
  const top = `
    const { emitter } = require('@kit.BasicServicesKit')
    function shout() { require('@kit.BasicServicesKit').emitter.emit('shout', { data: { from: 'task' } }) }
    __vpnextConcurrent(shout)
  `
  const body = `
    emitter.on({ eventId: 7 }, ({ data }) => say('answer ' + data.answer))
    emitter.on('shout', ({ data }) => say('shout ' + data.from))
    emitter.on('question', ({ data }) => say('own ' + data.number))
    const one = new worker.ThreadWorker('entry/ets/workers/Worker.ets')
    one.onmessage = () => emitter.emit('question', { data: { number: 21 } })
    taskpool.execute(shout)
  `
  const files = { 'scripts/worker-entry.ets.workers.Worker.cjs': listener }
  await using host = startHost({ image, script: script(top, body), files })
  await host.create()
  await host.logged('answer 42')
  await host.logged('own 21')
  await host.logged('shout task')
})

test('workers that are ended at any moment of their start do not take the host along', async () => {
  const body = `
    const ended = Array.from({ length: 3 }, (_, index) => new Promise((resolve) => {
      const one = new worker.ThreadWorker('entry/ets/workers/Worker.ets')
      one.onexit = resolve
      setTimeout(() => one.terminate(), 60 * index)
    }))
    say('ended with ' + (await Promise.all(ended)).join(''))
    const busy = new worker.ThreadWorker('entry/ets/workers/Worker.ets')
    busy.onexit = () => say('busy ended')
    busy.onmessage = () => busy.terminate()
    busy.postMessage({ kind: 'spin' })
  `
  const files = { 'scripts/worker-entry.ets.workers.Worker.cjs': worker }
  await using host = startHost({ image, script: script('', body), files })
  await host.create()
  await host.logged('ended with 000')
  await host.logged('busy ended')
})
