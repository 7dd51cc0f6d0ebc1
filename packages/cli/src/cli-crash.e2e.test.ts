import { randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { createLab } from '@vpnext/lab'
import { expect, test } from 'vitest'
import { seededRandom } from '../test/seeded-random.ts'
import { diffStates, takeState, waitForState, withoutService } from '../test/system-state.ts'
import { createPlace, startService } from '../test/test-service.ts'
import { startVpnext } from '../test/vpnext-process.ts'

const hello = 'io.vpnext.hello'
const helloProject = fileURLToPath(new URL('../../../apps/hello-vpn', import.meta.url))
/** VPNEXT_SEED=<number> repeats a run that failed. */
const seed = Number(process.env['VPNEXT_SEED'] ?? randomInt(2 ** 31))
const rounds = 3

/** Every verb that changes something, as a person would type it. */
const verbs: readonly (readonly string[])[] = [
  ['install', helloProject],
  ['start', hello],
  ['start', hello, '--yes'],
  ['consent', 'allow', hello],
  ['exec', 'com.example.app', '--', 'sleep', '600'],
  ['stop', hello],
  ['consent', 'revoke', hello],
  ['uninstall', hello],
]

test('whatever verb is killed -9 and whenever, the service goes on, and all is as before in the end', async () => {
  await using lab = await createLab()
  using place = createPlace()
  const before = takeState(lab.client, place)
  const random = seededRandom(seed)
  const told: string[] = [`seed ${seed}`]
  {
    await using service = await startService(lab.client, place)
    let killed = 0
    for (let round = 0; round < rounds; round += 1) {
      for (const verb of verbs) {
        const delay = 20 * 60 ** random()
        const process = service.start(verb)
        await Promise.race([sleep(delay), process.finished])
        process.kill('SIGKILL')
        const { signal } = await process.finished
        if (signal === 'SIGKILL') killed += 1
        told.push(`${verb.join(' ')} after ${delay.toFixed(0)} ms: ${signal ?? 'done'}`)
        expect((await service.run(['status'])).code, told.join('\n')).toBe(0)
      }
    }
    // The control: some were killed in their middle.
    expect(killed).toBeGreaterThan(rounds)
    await service.run(['uninstall', hello])
    const still = await waitForState(before, lab.client, place, withoutService)
    expect(still, told.join('\n')).toEqual([])
    expect((await service.run(['list', '--json'])).stdout).toContain('"bundles": []')
  }
  expect(await waitForState(before, lab.client, place)).toEqual([])
})

test('a doctor that is killed -9 while it repairs is followed by one that finishes', async () => {
  await using lab = await createLab()
  using place = createPlace()
  const before = takeState(lab.client, place)
  const random = seededRandom(seed)
  let cutShort = 0
  // How long a doctor takes here that nobody kills, in ms: the first round finds out.
  let whole = Number.POSITIVE_INFINITY
  for (let round = 0; round < 5; round += 1) {
    const service = await startService(lab.client, place)
    await service.run(['install', helloProject])
    await service.run(['start', hello, '--yes'])
    await expect.poll(async () => (await service.run(['status'])).stdout).toContain('vpn-tun')
    await service.kill()
    const begin = performance.now()
    const doctor = startVpnext(lab.client, ['doctor', '--repair', ...place.options])
    if (round === 0) {
      await doctor.finished
      whole = performance.now() - begin
    } else {
      await Promise.race([sleep(whole * random()), doctor.finished])
      doctor.kill('SIGKILL')
      if ((await doctor.finished).signal === 'SIGKILL') cutShort += 1
    }
    const again = await startVpnext(lab.client, ['doctor', '--repair', ...place.options]).finished
    expect(again.code, `seed ${seed}: ${again.stdout}${again.stderr}`).toBe(0)
    const state = takeState(lab.client, place)
    expect(diffStates({ ...before, processes: [] }, { ...state, processes: [] }), `seed ${seed}`).toEqual([])
  }
  expect(cutShort).toBeGreaterThan(0)
})
