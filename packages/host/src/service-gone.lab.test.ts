import { chownSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'

import { buildTestImage, hostUid, startHost } from '../test/host-harness.ts'

/** Writes each outcome into a file that outlives the host: there is nobody any more who would take a log. */
const script = `
const { VpnExtensionAbility, vpnExtension, socket } = require('@kit.NetworkKit')
const { fileIo } = require('@kit.CoreFileKit')
const config = { addresses: [{ address: { address: '10.8.0.5' }, prefixLength: 24 }] }
exports.default = class extends VpnExtensionAbility {
  async onCreate() {
    const vpn = vpnExtension.createVpnConnection(this.context)
    const file = fileIo.openSync(this.context.filesDir + '/told', fileIo.OpenMode.CREATE | fileIo.OpenMode.READ_WRITE)
    const udp = socket.constructUDPSocketInstance()
    await udp.bind({ address: '127.0.0.1' })
    const fd = await udp.getSocketFd()
    const waiting = {
      create: vpn.create(config),
      protect: vpn.protect(fd),
      destroy: vpn.destroy(),
      'destroy of an id': vpn.destroy('work'),
      start: vpnExtension.startVpnExtensionAbility({}),
      protectProcessNet: vpn.protectProcessNet(),
    }
    for (const [name, work] of Object.entries(waiting)) {
      work.then(
        () => fileIo.writeSync(file.fd, name + ' resolved\\n'),
        ({ code }) => fileIo.writeSync(file.fd, name + ' ' + code + '\\n'),
      )
    }
  }
}`

test('2200002, 19900002 and 16000050: the service goes while the extension waits for it', async () => {
  const image = buildTestImage()
  const dataFolder = mkdtempSync(join(tmpdir(), 'vpnext-data-'))
  chownSync(dataFolder, hostUid, hostUid)
  let asked = 0
  const never = (): Promise<never> => {
    asked += 1
    return new Promise(() => undefined)
  }
  try {
    await using host = startHost({
      image,
      script,
      launch: { dataFolder },
      handlers: {
        CreateVpn: never,
        Protect: never,
        DestroyVpn: never,
        StartAbility: never,
        ProtectProcess: never,
      },
    })
    await host.create()
    await expect.poll(() => asked).toBe(6)
    await host.peer.close()
    expect(await host.exited).toEqual({ code: null, signal: 'SIGKILL' })
    const told = readFileSync(join(dataFolder, 'el2/base/haps/entry/files/told'), 'utf8')
    expect(told.trim().split('\n').toSorted()).toEqual([
      'create 2200002',
      'destroy 2200002',
      'destroy of an id 19900002',
      'protect 2200002',
      'protectProcessNet resolved',
      'start 16000050',
    ])
  } finally {
    rmSync(dataFolder, { recursive: true })
    rmSync(dirname(image), { recursive: true })
  }
})
