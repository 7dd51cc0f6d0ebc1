import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Lab, createLab } from '@vpnext/lab'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  type SystemState,
  diffStates,
  takeState,
  waitForProcesses,
  waitForState,
} from '../test/system-state.ts'
import { type Place, createPlace, originalResolvConf, startService } from '../test/test-service.ts'
import { type Finished, startVpnext } from '../test/vpnext-process.ts'
import type { Check } from './doctor/check.ts'
import { exitCodes } from './exit-codes.ts'

const helloProject = fileURLToPath(new URL('../../../apps/hello-vpn', import.meta.url))

let lab: Lab
let place: Place
let before: SystemState

beforeEach(async () => {
  lab = await createLab()
  place = createPlace()
  before = takeState(lab.client, place)
})

afterEach(async () => {
  const left = await waitForState(before, lab.client, place)
  await lab[Symbol.asyncDispose]()
  place[Symbol.dispose]()
  expect(left).toEqual([])
})

const doctor = (...more: string[]): Promise<Finished> =>
  startVpnext(lab.client, ['doctor', ...place.options, ...more]).finished

const leftovers = ({ stdout }: Finished): Check['state'][] =>
  (JSON.parse(stdout) as { checks: Check[] }).checks
    .filter((check) => check.name === 'leftovers')
    .map((check) => check.state)

/** A service with a tunnel, killed: everything it had in the kernel is still there. */
async function crash(): Promise<void> {
  const service = await startService(lab.client, place)
  expect(await service.run(['install', helloProject])).toMatchObject({ code: 0 })
  expect(await service.run(['start', 'io.vpnext.hello', '--yes'])).toMatchObject({ code: 0 })
  await service.kill()
  await waitForProcesses(lab.client)
}

test('where no service ever was, nothing is left, and no folder is made', async () => {
  for (const args of [[], ['--repair']]) {
    const finished = await doctor(...args)
    expect(finished).toMatchObject({ code: 0, stderr: '' })
    expect(finished.stdout).toMatch(/^ok {2}leftovers +none$/m)
    expect(finished.stdout).toMatch(/^-- {2}service +none at /m)
  }
  expect(readdirSync(place.folder)).toEqual(['resolv.conf'])
})

test('while a service runs its tunnel is no leftover, and a repair leaves it alone', async () => {
  await using service = await startService(lab.client, place)
  await service.run(['install', helloProject])
  await service.run(['start', 'io.vpnext.hello', '--yes'])
  const up = takeState(lab.client, place)
  // The state folder is what counts: a wrong run directory must not make a live tunnel a leftover.
  for (const wrong of [[], ['--run-dir', join(place.folder, 'nowhere')]]) {
    const finished = await doctor('--json', '--repair', ...wrong)
    expect(finished).toMatchObject({ code: 0, stderr: '' })
    expect(leftovers(finished)).toEqual([
      { kind: 'fine', detail: expect.stringContaining(`pid ${service.process.pid}`) as string },
    ])
  }
  const settled = ({ network, resolver }: SystemState): SystemState => ({
    network,
    resolver,
    cgroups: [],
    processes: [],
  })
  expect(diffStates(settled(up), settled(takeState(lab.client, place)))).toEqual([])
  expect((await service.run(['status'])).stdout).toContain('vpn-tun')
})

test('after a kill: 6 without --repair and nothing changes; 0 with it, and all is as before', async () => {
  await crash()
  const look = await doctor('--json')
  expect(look).toMatchObject({ code: exitCodes.needsRepair })
  expect(look.stderr).toContain('vpnext doctor --repair')
  expect(leftovers(look)).toContainEqual({ kind: 'leftover', detail: 'tunnel vpn-tun of io.vpnext.hello' })
  expect(await doctor()).toMatchObject({ code: exitCodes.needsRepair })

  const repair = await doctor('--repair', '--json')
  expect(repair).toMatchObject({ code: 0, stderr: '' })
  const taken = leftovers(repair).map((state) => state.detail)
  expect(taken).toContainEqual(expect.stringMatching(/^taken away: .* rules/))
  expect(taken).toContainEqual(expect.stringMatching(/^taken away: .* routes/))
  expect(taken).toContainEqual(`taken away: ${place.resolvConf}`)
  expect(leftovers(await doctor('--repair', '--json'))).toEqual([{ kind: 'fine', detail: 'none' }])
})

test('the next service takes away what the one before left, too', async () => {
  await crash()
  await using service = await startService(lab.client, place)
  expect((await service.run(['logs'])).stdout).toContain('vpn-tun: undone after a crash: ')
  expect(readFileSync(place.resolvConf, 'utf8')).toBe(originalResolvConf)
})

/** As the journal writes an entry: with its Adler-32, here by big integers (RFC 1950, 8.2). */
function withSum(text: string): string {
  const units = Array.from({ length: text.length }, (_, at) => BigInt(text.charCodeAt(at)))
  const sum = units.reduce((total, unit) => total + unit, 1n) % 65_521n
  const weighted = units.reduce((total, unit, at) => total + unit * BigInt(units.length - at), 0n)
  const sums = (weighted + BigInt(units.length)) % 65_521n
  return `${text}\n${((sums << 16n) | sum).toString(16)}\n`
}

test('after a reboot only files are restored: the kernel’s part of another boot is not touched', async () => {
  await crash()
  const [name = ''] = readdirSync(join(place.stateDir, 'journal'))
  const path = join(place.stateDir, 'journal', name)
  const entry = readFileSync(path, 'utf8')
  const [text = ''] = entry.split('\n')
  writeFileSync(
    path,
    withSum(text.replace(/"bootId":"[^"]*"/, '"bootId":"00000000-0000-4000-8000-000000000000"')),
  )
  const crashed = takeState(lab.client, place)

  const repair = await doctor('--repair', '--json')
  expect(repair).toMatchObject({ code: 0, stderr: '' })
  expect(leftovers(repair).map((state) => state.detail)).toContain(`taken away: ${place.resolvConf}`)
  expect(readFileSync(place.resolvConf, 'utf8')).toBe(originalResolvConf)
  expect(leftovers(await doctor('--repair', '--json'))).toEqual([{ kind: 'fine', detail: 'none' }])
  const { rules, routes } = takeState(lab.client, place).network
  expect(crashed.network.rules.length).toBeGreaterThan(before.network.rules.length)
  expect({ rules, routes }).toEqual({ rules: crashed.network.rules, routes: crashed.network.routes })

  // The same boot again: what is left in the kernel goes, and the file is as it should be already.
  writeFileSync(path, entry)
  expect(await doctor('--repair')).toMatchObject({ code: 0 })
})

test('a resolver configuration that somebody else has written since stays theirs', async () => {
  await crash()
  const theirs = '# theirs\nnameserver 192.0.2.53\n'
  writeFileSync(place.resolvConf, theirs)
  expect(await doctor('--repair')).toMatchObject({ code: 0 })
  expect(readFileSync(place.resolvConf, 'utf8')).toBe(theirs)
  writeFileSync(place.resolvConf, originalResolvConf)
})

test('a journal that cannot be read is a finding with its path, and a failed repair', async () => {
  await crash()
  const [name = ''] = readdirSync(join(place.stateDir, 'journal'))
  const path = join(place.stateDir, 'journal', name)
  const entry = readFileSync(path, 'utf8')
  writeFileSync(path, withSum('{"version": 99}'))
  const look = await doctor()
  expect(look).toMatchObject({ code: 0 })
  expect(look.stdout).toContain(path)
  const repair = await doctor('--repair')
  expect(repair.code).toBe(exitCodes.failure)
  expect(repair.stderr).toContain(path)
  expect(repair.stderr).not.toContain('    at ')
  writeFileSync(path, entry)
  expect(await doctor('--repair')).toMatchObject({ code: 0 })
})
