import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { openTun, Rtnetlink, unshare } from '@vpnext/native'
import { withFds } from '@vpnext/varlink'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { type TestHost, buildTestImage, startHost } from '../test/host-harness.ts'

/** vpnext's own kits where they have to work: in the sandbox, their worker threads included. */
let image: string
beforeAll(() => {
  // The hosts get the test's own network.
  unshare({ network: true })
  image = buildTestImage()
})
afterAll(() => rmSync(dirname(image), { recursive: true }))

const script = (imports: string, body: string): string => `
  const { VpnExtensionAbility, vpnExtension } = require('@kit.NetworkKit')
  const { hilog } = require('@kit.PerformanceAnalysisKit')
  ${imports}
  const say = (text) => hilog.info(0, 'test', '%{public}s', String(text))
  const loaded = () => Object.keys(require.cache).some((path) => path.includes('own-kits'))
  exports.default = class extends VpnExtensionAbility {
    vpn = vpnExtension.createVpnConnection(this.context)
    async onCreate() { ${body} }
    async onDestroy() { await this.stop?.() }
  }
`

/** A host whose service makes tunnels of 10.8.0.5/24, as the config asks. */
async function running(
  text: string,
  files: Readonly<Record<string, string>> = {},
): Promise<TestHost & { readonly protectedSockets: () => number }> {
  let protectedSockets = 0
  const host = startHost({
    image,
    script: text,
    files,
    handlers: {
      CreateVpn({ config }) {
        const vnetHeader = Reflect.get(Reflect.get(config, 'vpnext') ?? {}, 'offload') === true
        const { fd, name } = openTun({ name: 'vpn%d', vnetHeader })
        using netlink = Rtnetlink.open()
        const index = netlink.links().find((link) => link.name === name)?.index ?? 0
        netlink.apply([
          { op: 'setLink', index, up: true },
          { op: 'addAddress', index, address: '10.8.0.5', prefixLength: 24 },
        ])
        return withFds({ interfaceName: name, warnings: [] }, [fd])
      },
      Protect() {
        protectedSockets++
        return {}
      },
    },
  })
  await host.create()
  return Object.assign(host, { protectedSockets: () => protectedSockets })
}

/** Sends a datagram to a neighbour inside the tunnel; the extension sends it back as if from there. */
async function reflected(): Promise<string> {
  using socket = Object.assign(createSocket('udp4'), {
    [Symbol.dispose](this: ReturnType<typeof createSocket>) {
      this.close()
    },
  })
  socket.bind(0, '10.8.0.5')
  await once(socket, 'listening')
  const answer = once(socket, 'message')
  socket.send('hello', socket.address().port, '10.8.0.9')
  const [text, { address }] = (await answer) as [Buffer, { address: string }]
  return `${text.toString()} from ${address}`
}

const config = (more: string): string =>
  `{ addresses: [{ address: { address: '10.8.0.5', family: 1 }, prefixLength: 24 }], ${more} }`

/** Exchanges source and destination of IPv4, which changes no checksum, and sends the packet back. */
const reflect = `
  const source = view.getUint32(batch.offset + 12)
  view.setUint32(batch.offset + 12, view.getUint32(batch.offset + 16))
  view.setUint32(batch.offset + 16, source)
  tun.write(batch.offset, batch.length)
`

test('an extension that does not import them does not load them; another module of vpnext is refused', async () => {
  await using host = await running(
    script(
      '',
      `
      say('before ' + loaded())
      try { require('@vpnext/native') } catch (error) { say(error.code + ' ' + error.data.field) }
      const { parsePrefix, vpnConfigOf } = require('@vpnext/wireguard')
      say('after ' + loaded() + ' ' + typeof vpnConfigOf)
      say('same ' + (require('@vpnext/packet') === require('@vpnext/packet')))
    `,
    ),
  )
  await host.logged('before false')
  await host.logged('801 @vpnext/native')
  await host.logged('after true function')
  await host.logged('same true')
})

test('the log says how a file or a package comes along that code imports by a variable', async () => {
  const body = `for (const name of ['./Feature', '@x/shared', 'lib/Part']) {
    try { require(name) } catch (error) { say(error.message) }
  }`
  await using host = await running(script('', body))
  const named = (what: string, key: string): string =>
    `${what} that code imports by a variable are taken along when arkOptions.runtimeOnly.${key} of build-profile.json5 names them`
  await host.logged(`./Feature is not provided by vpnext: ${named('files', 'sources')}`)
  await host.logged(`@x/shared is not provided by vpnext: ${named('packages', 'packages')}`)
  await host.logged(`lib/Part is not provided by vpnext: ${named('packages', 'packages')}`)
})

test('batches of packets on the event loop, on a plain descriptor', async () => {
  await using host = await running(
    script(
      `const { TunDevice } = require('@vpnext/packet')`,
      `
      const tun = TunDevice.open(await this.vpn.create(${config('isBlocking: false')}))
      const { view } = tun.arena
      say('offload ' + tun.offload.kind)
      void (async () => {
        for await (const batch of tun.batches({ into: tun })) {
          while (batch.next()) if (view.getUint8(batch.offset) === 0x45) { ${reflect} }
        }
      })()
    `,
    ),
  )
  await host.logged('offload none')
  expect(await reflected()).toBe('hello from 10.8.0.9')
})

test('a pump in a thread of its own, with offload, by a module of the bundle', async () => {
  const transform = `
    export default ({ arena: { view }, tun, aead }) => ({
      fromTun(batch) { while (batch.next()) if (view.getUint8(batch.offset) === 0x45) { ${reflect} } },
      fromUdp(batch) { while (batch.next()); },
    })
  `
  await using host = await running(
    script(
      `const { openUdp, startPump } = require('@vpnext/packet')`,
      `
      const udpFd = openUdp()
      await this.vpn.protect(udpFd.number)
      const pump = await startPump({
        tunFd: await this.vpn.create(${config('vpnext: { offload: true }')}),
        udpFd,
        transform: new URL('file:///bundle/resources/entry/rawfile/reflect.mjs'),
      })
      udpFd.close()
      say('offload ' + pump.tunOffload.kind)
      this.stop = async () => {
        await pump.stop()
        say('sent ' + (pump.counters().tun.sent.packets > 0))
      }
    `,
    ),
    { 'resources/entry/rawfile/reflect.mjs': transform },
  )
  await host.logged('offload segments')
  expect(await reflected()).toBe('hello from 10.8.0.9')
  expect(host.protectedSockets()).toBe(1)
  await host.destroy()
  await host.logged('sent true')
})

test('threads of an extension have them too', async () => {
  await using host = await running(
    script(
      `const { Worker } = process.getBuiltinModule('node:worker_threads')`,
      `
      const worker = new Worker('/bundle/scripts/thread.cjs')
      worker.on('message', say)
      worker.on('error', say)
    `,
    ),
    {
      'scripts/thread.cjs': `
        const { chooseAead, Arena } = require('@vpnext/packet')
        process.getBuiltinModule('node:worker_threads').parentPort.postMessage('sealed by ' + chooseAead(Arena.create()).name)
      `,
    },
  )
  expect(await host.logged('test: ')).toContain('sealed by ')
})
