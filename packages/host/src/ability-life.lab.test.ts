import { createNetworkNamespace, describeSocket, openTun, withNetworkNamespace } from '@vpnext/native'
import { abilityInterface, hostInterface } from '@vpnext/service/protocol'
import { isVarlinkError, varlinkError, withFds } from '@vpnext/varlink'
import { transformSync } from 'esbuild'
import { rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { type TestHost, buildTestImage, hostUid, startHost } from '../test/host-harness.ts'

let image: string
beforeAll(() => {
  image = buildTestImage()
})
afterAll(() => rmSync(dirname(image), { recursive: true }))

const start = (script: string, options: Partial<Parameters<typeof startHost>[0]> = {}): TestHost =>
  startHost({ image, script, ...options })

/** An extension whose members are `body`. */
const extension = (body: string): string => `
  const { VpnExtensionAbility, vpnExtension } = require('@kit.NetworkKit')
  const { hilog } = require('@kit.PerformanceAnalysisKit')
  const say = (text) => hilog.info(0, 'test', '%{public}s', text)
  exports.default = class MyVpn extends VpnExtensionAbility { ${body} }
`

test('callbacks run in the order of the device, and each is awaited', async () => {
  await using host = start(
    extension(`
      connection = vpnExtension.createVpnConnection(this.context)
      async onCreate(want) {
        await new Promise((resolve) => setTimeout(resolve, 20))
        say('create ' + want.parameters.word + ' ' + JSON.stringify(this.connection))
      }
      // On a device there are always parameters.
      onRequest(want, startId) { say('request ' + startId + ' ' + want.parameters.word) }
      async onDestroy() { await null; say('destroy') }
    `),
  )
  await host.create({ word: 'hello' })
  await host.peer.call(abilityInterface, 'Request', { want: {}, startId: 2 })
  await host.destroy()
  expect(host.log).toEqual([
    'info test: create hello {}',
    'info test: request 1 hello',
    'info test: request 2 undefined',
    'info test: destroy',
  ])
})

test('what onDestroy has begun and not awaited is done before the process may end', async () => {
  await using host = start(
    extension(`
      onDestroy() {
        const { fileIo } = require('@kit.CoreFileKit')
        const { preferences } = require('@kit.ArkData')
        vpnExtension.createVpnConnection(this.context).destroy().then(async () => {
          say('tunnel gone')
          await fileIo.stat(this.context.filesDir)
          const state = await preferences.getPreferences(this.context, { name: 'state' })
          await state.put('up', false)
          await state.flush()
          say('all done')
        })
        say('destroy')
      }
    `),
    { handlers: { DestroyVpn: () => new Promise((resolve) => setTimeout(resolve, 100, {})) } },
  )
  await host.create()
  await host.destroy()
  expect(host.log).toEqual(['destroy', 'tunnel gone', 'all done'].map((text) => `info test: ${text}`))
})

test('a timer, work of the pool of threads and a socket that closes, begun in onDestroy, come to their end too', async () => {
  await using host = start(
    extension(`
      onCreate() {
        setInterval(() => undefined, 5)
        setTimeout(() => undefined, 3_600_000)
      }
      onDestroy() {
        const { cryptoFramework } = require('@kit.CryptoArchitectureKit')
        const derive = { algName: 'PBKDF2', password: 'p', salt: new Uint8Array(16), iterations: 10_000, keySize: 32 }
        void this.stop(cryptoFramework.createKdf('PBKDF2|SHA256'), derive)
        say('destroy')
      }
      async stop(kdf, derive) {
        await new Promise((resolve) => setTimeout(resolve, 5))
        say('timer')
        await kdf.generateSecret(derive)
        say('work')
        const { socket } = require('@kit.NetworkKit')
        const udp = socket.constructUDPSocketInstance()
        await udp.bind({ address: '127.0.0.1', port: 0 })
        await udp.close()
        say('closed')
      }
    `),
  )
  await host.create()
  await host.destroy()
  expect(host.log).toEqual(['destroy', 'timer', 'work', 'closed'].map((text) => `info test: ${text}`))
})

test('a thread of native code that has a function to call back by may do so after onDestroy, for half a second', async () => {
  await using host = start(
    extension(`
      onCreate() {
        let turns = 0
        globalThis[Symbol.for('vpnext.callbacks')] = () => Number(turns < 2)
        setInterval(() => {
          if (this.stopping && ++turns === 2) say('called back')
        }, 20)
      }
      onDestroy() {
        this.stopping = true
        say('destroy')
      }
    `),
  )
  await host.create()
  await host.destroy()
  expect(host.log).toEqual(['info test: destroy', 'info test: called back'])
})

test('nobody waits longer than that for a function which native code never gives back', async () => {
  await using host = start(
    extension(`
      onCreate() {
        globalThis[Symbol.for('vpnext.callbacks')] = () => 1
        setTimeout(() => say('never'), 3_600_000)
      }
    `),
  )
  await host.create()
  await host.destroy()
  expect(host.log).toEqual([])
})

test('the AbilityStage of the module runs first; what it throws is logged and survived', async () => {
  const stage = `
    const { AbilityStage } = require('@kit.AbilityKit')
    exports.vpnextAbilityStage = class Stage extends AbilityStage {
      async onCreate() {
        super.onCreate()
        await null
        say('stage of ' + this.context.currentHapModuleInfo.name)
        throw new Error('not ready')
      }
    }
  `
  const body = `onCreate(want) { super.onCreate(want); say('created') }`
  await using host = start(`${extension(body)}${stage}`)
  await host.create()
  await host.logged('created')
  expect(host.log).toEqual([
    expect.stringMatching(/^info test: stage of \w+$/),
    expect.stringContaining('AbilityStage: Error: not ready'),
    'info test: created',
  ])
})

test('the sandbox names what it applied, and nothing is missing for root', async () => {
  await using host = start(extension(''))
  expect(await host.attached).toEqual({
    sandbox: [
      'own /proc',
      'private file tree',
      'own uid',
      '2048 threads at most',
      'no capabilities',
      'no new privileges',
      expect.stringMatching(/^Landlock ABI [1-9]/),
      'Landlock scopes',
      'seccomp',
    ],
    missing: [],
  })
})

test('the context names folders that exist and are writable', async () => {
  await using host = start(
    extension(`
      onCreate() {
        const { fileIo } = require('@kit.CoreFileKit')
        const { filesDir, cacheDir, tempDir, preferencesDir, databaseDir, applicationInfo } = this.context
        for (const folder of [filesDir, cacheDir, tempDir, preferencesDir, databaseDir]) {
          const file = fileIo.openSync(folder + '/x', fileIo.OpenMode.CREATE | fileIo.OpenMode.READ_WRITE)
          fileIo.writeSync(file.fd, 'text')
          fileIo.closeSync(file)
          say(folder + ' ' + fileIo.readTextSync(folder + '/x'))
        }
        say(applicationInfo.uid + ' ' + this.context.getApplicationContext().filesDir)
      }
    `),
  )
  await host.create()
  await host.destroy()
  const base = '/data/storage/el2/base/haps/entry'
  expect(host.log).toEqual([
    ...['files', 'cache', 'temp', 'preferences'].map((name) => `info test: ${base}/${name} text`),
    'info test: /data/storage/el2/database/entry text',
    `info test: ${hostUid} /data/storage/el2/base/files`,
  ])
})

test('an exception of a callback is answered, logged with its stack, and survived', async () => {
  await using host = start(
    extension(`
      onCreate() { throw new Error('broken') }
      onRequest() { say('still here') }
    `),
  )
  await expect(host.create()).rejects.toSatisfy(
    (error) =>
      isVarlinkError(error, abilityInterface, 'CallbackFailed') &&
      error.parameters.callback === 'onCreate' &&
      error.parameters.reason === 'Error: broken',
  )
  expect(await host.logged('onCreate: Error: broken')).toContain('/bundle/scripts/main.cjs:')
  await host.peer.call(abilityInterface, 'Request', { want: {}, startId: 2 })
  await host.logged('still here')
})

test('unhandled rejections and exceptions outside of callbacks are logged and survived', async () => {
  await using host = start(
    extension(`
      onCreate() {
        void Promise.reject(new Error('unhandled one'))
        setTimeout(() => { throw new Error('uncaught one') }, 1)
        setTimeout(() => say('alive'), 50)
      }
    `),
  )
  await host.create()
  await host.logged('alive')
  await host.logged('unhandled rejection: Error: unhandled one')
  await host.logged('uncaught exception: Error: uncaught one')
})

test.each([
  ['node:fs', "require('node:fs')"],
  ['fs', "require('fs')"],
  ['koffi', "require('koffi')"],
  ['/etc/hosts', "require('/etc/hosts')"],
  ['./main.cjs', "require('./main.cjs')"],
])('require of %s is refused by name', async (name, code) => {
  await using host = start(code)
  await expect(host.create()).rejects.toSatisfy(
    (error) =>
      isVarlinkError(error, abilityInterface, 'LoadFailed') &&
      error.parameters.reason.includes(`the module ${name} is not provided`),
  )
})

test('a module without the class is refused', async () => {
  await using host = start('exports.default = class {}')
  await expect(host.create()).rejects.toThrow(/LoadFailed.*extends VpnExtensionAbility/)
})

test('a class without what a start calls is told of, with what it has', async () => {
  await using host = start(extension(`onStart(want) { say('never') }\nonDestroy() {}`))
  await host.create()
  await host.logged(
    'the class has no onCreate, onRequest, onConnect, and nothing calls its onStart: a start does nothing',
  )
  await using other = start(extension(`onRequest() { say('asked') }\nonPaired() {}`))
  await other.create()
  await other.logged('asked')
  expect(other.log).toEqual(['info test: asked'])
})

test('console and timers are those of ArkTS', async () => {
  await using host = start(
    extension(`
      onCreate() {
        const id = setTimeout(() => say('never'), 5)
        clearTimeout(id)
        console.info('%d %s', id >= 0, typeof id)
        console.warn(canIUse('SystemCapability.Communication.NetManager.Vpn'), getContext() === this.context)
      }
    `),
  )
  await host.create()
  await host.logged('warn console: true true')
  expect(host.log[0]).toBe('info console: 1 number')
})

test('a host without its service ends', async () => {
  await using host = start(extension(''))
  await host.create()
  await host.peer.close()
  expect(await host.exited).toEqual({ code: null, signal: 'SIGKILL' })
})

test("stacks name the author's file and line", async () => {
  const source = `import { VpnExtensionAbility } from '@kit.NetworkKit'
interface Lines { of: 'types'; that: 'disappear' }

export default class MyVpn extends VpnExtensionAbility {
  onCreate(): void {
    throw new Error('on line six')
  }
}`
  const { code, map } = transformSync(source, {
    loader: 'ts',
    format: 'cjs',
    sourcemap: true,
    sourcefile: 'entry/MyVpn.ets',
  })
  await using host = start(`${code}\n//# sourceMappingURL=main.cjs.map`, { sourceMap: map })
  await expect(host.create()).rejects.toThrow('on line six')
  expect(await host.logged('onCreate: Error: on line six')).toMatch(/entry\/MyVpn\.ets:6:/)
})

test("a stack reaches the author's code through any number of vpnext's own frames", async () => {
  await using host = start(
    extension(`
      onCreate() {
        const { TreeMap } = require('@kit.ArkTS')
        const deep = (left) => {
          if (left === 0) throw new Error('at the bottom')
          const map = new TreeMap(() => deep(left - 1))
          map.set(1, 1)
          map.set(2, 2)
        }
        const outermost = () => deep(5)
        try { outermost() } catch (error) { say('reached ' + error.stack.includes('outermost')) }
        const inner = () => { vpnExtension.createVpnConnection(5) }
        inner()
      }
    `),
  )
  await expect(host.create()).rejects.toThrow('CallbackFailed')
  await host.logged('reached true')
  const logged = await host.logged('onCreate: BusinessError')
  expect(logged).toMatch(/at inner \(\/bundle\//)
  expect(logged).not.toContain('/vpnext/')
})

test('a VPN is created, a socket protected, and the end of the VPN told', async () => {
  using network = createNetworkNamespace()
  const seen: string[] = []
  await using host = start(
    extension(`
      async onCreate() {
        const { socket } = require('@kit.NetworkKit')
        this.vpn = vpnExtension.createVpnConnection(this.context)
        const udp = socket.constructUDPSocketInstance()
        await udp.bind({ address: '127.0.0.1' })
        await this.vpn.protect(await udp.getSocketFd())
        const fd = await this.vpn.create({ addresses: [{ address: { address: '10.0.0.5' }, prefixLength: 24 }] })
        say('created ' + (fd > 3))
        this.vpn.create({ addresses: [] }).catch((error) => say('again ' + error.code + ' ' + error.message))
      }
      async onRequest(want, startId) {
        if (startId > 1) await this.vpn.destroy().then(() => say('destroyed'))
      }
    `),
    {
      handlers: {
        CreateVpn: ({ config }) => {
          seen.push(JSON.stringify(config))
          if (seen.length > 2)
            throw varlinkError(hostInterface, 'BusinessError', { code: 2203002, message: '' })
          const { fd } = withNetworkNamespace(network, () => openTun({ name: 'vpn-tun' }))
          return withFds({ interfaceName: 'vpn-tun', warnings: [] }, [fd])
        },
        Protect: (_input, call) => {
          const [socket] = call.fds
          seen.push(socket === undefined ? 'nothing' : JSON.stringify(describeSocket(socket)))
          return {}
        },
        DestroyVpn: () => {
          throw new Error('a VPN that has ended is not destroyed')
        },
      },
    },
  )
  await host.create()
  await host.logged('again 2203002 VPN exist already, please execute destroy first.')
  expect(seen.slice(0, 2)).toEqual([
    JSON.stringify({ domain: 'inet', type: 'dgram', protocol: 17 }),
    JSON.stringify({ addresses: [{ address: { address: '10.0.0.5' }, prefixLength: 24 }] }),
  ])
  const gone = { vpnId: '', interfaceName: 'vpn-tun', reason: 'the test says so' }
  await host.peer.call(abilityInterface, 'TunnelGone', gone)
  await host.logged('the VPN has ended: vpn-tun: the test says so')
  await host.peer.call(abilityInterface, 'Request', { want: {}, startId: 2 })
  await host.logged('destroyed')
})

test('at SIGUSR1 the process ends, and no debugger listens', async () => {
  await using host = start(extension(`onCreate() { process.kill(process.pid, 'SIGUSR1') }`))
  await Promise.all([host.create().catch(() => undefined), host.exited])
  expect(await host.exited).toEqual({ code: null, signal: 'SIGUSR1' })
  expect(host.output() + host.log.join('\n')).toBe('')
})
