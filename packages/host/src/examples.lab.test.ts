import { openFds, unshare } from '@vpnext/native'
import { rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import { type TemporaryFolder, temporaryFolder } from '../../service/test/temporary-folder.ts'
import { type TestService, startTestService } from '../../service/test/test-service.ts'
import { archiveOf, extensionText } from '../test/extension-project.ts'
import { buildTestImage } from '../test/host-harness.ts'
import { installArchive, results, startAbility, takeResult } from '../test/real-machine.ts'

/** What the examples of the API document do, in words of our own: as they stand, and with the context they forget. */
const bundleName = 'com.example.examples'
const names = ['ConnectionExample', 'CreateExample', 'ProtectExample', 'DestroyExample', 'ConfigExample']
let image: string
let folder: TemporaryFolder
let machine: TestService
let descriptors: number
let asTheyStand: Uint8Array
let withContext: Uint8Array

const text = (name: string): string => extensionText(`examples/${name}.ets`)
const assigning = (name: string): string =>
  text(name).replace('onCreate(want: Want) {', 'onCreate(want: Want) {\n    context = this.context;')

beforeAll(async () => {
  unshare({ network: true })
  image = buildTestImage()
  const build = (textOf: (name: string) => string): Promise<Uint8Array> =>
    archiveOf({ bundleName, extensions: Object.fromEntries(names.map((name) => [name, textOf(name)])) })
  asTheyStand = await build(text)
  withContext = await build(assigning)
})
afterAll(() => rmSync(dirname(image), { recursive: true }))
beforeEach(async () => {
  descriptors = openFds()
  folder = temporaryFolder()
  machine = await startTestService(folder, image)
})
afterEach(async () => {
  await machine[Symbol.asyncDispose]()
  folder[Symbol.dispose]()
  expect(openFds()).toBe(descriptors)
})

async function install(archive: Uint8Array): Promise<void> {
  await installArchive(machine, archive)
  await machine.allow(bundleName)
}

const isAlive = async (name: string): Promise<boolean> =>
  (await machine.status()).hosts.some((host) => host.abilityName === name && host.state === 'running')

describe('as they stand, without a context', () => {
  test.each(names.filter((name) => name !== 'CreateExample'))(
    '%s ends in the 401 of createVpnConnection, and the host lives on',
    async (name) => {
      await install(asTheyStand)
      await startAbility(machine, bundleName, name)
      expect(await machine.logged('onCreate: BusinessError')).toContain('code 401; context')
      expect(await isAlive(name)).toBe(true)
      expect(results(machine)).toEqual([])
    },
  )

  test('CreateExample catches that 401 and logs it', async () => {
    await install(asTheyStand)
    await startAbility(machine, bundleName, 'CreateExample')
    const line = await takeResult(machine, 'no tunnel: ')
    expect(JSON.parse(line.slice('no tunnel: '.length))).toMatchObject({
      code: 401,
      message: 'Parameter error.',
      data: { field: 'context' },
    })
    expect(await isAlive('CreateExample')).toBe(true)
  })
})

describe('with this.context', () => {
  beforeEach(() => install(withContext))

  test('a connection is made, and shows nothing of itself', async () => {
    await startAbility(machine, bundleName, 'ConnectionExample')
    expect(await machine.logged('connection made')).toBe('connection made: {}')
  })

  test('a VPN is created from a config of the own classes', async () => {
    await startAbility(machine, bundleName, 'CreateExample')
    expect(await takeResult(machine, 'tunnel')).toBe('tunnel true')
    expect((await machine.status()).tunnels).toMatchObject([
      { interfaceName: 'vpn-tun', mtu: 1400, dnsServers: ['192.0.2.53'], blockedApplications: [bundleName] },
    ])
  })

  test('a number that is no socket is not protected', async () => {
    await startAbility(machine, bundleName, 'ProtectExample')
    expect(await takeResult(machine, 'not protected')).toContain('"code":2203004')
  })

  test('destroy resolves, although there is nothing to destroy', async () => {
    await startAbility(machine, bundleName, 'DestroyExample')
    expect(await takeResult(machine, 'destroyed')).toBe('destroyed')
  })

  test('an empty destination address is a 401 that names it', async () => {
    await startAbility(machine, bundleName, 'ConfigExample')
    expect(await machine.logged('onCreate: BusinessError')).toContain(
      'code 401; config.routes[0].destination.address.address',
    )
    expect(await isAlive('ConfigExample')).toBe(true)
    expect((await machine.status()).tunnels).toEqual([])
  })
})
