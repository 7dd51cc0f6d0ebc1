import { unshare } from '@vpnext/native'
import { rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'

import { bundleProgram } from '../../service/test/bundle-program.ts'
import { type TemporaryFolder, temporaryFolder } from '../../service/test/temporary-folder.ts'
import { type TestService, startTestService } from '../../service/test/test-service.ts'
import { archiveOf } from '../test/extension-project.ts'
import { buildTestImage } from '../test/host-harness.ts'
import { installArchive, results, startAbility, takeResult } from '../test/real-machine.ts'

/** In which order code that starts and stops an extension has its answer, and hears of what that does. */
let image: string
let programs: TemporaryFolder
let archive: Uint8Array
let folder: TemporaryFolder
let machine: TestService

const bundleName = 'com.example.order'

/** Publishes where it is in its life; its onCreate settles only when the one who has started it says so. */
const told = `
  import { VpnExtensionAbility } from '@kit.NetworkKit'
  import { commonEventManager } from '@kit.BasicServicesKit'
  const publish = (data: string) => commonEventManager.publish('order.told', { data }, () => {})
  export default class ToldAbility extends VpnExtensionAbility {
    async onCreate() {
      publish('create')
      const subscriber = commonEventManager.createSubscriberSync({ events: ['order.go'] })
      const gone = new Promise<void>((resolve) => commonEventManager.subscribe(subscriber, () => resolve()))
      publish('ready')
      await gone
      publish('created')
    }
    onDestroy() { publish('destroy') }
  }`

/** Starts and stops the other, as a page does: what it does not hear after an answer, it waits for in vain. */
const asking = `
  import { VpnExtensionAbility, vpnExtension } from '@kit.NetworkKit'
  import { commonEventManager } from '@kit.BasicServicesKit'
  import { hilog } from '@kit.PerformanceAnalysisKit'
  const say = (text: string) => hilog.info(0, 'result', '%{public}s', text)
  const other = { bundleName: '${bundleName}', abilityName: 'ToldAbility', parameters: {} }
  export default class AskingAbility extends VpnExtensionAbility {
    async onRequest() {
      const subscriber = commonEventManager.createSubscriberSync({ events: ['order.told'] })
      let heard = (text: string): void => {}
      const until = (text: string) => new Promise<void>((resolve) => { heard = (data) => { if (data === text) resolve() } })
      await commonEventManager.subscribeToEvent(subscriber, (event) => { say('heard ' + event.data); heard(event.data!) })
      await vpnExtension.startVpnExtensionAbility(other)
      say('started')
      await until('ready')
      commonEventManager.publish('order.go', () => {})
      await until('created')
      await vpnExtension.stopVpnExtensionAbility(other)
      say('stopped')
      await until('destroy')
      say('end')
    }
  }`

beforeAll(async () => {
  unshare({ network: true })
  image = buildTestImage()
  programs = temporaryFolder()
  await bundleProgram('call-as', programs.path, 'call-as.mjs')
  archive = await archiveOf({ bundleName, extensions: { AskingAbility: asking, ToldAbility: told } })
})
afterAll(() => {
  programs[Symbol.dispose]()
  rmSync(dirname(image), { recursive: true })
})
beforeEach(async () => {
  folder = temporaryFolder()
  machine = await startTestService(folder, programs.path, { hostImage: image })
})
afterEach(async () => {
  await machine[Symbol.asyncDispose]()
  folder[Symbol.dispose]()
})

test('a bundle has the answer to its start before onCreate, and to its stop before onDestroy', async () => {
  await installArchive(machine, archive)
  await machine.allow(bundleName)
  const done = takeResult(machine, 'end')
  await startAbility(machine, bundleName, 'AskingAbility')
  await done
  expect(results(machine)).toEqual([
    'started',
    'heard create',
    'heard ready',
    'heard created',
    'stopped',
    'heard destroy',
  ])
})
