import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { openFds, unshare } from '@vpnext/native'
import { afterAll, beforeAll, beforeEach, afterEach, expect, test } from 'vitest'
import { sampleArchive } from '../../test/sample-archive.ts'
import { type TemporaryFolder, temporaryFolder } from '../../test/temporary-folder.ts'
import { type TestService, startTestService } from '../../test/test-service.ts'
import type { BundleArchive } from '../protocol/bundle.ts'
import { publicInterface } from '../protocol/public-interface.ts'

/** Two bundles in two real hosts, and the service between them. */
let image: TemporaryFolder
let folder: TemporaryFolder
let machine: TestService
let descriptors: number

beforeAll(() => {
  unshare({ network: true })
  image = temporaryFolder()
  const script = fileURLToPath(new URL('../../../host/scripts/build-image.mjs', import.meta.url))
  execFileSync(process.execPath, [script, image.in('host')])
  execFileSync('chmod', ['755', image.path])
}, 120_000)
afterAll(() => image[Symbol.dispose]())
beforeEach(async () => {
  descriptors = openFds()
  folder = temporaryFolder()
  machine = await startTestService(folder, image.in('host'))
})
afterEach(async () => {
  await machine[Symbol.asyncDispose]()
  folder[Symbol.dispose]()
  expect(openFds()).toBe(descriptors)
})

/** A bundle whose extension does `body` in onCreate. */
async function run(bundleName: string, body: string, permissions: string[] = []): Promise<void> {
  const sample = sampleArchive()
  const code = `
    const { VpnExtensionAbility } = require('@kit.NetworkKit')
    const { commonEventManager: events } = require('@kit.BasicServicesKit')
    const { hilog } = require('@kit.PerformanceAnalysisKit')
    const say = (text) => hilog.info(0, 'test', '%{public}s', text)
    const subscribe = (info, heard) => {
      const subscriber = events.createSubscriberSync(info)
      events.subscribe(subscriber, (error, event) => heard(event, subscriber, error))
      return subscriber
    }
    const publish = (name, options = {}) => new Promise((resolve) => events.publish(name, options, (error) => resolve(error?.code)))
    exports.default = class extends VpnExtensionAbility { async onCreate() { ${body} } }
  `
  const changes: Partial<BundleArchive> = {
    app: { ...sample.app, bundleName },
    modules: sample.modules.map((module) => ({ ...module, permissions })),
    scripts: { vpn: { code, map: '' }, page: { code: '', map: '' } },
  }
  await machine.install(changes)
  await machine.allow(bundleName)
  await machine.client.call(publicInterface, 'StartAbility', {
    want: { bundleName, abilityName: 'VpnAbility' },
  })
}

test('an event goes from one bundle to another, with everything it carries', async () => {
  await run(
    'com.example.hears',
    `subscribe({ events: ['status'], publisherBundleName: 'com.example.tells' }, ({ event, code, data, parameters }) =>
      say([event, code, data, JSON.stringify(parameters)].join(' ')))`,
  )
  await run(
    'com.example.tells',
    `const code = await publish('status', { code: 7, data: 'up', parameters: { servers: ['a'] } }); say('published ' + code)`,
  )
  await machine.logged('published undefined')
  expect(await machine.logged('status 7')).toBe('status 7 up {"servers":["a"]}')
})

test('ordered and sticky events, and what is refused', async () => {
  await run(
    'com.example.first',
    `subscribe({ events: ['order'], priority: 10 }, ({ data }, subscriber) => {
      subscriber.setDataSync(data + ' first'); subscriber.finishCommonEventSync() })`,
  )
  await run(
    'com.example.sends',
    `say('system ' + await publish('usual.event.SCREEN_ON'))
     say('sticky ' + await publish('stays', { isSticky: true, data: 'kept' }))
     // On a busy machine a hundred may take so long that they are no flood: until they are.
     let refused = 0
     for (let attempt = 0; refused === 0 && attempt < 200; attempt++) {
       refused = (await Promise.all(Array.from({ length: 100 }, () => publish('x')))).filter((code) => code === 1500003).length
     }
     say('flood ' + refused)`,
    ['ohos.permission.COMMONEVENT_STICKY'],
  )
  expect(await machine.logged('system')).toBe('system 1500004')
  expect(await machine.logged('sticky')).toBe('sticky undefined')
  expect(Number((await machine.logged('flood')).split(' ')[1])).toBeGreaterThan(0)
  await run(
    'com.example.second',
    `subscribe({ events: ['stays'] }, ({ data }) => say('late ' + data))
     subscribe({ events: ['order'] }, ({ data }, subscriber) => { say('then ' + data); subscriber.finishCommonEventSync() })
     await publish('order', { isOrdered: true, data: 'begun' })
     say('denied ' + await publish('stays', { isSticky: true }))`,
  )
  await machine.logged('late kept')
  await machine.logged('then begun first')
  await machine.logged('denied 201')
})

test('300 events go to another host and back, and say how long that takes', async () => {
  await run('com.example.echoes', `subscribe({ events: ['ping'] }, () => publish('pong'))`)
  await run(
    'com.example.asks',
    `let wake
     subscribe({ events: ['pong'] }, () => wake())
     const times = []
     for (let count = 0; count < 300; count++) {
       const begun = process.hrtime.bigint()
       await new Promise((resolve) => { wake = resolve; publish('ping') })
       times.push(Number(process.hrtime.bigint() - begun) / 2000)
       // Round trips of less than 250 us would be a flood: 20 events within 5 ms are the limit.
       if (count % 10 === 9) await new Promise((resolve) => setTimeout(resolve, 5))
     }
     times.sort((a, b) => a - b)
     say('one way, p50: ' + Math.round(times[150]) + ' us')`,
  )
  const line = await machine.logged('one way')
  process.stdout.write(`${line}\n`)
  expect(Number(/(\d+) us/.exec(line)?.[1])).toBeGreaterThan(0)
})
