import { randomInt } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { createLab } from '@vpnext/lab'
import { expect, test } from 'vitest'
import { type Moment, chooseMoment, chooseRunningMoment, killAt, waitForQuiet } from '../test/crash-round.ts'
import { seededRandom } from '../test/seeded-random.ts'
import { diffStates, takeState, waitForState } from '../test/system-state.ts'
import { createPlace, startService } from '../test/test-service.ts'
import { startVpnext } from '../test/vpnext-process.ts'
import type { Check } from './doctor/check.ts'

const rounds = 20
/** Of them, those in which a tunnel is surely left. */
const certain = 2
const helloProject = fileURLToPath(new URL('../../../apps/hello-vpn', import.meta.url))
/** VPNEXT_SEED=<number> repeats a run that failed. */
const seed = Number(process.env['VPNEXT_SEED'] ?? randomInt(2 ** 31))

test(
  'whoever is killed -9 and whenever, after doctor --repair all is as before',
  { timeout: 600_000 },
  async () => {
    await using lab = await createLab()
    using place = createPlace()
    const before = takeState(lab.client, place)
    {
      await using service = await startService(lab.client, place)
      expect(await service.run(['install', helloProject])).toMatchObject({ code: 0 })
      expect(await service.run(['consent', 'allow', 'io.vpnext.hello'])).toMatchObject({ code: 0 })
    }
    expect(await waitForState(before, lab.client, place)).toEqual([])

    const doctor = async (): Promise<string[]> => {
      const args = ['doctor', '--repair', '--json', ...place.options]
      const { code, stdout, stderr } = await startVpnext(lab.client, args).finished
      if (code !== 0) throw new Error(`doctor ended with ${code}: ${stdout} ${stderr}`)
      const { checks } = JSON.parse(stdout) as { checks: Check[] }
      return checks.map(({ state }) => state.detail).filter((detail) => detail.startsWith('taken away'))
    }
    const round = async (moment: Moment): Promise<{ left: string[]; repaired: string[] }> => {
      await using service = await startService(lab.client, place)
      await killAt(moment, service, lab.client)
      const left = diffStates(
        { ...before, processes: [] },
        { ...takeState(lab.client, place), processes: [] },
      )
      const repaired = await doctor()
      if (moment.victim === 'host') await waitForQuiet(service)
      return { left, repaired }
    }

    const random = seededRandom(seed)
    const told: string[] = []
    const found = { left: 0, tunnels: 0, repaired: 0 }
    for (let number = 1; number <= rounds; number += 1) {
      const moment = number <= certain ? chooseRunningMoment(random) : chooseMoment(random)
      told.push(`round ${number}: ${JSON.stringify(moment)}`)
      const { left, repaired } = await round(moment).catch((error: unknown) => {
        throw new Error(`seed ${seed}\n${told.join('\n')}`, { cause: error })
      })
      told.push(...left.map((line) => `  left ${line}`), ...repaired.map((line) => `  ${line}`))
      const still = await waitForState(before, lab.client, place)
      if (still.length > 0) throw new Error([`seed ${seed}`, ...told, 'remains:', ...still].join('\n'))
      if (moment.victim === 'service') {
        if (left.length > 0) found.left += 1
        if (left.some((line) => /^[+-] (links|rules|routes|nft)/.test(line))) found.tunnels += 1
        if (repaired.length > 0) found.repaired += 1
      }
    }
    // A round in which nothing was left shows nothing; most kills of a service do leave something.
    if (found.left < 5 || found.tunnels < certain || found.repaired < found.left) {
      throw new Error([`seed ${seed}: too little was left: ${JSON.stringify(found)}`, ...told].join('\n'))
    }
  },
)
