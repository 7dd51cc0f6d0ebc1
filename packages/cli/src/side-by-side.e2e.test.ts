import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Lab, createLab } from '@vpnext/lab'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type SystemState,
  diffStates,
  takeState,
  waitForState,
  withoutService,
} from '../test/system-state.ts'
import {
  type Place,
  type TestService,
  createPlace,
  originalResolvConf,
  startService,
} from '../test/test-service.ts'
import { exitCodes } from './exit-codes.ts'

const hello = 'io.vpnext.hello'
const helloProject = fileURLToPath(new URL('../../../apps/hello-vpn', import.meta.url))

let lab: Lab
let places: readonly [Place, Place]
let before: readonly [SystemState, SystemState]
let first: TestService
let second: TestService

beforeAll(async () => {
  lab = await createLab()
  places = [createPlace(), createPlace()]
  before = [takeState(lab.client, places[0]), takeState(lab.client, places[1])]
  first = await startService(lab.client, places[0])
  second = await startService(lab.client, places[1], ['--consent-timeout', '1'])
})

afterAll(async () => {
  await second[Symbol.asyncDispose]()
  await first[Symbol.asyncDispose]()
  const left = places.flatMap((place, index) =>
    diffStates(before[index] ?? before[0], takeState(lab.client, place)),
  )
  await lab[Symbol.asyncDispose]()
  for (const place of places) place[Symbol.dispose]()
  expect(left).toEqual([])
})

test('each verb finds its own service, by --run-dir or VPNEXT_RUN_DIR', async () => {
  expect(await first.run(['install', helloProject])).toMatchObject({ code: 0 })
  expect((await first.run(['list'])).stdout).toContain(hello)
  expect((await second.run(['list'])).stdout).not.toContain(hello)
  expect((await second.run(['list', '--run-dir', places[0].runDir])).stdout).toContain(hello)
  for (const service of [first, second]) {
    expect((await service.run(['status'])).stdout).toContain(
      `(${service.place.instance}), pid ${service.process.pid},`,
    )
  }
})

test('a question nobody answers in time is refused: 4', async () => {
  await second.run(['install', helloProject])
  const start = await second.run(['start', hello])
  expect(start).toMatchObject({ code: exitCodes.refused, stdout: '' })
  expect(start.stderr).toContain('nobody answered the question for consent in time')
  expect((await second.run(['status'])).stdout).toContain('nothing runs')
})

test('both carry a tunnel, each with a name, a table and a resolver configuration of its own', async () => {
  for (const service of [first, second]) {
    expect(await service.run(['start', hello, '--yes'])).toMatchObject({ code: 0 })
  }
  expect((await first.run(['status'])).stdout).toContain('tunnel   vpn-tun, ')
  expect((await second.run(['status'])).stdout).toContain('tunnel   vpn-tun1, ')
  for (const { instance, resolvConf } of places) {
    expect(readFileSync(resolvConf, 'utf8')).toContain(`instance ${instance}`)
  }
})

test('what one leaves behind when it is killed, its doctor takes away, and nothing of the other', async () => {
  const theirs = await first.run(['status', '--json'])
  await second.kill()
  expect(await second.run(['status'])).toMatchObject({ code: exitCodes.noService })
  const doctor = (...more: string[]): ReturnType<TestService['run']> =>
    first.run(['doctor', ...places[1].options, ...more])
  const look = await doctor()
  expect(look.code).toBe(exitCodes.needsRepair)
  expect(look.stdout).toContain(`leftovers      tunnel vpn-tun1 of ${hello}`)
  expect(await doctor('--repair')).toMatchObject({ code: 0 })
  expect(readFileSync(places[1].resolvConf, 'utf8')).toBe(originalResolvConf)
  expect(await doctor()).toMatchObject({ code: 0 })

  const untouched = await first.run(['status', '--json'])
  const identity = ({ stdout }: { stdout: string }): unknown => {
    const { hosts, tunnels } = JSON.parse(stdout) as Record<string, { pid?: number; createdAt?: number }[]>
    return [hosts?.map((host) => host.pid), tunnels?.map((tunnel) => tunnel.createdAt)]
  }
  expect(identity(untouched)).toEqual(identity(theirs))
  await first.run(['stop', hello])
  expect(await waitForState(before[1], lab.client, places[1], withoutService)).toEqual([])
  second = await startService(lab.client, places[1])
})

test('a folder that another service uses is refused, whichever of the two it is', async () => {
  const { runDir, stateDir, instance, resolvConf } = places[0]
  const elsewhere = (option: string): string => `${places[1].folder}/unused-${option}`
  const common = ['service', 'run', '--instance', `${instance.slice(0, 8)}-x`, '--resolv-conf', resolvConf]
  for (const where of [
    ['--run-dir', runDir, '--state-dir', elsewhere('state')],
    ['--run-dir', elsewhere('run'), '--state-dir', stateDir],
  ]) {
    const finished = await first.run([...common, ...where])
    expect(finished.code).toBe(exitCodes.failure)
    expect(finished.stderr).toContain(`is in use by the service with pid ${first.process.pid}`)
    expect(finished.stderr).not.toContain('    at ')
  }
  expect(await first.run(['status'])).toMatchObject({ code: 0 })
})
