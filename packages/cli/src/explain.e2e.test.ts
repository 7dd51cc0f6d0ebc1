import { execFileSync } from 'node:child_process'
import { chmodSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import {
  type Inventory,
  type Lab,
  createLab,
  expectNothingLeft,
  labAddresses,
  labHostName,
  takeInventory,
} from '@vpnext/lab'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { commandForAll } from '../test/command-for-all.ts'
import { type Place, type TestService, createPlace, startService } from '../test/test-service.ts'
import { type Finished, startProgram, startVpnext } from '../test/vpnext-process.ts'
import { exitCodes } from './exit-codes.ts'

/** One life, told in order: before a tunnel, under it, and after its service was killed. */
const hello = 'io.vpnext.hello'
const helloProject = fileURLToPath(new URL('../../../apps/hello-vpn', import.meta.url))
const far = labAddresses.internet

let inventory: Inventory
let lab: Lab
let place: Place
let service: TestService | undefined

beforeAll(async () => {
  inventory = takeInventory()
  lab = await createLab()
  place = createPlace()
})

afterAll(async () => {
  await service?.[Symbol.asyncDispose]()
  await lab[Symbol.asyncDispose]()
  place[Symbol.dispose]()
  await expectNothingLeft(inventory)
})

async function explain(...args: string[]): Promise<Finished> {
  return await startVpnext(lab.client, ['explain', ...args, ...place.options], { input: '' }).finished
}

async function explainJson(...args: string[]): Promise<Record<string, unknown>> {
  const finished = await explain(...args, '--json')
  expect(finished).toMatchObject({ code: 0, stderr: '' })
  return JSON.parse(finished.stdout) as Record<string, unknown>
}

test('without a service and a tunnel, the uplink is told, and that nothing guards it', async () => {
  const { code, stdout, stderr } = await explain(far.v4)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toBe(
    `${far.v4} leaves by c0 via ${labAddresses.router.v4} (table main, rule 32766), because rule 32766 ` +
      `(from all lookup 254) leads to the route 0.0.0.0/0 via ${labAddresses.router.v4} dev c0.\n` +
      `Its source address is ${labAddresses.client.v4}.\n` +
      'There is no guard: no tunnel of vpnext is up here.\n',
  )
  expect(await explainJson('127.0.0.1')).toMatchObject({
    service: 'none',
    packets: [{ way: { type: 'local', interfaceName: 'lo' } }],
  })
})

test('an application is known to a service, or to its journal, only', async () => {
  const { code, stderr } = await explain(far.v4, '--app', 'com.example.one')
  expect(code).toBe(exitCodes.noService)
  expect(stderr).toContain('no service tells which packets are those of com.example.one')
})

test.each([['300.1.1.1'], ['a b'], ['-x.test'], ['1.2.3'], ['x'.repeat(64)]])(
  '%j is neither an address nor a name',
  async (target) => {
    const { code, stderr } = await explain('--', target)
    expect(code).toBe(exitCodes.usage)
    expect(stderr).not.toContain('    at ')
  },
)

test('under a tunnel: the tunnel and whose it is, its source, and what the guard says', async () => {
  service = await startService(lab.client, place)
  expect(await service.run(['install', helloProject])).toMatchObject({ code: 0 })
  expect(await service.run(['start', hello, '--yes'])).toMatchObject({ code: 0 })
  const table = `vpnext-${place.instance}`
  for (const [version, own] of [
    ['v4', '10.8.0.5'],
    ['v6', 'fd08::5'],
  ] as const) {
    const { stdout } = await explain(far[version], '--uid', '1000', '--port', '443')
    expect(stdout).toContain(
      `${far[version]} goes into vpn-tun (table 52000, rule 9000), the tunnel of ${hello} of user 0, because rule 9000`,
    )
    expect(stdout).toContain(`Its source address is ${own}.`)
    expect(stdout).toContain(
      `The guard accepts it: it enters the tunnel with an address of the tunnel (table inet ${table}, chain output_0: `,
    )
  }
  expect(await explainJson(far.v4, '--app', 'com.example.one')).toMatchObject({
    service: 'answers',
    program: { app: 'com.example.one', mark: 0, uid: 0 },
  })
})

test('a packet filter of somebody else’s that may stop it is named', async () => {
  const nft = async (...words: string[]): Promise<Finished> =>
    await startProgram(lab.client, 'nft', words, { input: '' }).finished
  expect((await explain(far.v6)).stdout).not.toContain('Filters of others')
  const chain = '{ type filter hook output priority 0 ; policy drop ; }'
  expect(await nft(`add table ip6 fw ; add chain ip6 fw closed ${chain}`)).toMatchObject({ code: 0 })
  expect((await explain(far.v6)).stdout).toContain(
    'Filters of others may stop it, which is not looked at here: table ip6 fw, chain closed (policy drop).',
  )
  expect((await explain(far.v4)).stdout).not.toContain('Filters of others')
  expect(await nft('delete', 'table', 'ip6', 'fw')).toMatchObject({ code: 0 })
})

test('a name: which server is asked and why, where the question goes, and what it stands for', async () => {
  const { stdout } = await explain(labHostName)
  expect(stdout).toContain(
    `For the name ${labHostName}, 10.8.0.1 is asked, because it is the first in ${place.resolvConf}, which vpnext (instance ${place.instance}) wrote for a tunnel.`,
  )
  expect(stdout).toContain('The question to 10.8.0.1 goes into vpn-tun')
  expect(stdout).toContain(`It stands for ${far.v4}, ${far.v6}.`)
  expect(stdout).toContain(`${far.v6} goes into vpn-tun`)
})

test('a name that nobody knows: only the way of the question', async () => {
  const { code, stdout } = await explain('nothing.test')
  expect(code).toBe(0)
  expect(stdout).toContain('The question to 10.8.0.1 goes into vpn-tun')
  expect(stdout).toContain('What nothing.test stands for could not be found out (ENOTFOUND)')
})

test('a pipe where resolv.conf should be is told, and nobody waits for it', async () => {
  const pipe = `${place.folder}/pipe`
  execFileSync('mkfifo', [pipe])
  const words = ['explain', labHostName, ...place.options, '--resolv-conf', pipe]
  const { code, stdout } = await startVpnext(lab.client, words, { input: '' }).finished
  expect(code).toBe(0)
  expect(stdout).toBe(
    `Who is asked for the name ${labHostName} cannot be told: ${pipe} is no regular file, and not read, because that may never end.\n` +
      `What ${labHostName} stands for could not be found out (nobody was asked), so nothing is said of it.\n`,
  )
})

test('an ordinary user is told all but the guard, and nothing of programs of others', async () => {
  chmodSync(place.folder, 0o755)
  const main = commandForAll(place.folder)
  const asUser = async (...args: string[]): Promise<Finished> => {
    const user = ['--reuid', '1000', '--regid', '1000', '--clear-groups', process.execPath, main]
    const words = [...user, 'explain', far.v4, ...args, ...place.options]
    return await startProgram(lab.client, 'setpriv', words, { input: '' }).finished
  }
  const own = await asUser()
  expect(own).toMatchObject({ code: 0, stderr: '' })
  expect(own.stdout).toContain(`${far.v4} goes into vpn-tun (table 52000, rule 9000), because`)
  expect(own.stdout).toContain('What the guard says is not known: only root can read it.')
  const foreign = await asUser('--uid', '1001')
  expect(foreign.code).toBe(exitCodes.refused)
  expect(foreign.stderr).toContain('only administrators see programs of uid 1001')
})

test('for an address nothing is sent', async () => {
  const asked = lab.tunnelDns.queries.length + lab.uplinkDns.queries.length
  const packets = lab.plainGateway.counters.fromClients.v4.packets
  await explain(far.v4, '--uid', '1000', '--protocol', 'udp', '--port', '53')
  expect(lab.tunnelDns.queries.length + lab.uplinkDns.queries.length).toBe(asked)
  expect(lab.plainGateway.counters.fromClients.v4.packets).toBe(packets)
  // The same look does notice a question.
  await explain(labHostName)
  expect(lab.plainGateway.counters.fromClients.v4.packets).toBeGreaterThan(packets)
})

test('after its service was killed: the route of the tunnel that lets nothing around it', async () => {
  await service?.kill()
  service = undefined
  const { code, stdout } = await explain(far.v4)
  expect(code).toBe(0)
  expect(stdout).toContain(`${far.v4} goes nowhere (EHOSTUNREACH, no route to host) (table 52000, rule 9000)`)
  expect(stdout).toMatch(
    /unreachable 0\.0\.0\.0\/0 metric \d+, which a tunnel has so that nothing gets around it/,
  )
  expect(await explainJson(far.v4, '--app', 'com.example.one')).toMatchObject({ service: 'none' })
  const repaired = await startVpnext(lab.client, ['doctor', '--repair', ...place.options], { input: '' })
    .finished
  expect(repaired.code).toBe(0)
  expect((await explain(far.v4)).stdout).toContain('leaves by c0')
})
