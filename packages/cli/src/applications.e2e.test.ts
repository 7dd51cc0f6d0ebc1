import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  type Inventory,
  type Lab,
  capture,
  createLab,
  expectNothingLeft,
  labAddresses,
  labHostName,
  labLinks,
  labPorts,
  probeCommand,
  takeInventory,
} from '@vpnext/lab'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Place, type TestService, createPlace, startService } from '../test/test-service.ts'

/** A tunnel for one application, `vpnext exec` under its name, and what `explain` says of both. */
const app = 'com.example.one'
const far = labAddresses.internet.v4
const hello = 'io.vpnext.hello'
const helloProject = fileURLToPath(new URL('../../../apps/hello-vpn', import.meta.url))

let inventory: Inventory
let lab: Lab
let place: Place
let service: TestService

beforeAll(async () => {
  inventory = takeInventory()
  lab = await createLab()
  place = createPlace()
  service = await startService(lab.client, place)
  const project = mkdtempSync(join(tmpdir(), 'vpnext-e2e-project-'))
  try {
    cpSync(helloProject, project, { recursive: true })
    const source = join(project, 'entry/src/main/ets/vpnability/HelloVpnAbility.ets')
    const listed = `trustedApplications: ['${app}'],\n      mtu: 1400,`
    writeFileSync(source, readFileSync(source, 'utf8').replace('mtu: 1400,', listed))
    await service.run(['install', project])
  } finally {
    rmSync(project, { recursive: true })
  }
  const started = await service.run(['start', hello, '--yes'])
  expect(started, (await service.run(['logs'])).stdout).toMatchObject({ code: 0 })
  expect(started.stdout).not.toContain('no tunnel yet')
})

afterAll(async () => {
  await service.run(['uninstall', hello])
  await service[Symbol.asyncDispose]()
  await lab[Symbol.asyncDispose]()
  place[Symbol.dispose]()
  await expectNothingLeft(inventory)
})

async function explain(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await service.run(['explain', far, ...args, ...place.options])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return stdout
}

test('explain tells programs of the application from others', async () => {
  expect(await explain('--app', app)).toMatch(
    new RegExp(`^${far} goes into vpn-tun \\(table 52000, rule 9000\\), the tunnel of ${hello} of user 0, `),
  )
  const others = await explain()
  expect(others).toContain(`${far} leaves by c0 via ${labAddresses.router.v4} (table main`)
  expect(others).toMatch(/Before that, rule 9000 \(.*\) is for other marks\./)
  const json = JSON.parse(await explain('--app', app, '--json')) as { program: { mark: number } }
  // One of the identity bits, see docs: 0x3e000000.
  expect(json.program.mark & 0x3e00_0000).toBeGreaterThan(0)
})

test('a name: the question of the application is sent to the tunnel’s server, that of others is not', async () => {
  const ask = async (...args: string[]): Promise<string> =>
    (await service.run(['explain', labHostName, ...args, ...place.options])).stdout
  const configured = `For the name ${labHostName}, ${labAddresses.router.v4} is asked, because it is the first in ${place.resolvConf}`
  const listed = await ask('--app', app)
  expect(listed).toContain(`${configured}; but the kernel sends the question to 10.8.0.1 (tunnel vpn-tun).`)
  expect(listed).toContain('The question to 10.8.0.1 goes into vpn-tun')
  const other = await ask()
  expect(other).toContain(`${configured}.`)
  expect(other).toContain(`The question to ${labAddresses.router.v4} leaves by c0`)
})

test.each(['tcp', 'udp'] as const)(
  'and so does the kernel: a %s command under its name goes through the tunnel, under another it does not',
  async (protocol) => {
    using uplink = capture(lab.router, labLinks.routerToClient)
    const toFar = { destination: far, destinationPort: labPorts.echo } as const
    const { command, args } = probeCommand(protocol, far)
    const inside = await service.run(['exec', app, '--', command, ...args])
    expect(inside).toMatchObject({ code: 0, stdout: `${labAddresses.gateway.v4}\n` })
    expect(uplink.count(toFar)).toBe(0)
    const outside = await service.run(['exec', 'com.example.two', '--', command, ...args])
    expect(outside).toMatchObject({ code: 0, stdout: `${labAddresses.client.v4}\n` })
    expect(uplink.count(toFar)).toBeGreaterThan(0)
  },
)
