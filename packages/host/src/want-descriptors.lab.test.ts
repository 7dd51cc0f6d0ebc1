import { openFds, unshare } from '@vpnext/native'
import type { ServiceOptions } from '@vpnext/service'
import { publicInterface } from '@vpnext/service/protocol'
import { isVarlinkError } from '@vpnext/varlink'
import { mkdirSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'

import { bundleProgram } from '../../service/test/bundle-program.ts'
import { type TemporaryFolder, temporaryFolder } from '../../service/test/temporary-folder.ts'
import { type TestService, startTestService } from '../../service/test/test-service.ts'
import { archiveOf } from '../test/extension-project.ts'
import { buildTestImage } from '../test/host-harness.ts'
import { installArchive, startAbility, takeResult } from '../test/real-machine.ts'

/** Descriptors that a page hands to an extension in a Want, through the real service. */
let image: string
let programs: TemporaryFolder
let archive: Uint8Array
let folder: TemporaryFolder
let machine: TestService
let descriptors: number

const bundleName = 'com.example.handed'
/** Nothing else on the machine has a file of this name open. */
const given = `given-${process.pid}.txt`

/** Opens files and hands them on as its parameters say. */
const page = `
  import { UIAbility, Want } from '@kit.AbilityKit'
  import { vpnExtension } from '@kit.NetworkKit'
  import { fileIo } from '@kit.CoreFileKit'
  import { hilog } from '@kit.PerformanceAnalysisKit'
  const say = (text: string) => hilog.info(0, 'result', '%{public}s', text)
  const told = (error: any) => error.code + ' ' + (error.data?.field ?? '') + ' ' + (error.data?.reason ?? '')
  class Descriptor {
    type: string = 'FD'
    constructor(public value: any) {}
  }
  export default class AskingAbility extends UIAbility {
    onCreate(want: Want) { this.attempt(want) }
    onNewWant(want: Want) { this.attempt(want) }
    async attempt(want: Want) {
      const { what, parameters = {}, count = 1 } = want.parameters as any
      const file = fileIo.openSync(this.context.filesDir + '/${given}', fileIo.OpenMode.CREATE | fileIo.OpenMode.READ_WRITE)
      const other: Want = { bundleName: '${bundleName}', abilityName: 'GettingAbility' }
      const handed: any = { ...parameters, log: new Descriptor(file.fd), deep: { again: new Descriptor(file.fd) } }
      if (what === 'wrong') {
        for (const value of [-1, 1.5, 'x', file, 3, 4000]) {
          try {
            await vpnExtension.startVpnExtensionAbility({ ...other, parameters: { log: new Descriptor(value) } })
            say('taken')
          } catch (error) { say('refused ' + told(error)) }
        }
      } else if (what === 'connect') {
        const options = {
          onConnect: () => { say('connected'); this.context.disconnectServiceExtensionAbility(number).then(() => say('page done')) },
          onDisconnect: () => {}, onFailed: (code: number) => say('failed ' + code),
        }
        const number = this.context.connectServiceExtensionAbility({ ...other, parameters: handed }, options)
      } else {
        for (let time = 0; time < count; time++) {
          fileIo.writeSync(file.fd, 'line ' + time + ' ')
          await vpnExtension.startVpnExtensionAbility({ ...other, parameters: handed }).then(() => say('started'), (error) => say('refused ' + told(error)))
        }
        // It is still the page's own.
        say('page wrote ' + fileIo.writeSync(file.fd, 'end'))
      }
      fileIo.closeSync(file)
      if (what === 'stop') await vpnExtension.stopVpnExtensionAbility({ ...other, parameters: handed }).then(() => say('stopped'))
    }
  }`

/** Tells what it gets in each callback, and closes it. */
const getting = `
  import { VpnExtensionAbility } from '@kit.NetworkKit'
  import { Want } from '@kit.AbilityKit'
  import { process } from '@kit.ArkTS'
  import { rpc } from '@kit.IPCKit'
  import { fileIo } from '@kit.CoreFileKit'
  import { hilog } from '@kit.PerformanceAnalysisKit'
  const say = (text: string) => hilog.info(0, 'result', '%{public}s', text)
  export default class GettingAbility extends VpnExtensionAbility {
    tell(callback: string, want: Want) {
      const parameters = want.parameters as any
      const fds = want.fds
      if (fds?.log === undefined) return say(callback + ' ' + JSON.stringify([want.fds, parameters]))
      const deep: number = parameters.deep.again.value
      const buffer = new ArrayBuffer(6)
      fileIo.readSync(deep, buffer, { offset: 0 })
      const text = String.fromCharCode(...new Uint8Array(buffer))
      const same = fileIo.statSync(fds.log).ino === fileIo.statSync(deep).ino && parameters.log.type === 'FD'
      say([callback, text, Object.keys(fds).join(), same, parameters.log.value === fds.log, deep !== fds.log].join(' '))
      fileIo.closeSync(fds.log)
      fileIo.closeSync(deep)
    }
    async onCreate(want: Want) {
      this.tell('onCreate', want)
      if (want.parameters!.hold === true) await new Promise(() => {})
    }
    onRequest(want: Want, startId: number) {
      this.tell('onRequest' + startId, want)
      if (want.parameters!.crash === true) new process.ProcessManager().exit(1)
    }
    onConnect(want: Want) { this.tell('onConnect', want); return new rpc.RemoteObject('none') }
    onDisconnect(want: Want) { this.tell('onDisconnect', want) }
  }`

const holding = (pid: number | 'self'): number =>
  readdirSync(`/proc/${pid}/fd`).filter((number) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${number}`).endsWith(given)
    } catch {
      return false
    }
  }).length
const ask = async (parameters: object): Promise<void> => {
  const want = { bundleName, abilityName: 'AskingAbility', parameters }
  await machine.client.call(publicInterface, 'StartPage', { want })
}
const take = (start: string): Promise<string> => takeResult(machine, start)
const pidOf = async (ability: string): Promise<number> =>
  (await machine.status()).hosts.find(({ abilityName }) => abilityName === ability)?.pid ?? 0

const options = (): Partial<ServiceOptions> => ({
  hostImage: image,
  policyDir: folder.in('policy'),
  restartDelayMs: 1,
})

beforeAll(async () => {
  unshare({ network: true })
  image = buildTestImage()
  programs = temporaryFolder()
  await bundleProgram('call-as', programs.path, 'call-as.mjs')
  archive = await archiveOf({
    bundleName,
    extensions: { GettingAbility: getting },
    pages: { AskingAbility: page },
  })
})
afterAll(() => {
  programs[Symbol.dispose]()
  rmSync(dirname(image), { recursive: true })
})
beforeEach(async () => {
  descriptors = openFds()
  folder = temporaryFolder()
  mkdirSync(folder.in('policy'))
  machine = await startTestService(folder, programs.path, options())
  await installArchive(machine, archive)
})
afterEach(async () => {
  await expect.poll(() => holding('self')).toBe(0)
  await machine[Symbol.asyncDispose]()
  folder[Symbol.dispose]()
  expect(openFds()).toBe(descriptors)
})

test('each callback gets descriptors of its own, the sender keeps theirs, and none are left', async () => {
  await machine.allow(bundleName)
  await ask({ what: 'start', count: 3 })
  expect(await take('onCreate')).toBe('onCreate line 0 log true true true')
  expect(await take('onRequest1')).toBe('onRequest1 line 0 log true true true')
  expect(await take('onRequest2')).toBe('onRequest2 line 0 log true true true')
  expect(await take('onRequest3')).toBe('onRequest3 line 0 log true true true')
  expect(await take('page wrote')).toBe('page wrote 3')
  const [from, to] = [await pidOf('AskingAbility'), await pidOf('GettingAbility')]
  const counts = (): number[] => [from, to].map((pid) => readdirSync(`/proc/${pid}/fd`).length)
  await expect.poll(() => [holding(from), holding(to)]).toEqual([0, 0])
  const before = counts()
  await ask({ what: 'start', count: 40 })
  await take('onRequest43')
  await take('page wrote')
  await expect.poll(counts).toEqual(before)
})

test('the service holds none once they have been sent, however long the callback takes', async () => {
  await machine.allow(bundleName)
  await ask({ what: 'start', parameters: { hold: true } })
  await take('onCreate line 0')
  // onCreate never settles; what is for onRequest waits in the process of the extension.
  await expect.poll(() => holding('self')).toBe(0)
  const pid = await pidOf('GettingAbility')
  await expect.poll(() => holding(pid)).toBe(2)
})

test('they wait for consent, and are closed when the user says no, and when the sender goes', async () => {
  for (const end of ['no', 'gone'] as const) {
    await ask({ what: 'start' })
    await expect.poll(() => holding('self')).toBe(2)
    if (end === 'no') {
      await machine.client.call(publicInterface, 'AnswerConsent', { bundleName, allow: false })
      expect(await take('refused')).toBe('refused 201  the user said no')
      await machine.client.call(publicInterface, 'RevokeConsent', { bundleName })
    } else process.kill(await pidOf('AskingAbility'), 'SIGKILL')
    await expect.poll(() => holding('self')).toBe(0)
  }
  expect(machine.log.some(({ message }) => message.startsWith('onCreate'))).toBe(false)
})

test('what is no open descriptor of the sender is refused with its name, and starts nothing', async () => {
  await machine.allow(bundleName)
  await ask({ what: 'wrong' })
  const field = 'refused 401 want.parameters.log.value'
  expect(await take('refused')).toBe(`${field} must be the number of a descriptor, not -1`)
  expect(await take('refused')).toBe(`${field} must be the number of a descriptor, not 1.5`)
  expect(await take('refused')).toBe(`${field} must be the number of a descriptor, not "x"`)
  expect(await take('refused')).toBe(`${field} must be the number of a descriptor, not an object`)
  // The channel to the service is nobody's to give away.
  expect(await take(`${field} cannot be copied`)).toContain('already has an owner')
  expect(await take('refused')).toBe(`${field} 4000 is not open`)
  expect(await pidOf('GettingAbility')).toBe(0)
})

test('onConnect gets them, onDisconnect does not', async () => {
  await machine.allow(bundleName)
  await ask({ what: 'connect' })
  expect(await take('onCreate')).toContain('log true true true')
  expect(await take('onConnect')).toContain('log true true true')
  expect(await take('onDisconnect')).toBe('onDisconnect [null,{"deep":{}}]')
  await take('page done')
})

test('a stop does not look at them', async () => {
  await machine.allow(bundleName)
  await ask({ what: 'stop' })
  await take('stopped')
})

test('what is started again after its end gets none of them', async () => {
  const rules = [{ bundleName, alwaysOn: true, consent: 'allowed' }]
  writeFileSync(folder.in('policy', 'a.json'), JSON.stringify({ version: 1, rules }))
  await machine[Symbol.asyncDispose]()
  machine = await startTestService(folder, programs.path, options())
  expect(await take('onCreate')).toBe('onCreate [null,{}]')
  await ask({ what: 'start', parameters: { crash: true } })
  expect(await take('onRequest2')).toContain('log true true true')
  expect(await take('onCreate')).toBe('onCreate [null,{}]')
})

test('nobody else hands descriptors over: from outside they are refused', async () => {
  await machine.allow(bundleName)
  const started = startAbility(machine, bundleName, 'GettingAbility', { log: { type: 'FD', value: 0 } })
  await expect(started).rejects.toSatisfy(
    (error) =>
      isVarlinkError(error, publicInterface, 'BusinessError') &&
      error.parameters.code === 401 &&
      error.parameters.field === 'want.parameters.log',
  )
})
