import { setTimeout as sleep } from 'node:timers/promises'
import type { Namespace } from '@vpnext/lab'
import { type Fd, type NetlinkEvent, pidfdOpen, pidfdSignal, watchNetlink } from '@vpnext/native'
import { publicInterface } from '@vpnext/service/protocol'
import { type VarlinkClient, connectVarlink } from '@vpnext/varlink'
import { join } from 'node:path'
import type { TestService } from './test-service.ts'

/** When somebody kills whom. */
export interface Moment {
  readonly victim: 'service' | 'host'
  readonly phase:
    /** From the start request, or, of a host, from its birth. */
    | { readonly kind: 'start' }
    /** From the first change of this kind in the kernel's network: inside `create`, or right after it. */
    | { readonly kind: 'create'; readonly change: 'link' | 'address' | 'route' | 'rule' }
    /** From when the tunnel is up. */
    | { readonly kind: 'run' }
    /** From the stop request, with the tunnel up. */
    | { readonly kind: 'stop' }
  /** In ms. */
  readonly delay: number
}

/** Nothing takes longer than this, in ms. */
const patience = 60_000

const bundle = { bundleName: 'io.vpnext.hello', abilityName: 'HelloVpnAbility' }

/** A round in which a tunnel is left in any case. */
export function chooseRunningMoment(random: () => number): Moment {
  return { victim: 'service', phase: { kind: 'run' }, delay: spread(1, 200, random) }
}

/** Evenly over the logarithm, so that no scale is missed. */
function spread(least: number, most: number, random: () => number): number {
  return least * (most / least) ** random()
}

/** A moment at random. */
export function chooseMoment(random: () => number): Moment {
  const between = (least: number, most: number): number => spread(least, most, random)
  const victim = random() < 0.7 ? 'service' : 'host'
  const share = random()
  if (share < 0.4) return { victim, phase: { kind: 'start' }, delay: between(1, 800) }
  if (share < 0.7) {
    const changes = ['link', 'address', 'route', 'rule'] as const
    const change = changes[Math.floor(random() * changes.length)] ?? 'link'
    return { victim, phase: { kind: 'create', change }, delay: between(0.1, 30) }
  }
  if (share < 0.8) return { victim, phase: { kind: 'run' }, delay: between(1, 200) }
  return { victim, phase: { kind: 'stop' }, delay: between(0.1, 150) }
}

/** Starts the bundle, stops it where the moment wants that, and kills the victim at the moment. */
export async function killAt(moment: Moment, service: TestService, namespace: Namespace): Promise<void> {
  await using client = await connectVarlink(join(service.place.runDir, 'io.vpnext'))
  const { phase, delay, victim } = moment
  const host = victim === 'host' ? hostOf(client) : undefined
  using change = phase.kind === 'create' ? firstChange(namespace, phase.change) : undefined
  const started = client.call(publicInterface, 'StartAbility', { want: bundle }).catch(() => undefined)
  const pidfd = await host
  switch (phase.kind) {
    case 'start':
      break
    case 'create':
      // A host that was born late may have the change behind it already.
      await Promise.race([change?.seen, started])
      break
    case 'run':
      await tunnelUp(client)
      break
    case 'stop':
      await tunnelUp(client)
      void client.call(publicInterface, 'StopAbility', { want: bundle }).catch(() => undefined)
      break
    default:
      phase satisfies never
  }
  await sleep(delay)
  if (pidfd === undefined) await service.kill()
  else {
    pidfdSignal(pidfd, 'SIGKILL')
    pidfd.close()
  }
  await started
}

/** Waits for the bundle's tunnel, which on a busy machine may take long after the start. */
async function tunnelUp(client: VarlinkClient): Promise<void> {
  const signal = AbortSignal.timeout(patience)
  for await (const { parameters } of client.stream(publicInterface, 'MonitorStatus', {}, { signal })) {
    if (parameters.status.tunnels.length > 0) return
  }
}

/** Waits until no extension runs and no tunnel is up. */
export async function waitForQuiet(service: TestService): Promise<void> {
  await using client = await connectVarlink(join(service.place.runDir, 'io.vpnext'))
  const signal = AbortSignal.timeout(patience)
  for await (const { parameters } of client.stream(publicInterface, 'MonitorStatus', {}, { signal })) {
    if (parameters.status.hosts.length === 0 && parameters.status.tunnels.length === 0) return
  }
}

/** The process of the bundle's host, from the moment it exists. */
async function hostOf(client: VarlinkClient): Promise<Fd> {
  const signal = AbortSignal.timeout(patience)
  for await (const { parameters } of client.stream(publicInterface, 'MonitorStatus', {}, { signal })) {
    const pid = parameters.status.hosts.find((host) => host.bundleName === bundle.bundleName)?.pid ?? 0
    if (pid > 0) return pidfdOpen(pid)
  }
  throw new Error('the service hung up before a host was there')
}

function firstChange(
  namespace: Namespace,
  kind: NetlinkEvent['kind'],
): Disposable & { readonly seen: Promise<void> } {
  let watch: Disposable | undefined
  const seen = new Promise<void>((resolve) => {
    watch = namespace.run(() =>
      watchNetlink(['link', 'address', 'route', 'rule'], (event) => {
        if (event.kind === kind || event.kind === 'overrun') resolve()
      }),
    )
  })
  return { seen, [Symbol.dispose]: () => watch?.[Symbol.dispose]() }
}
