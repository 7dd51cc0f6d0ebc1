import { setTimeout as sleep } from 'node:timers/promises'
import { diffSnapshots } from '@vpnext/network'
import { cgroup2Mount } from '@vpnext/native'
import { round3 } from '../compare.ts'
import type { MeasuredRow, RowPlan } from '../row.ts'
import { controlGroups, descriptorCount, formatMemory, residentKiB } from '../site/process-facts.ts'
import type { ServiceProcess } from '../site/service-process.ts'
import type { Site } from '../site/site.ts'
import { slope } from '../statistics.ts'

const startStops = 100
const createDestroys = 1000
/** In ms. */
const settleMs = 2000
/** Create/destroy cycles between two looks at the memory. */
const step = 25
/** Before the first look: what is made once, modules, compiled code and the size that V8's heap works at. */
const warmUp = { startStops: 10, createDestroys: 1600 }
/**
 * Memory is flat when its floor rises by less than this, in KiB a cycle; a kept tunnel, host or call is more. The floor is the
 * least of {@link floorOf} looks, the service's each after a collection of garbage: by itself V8 collects all of it less often than
 * once in these cycles. A host cannot be asked for one; its own are frequent enough.
 */
const flatKiBPerCycle = 2
const floorOf = 5

const plan: RowPlan = {
  id: 'start-stop-cycles',
  what: '100 start/stop cycles, then 1,000 create/destroy cycles: resident memory of the service, after ÷ before',
  against: 'the state before: fds, network, control groups',
  aim: `fds, network and control groups equal; memory flat (below ${flatKiBPerCycle} KiB a cycle)`,
}

export const startStopCycles: MeasuredRow = {
  plan,
  collects: true,
  async measure(site) {
    const { extension, progress, service } = site
    const total = startStops + createDestroys
    for (let cycle = 0; cycle < warmUp.startStops; cycle += 1) await startStop(site)
    await cycles(site, warmUp.createDestroys)
    const before = await stateOf(site)
    for (let cycle = 0; cycle < startStops; cycle += 1) {
      await startStop(site)
      progress.part(cycle + 1, total)
    }
    const between = await memoryOf(service)
    // The last stop has left a new host, with everything to make once.
    await cycles(site, warmUp.createDestroys)
    const memory: number[] = []
    const host: number[] = []
    for (let cycle = 0; cycle < createDestroys; cycle += step) {
      await extension.run('create-destroy', { times: step })
      memory.push(await memoryOf(service))
      host.push(residentKiB(await extension.pid()))
      progress.part(startStops + cycle + step, total)
    }
    await extension.stop()
    const after = await stateOf(site)
    const changed = differences(before, after)
    const perCycle = growth(memory)
    const hostPerCycle = growth(host)
    const ratios = [between, ...memory].map((value) => value / before.memory)
    return {
      ...plan,
      ratio: round3(after.memory / before.memory),
      spread: [round3(Math.min(...ratios)), round3(Math.max(...ratios))],
      met: changed.length === 0 && perCycle < flatKiBPerCycle && hostPerCycle < flatKiBPerCycle,
      figures: {
        'different from before': changed.length === 0 ? 'nothing' : changed.join('; '),
        'fds of the service': `${before.descriptors} → ${after.descriptors}`,
        'memory of the service': `${formatMemory(before.memory)} → ${formatMemory(between)} (start/stop) → ${formatMemory(after.memory)}`,
        'slope, service': `${perCycle.toFixed(2)} KiB a cycle`,
        'slope, host': `${hostPerCycle.toFixed(2)} KiB a cycle`,
      },
    }
  },
}

/** How much the floor of a series rises, in KiB a cycle. */
function growth(memory: readonly number[]): number {
  const floors = memory.flatMap((_, at) =>
    at % floorOf === 0 ? [Math.min(...memory.slice(at, at + floorOf))] : [],
  )
  return slope(floors) / (floorOf * step)
}

/** In KiB, without garbage. */
async function memoryOf(service: ServiceProcess): Promise<number> {
  await service.collect()
  return residentKiB(service.pid)
}

async function startStop({ extension }: Site): Promise<void> {
  await extension.start({ job: 'none', run: 0 })
  await extension.stop()
}

async function cycles({ extension }: Site, count: number): Promise<void> {
  for (let done = 0; done < count; done += step) await extension.run('create-destroy', { times: step })
}

interface State {
  readonly descriptors: number
  readonly memory: number
  readonly groups: readonly string[]
  readonly network: ReturnType<Site['snapshot']>
}

async function stateOf(site: Site): Promise<State> {
  const { extension, service, settings } = site
  await extension.stop()
  // What a stop leaves to the next turns of the loop, and the spare host.
  await sleep(settleMs)
  const groups = controlGroups(`${cgroup2Mount()}/vpnext-${settings.instance}`)
  return {
    descriptors: descriptorCount(service.pid),
    memory: await memoryOf(service),
    groups,
    network: site.snapshot(),
  }
}

function differences(before: State, after: State): string[] {
  return [
    ...(before.descriptors === after.descriptors
      ? []
      : [`fds: ${before.descriptors} → ${after.descriptors}`]),
    ...(before.groups.join('\n') === after.groups.join('\n')
      ? []
      : [`control groups: ${after.groups.join(', ')}`]),
    ...diffSnapshots(before.network, after.network),
  ]
}
