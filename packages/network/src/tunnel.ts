import { errnoNumber, type Fd, Rtnetlink, type RtRule, SystemError } from '@vpnext/native'
import { followResolvers } from './dns/follow-resolvers.ts'
import { JournalError, TunnelError } from './errors.ts'
import type { Journal, JournalEntry, WayToDisk } from './journal.ts'
import { journalEntryFor } from './journal-entry.ts'
import { withSparedHost } from './plan/spare-host.ts'
import type { KernelLines } from './kernel-lines.ts'
import type { PlanStep, TunnelPlan, Undo } from './plan/step.ts'
import { applyStep } from './steps/apply-step.ts'
import { type ApplyContext, deviceOf } from './steps/context.ts'
import { prepareDns } from './steps/dns.ts'
import { GatheredSteps } from './steps/gathered-steps.ts'
import { prepareGuard, writeGuard } from './steps/guard.ts'
import { replaceRules } from './steps/rules.ts'
import { applySockets } from './steps/sockets.ts'
import { currentPlace, otherEntries, undoEntry } from './undo-entry.ts'

/** Makes a chosen step fail, in tests: `before` is called with each step's id, and with `hand-over` last, and may throw. */
export interface FaultInjector {
  before(stepId: string): void
}

export interface CreateTunnelOptions {
  readonly journal: Journal
  readonly signal?: AbortSignal
  readonly faults?: FaultInjector
  /**
   * Gets what may be done after the hand-over: sockets that the tunnel leaves with a wrong source are closed. The guard lets
   * none of their packets out from the start; it is their programs that learn it so. When absent: before this returns.
   */
  readonly afterwards?: (closeStaleSockets: () => void) => unknown
  /** For a caller who has it open, in the network namespace that the calling thread is in. */
  readonly lines?: KernelLines
}

/** Traffic since the tunnel exists, as the kernel counts the interface: `rx` came from the VPN, `tx` went into it. */
export interface TunnelCounters {
  readonly rxBytes: number
  readonly txBytes: number
  readonly rxPackets: number
  readonly txPackets: number
}

/** A tunnel that is up. */
export interface Tunnel extends AsyncDisposable {
  readonly plan: TunnelPlan
  /** Of its interface. The kernel gives it to no later one, as it does the name. */
  readonly interfaceIndex: number
  /** The service's own descriptor of the TUN; it keeps the device alive and is never read. */
  readonly fd: Fd
  /** A new descriptor of the TUN for the host; the caller owns it. */
  handOver(): Fd
  /**
   * Lets its host out with every socket, by its uid. A tunnel of a user, and a host without a uid of its own, stay as they are.
   *
   * @throws SystemError when the kernel refuses
   */
  spareHost(): void
  /**
   * Asks resolv.conf anew where programs ask for names, where the tunnel sends their questions elsewhere.
   *
   * @returns whether something has changed
   * @throws SystemError when the kernel refuses
   */
  followResolvers(): boolean
  /** @throws SystemError ENODEV when the interface is gone */
  counters(): TunnelCounters
  /** Undoes every step, last first; again: the same promise. @throws AggregateError of what could not be undone */
  destroy(): Promise<void>
}

/**
 * Carries a plan out in the network namespace of the calling thread. The journal is written before the first step, and on disk
 * before the first one whose change outlives a reboot.
 *
 * @param options.signal checked between steps
 * @throws TunnelError naming the step that failed, after a full roll-back; `cause` is the reason
 * @throws the signal's reason, after a full roll-back
 */
export async function createTunnel(plan: TunnelPlan, options: CreateTunnelOptions): Promise<Tunnel> {
  const { journal, signal, faults, afterwards } = options
  signal?.throwIfAborted()
  const place = currentPlace()
  const others = otherEntries(journal, plan.slot, place)
  const { entry, disk } = record(journal, () => journalEntryFor(plan, others, place), faults)
  const { netlink, tcpSockets, nft }: Omit<KernelLines, typeof Symbol.dispose> = options.lines ?? {
    netlink: Rtnetlink.open(),
  }
  using _own = options.lines === undefined ? netlink : undefined
  const context: ApplyContext = {
    netlink,
    others,
    entry,
    ...(tcpSockets !== undefined && { tcpSockets }),
    ...(nft !== undefined && { nft }),
    ...(signal !== undefined && { signal }),
  }
  const gathered = new GatheredSteps()
  let stepId = ''
  let begun = 0
  const send = (): void => gathered.send(context, (id) => (stepId = id))
  try {
    // The disk is busy while the device is made, and done when the guard's thread wants the other processor.
    disk.start()
    stepId = 'dns'
    prepareDns(plan.steps, context)
    for (const step of plan.steps) {
      stepId = step.id
      signal?.throwIfAborted()
      faults?.before(step.id)
      // A TUN is made or not. Every other step may have been half done when it fails.
      const isBegun = step.undo !== undefined && step.kind !== 'tun'
      const single = gathered.take(step, context)
      if (single === undefined) {
        if (isBegun) begun += 1
        // Each by itself, so that one can fail between any two.
        if (faults !== undefined) send()
        continue
      }
      send()
      if (outlivesReboot(step)) disk.wait()
      if (isBegun) begun += 1
      if (afterwards !== undefined && single.kind === 'sockets' && single.apply.at === 'create') {
        afterwards(() => applySockets(single.apply))
        continue
      }
      const pending = applyStep(single, context)
      if (pending instanceof Promise) await pending
      if (step.kind !== 'tun') continue
      begun += 1
      // What takes longest, while addresses and routes are made. Not before the device, of which nf_tables wants to hear and
      // would keep it waiting (nf_tables_netdev_event).
      stepId = 'guard'
      prepareGuard(plan.steps, context)
    }
    send()
    disk.wait()
    stepId = 'hand-over'
    faults?.before(stepId)
    return new KernelTunnel(plan, entry, journal, deviceOf(context))
  } catch (error) {
    context.preparedDns?.discard()
    attempt(disk)
    // Only what was begun: a device whose name came up meanwhile is not ours.
    const isBegun = (undo: Undo, at: number): boolean =>
      at < begun || (undo.kind === 'guard' && context.preparedGuard !== undefined)
    const { failures } = await undoEntry({ ...entry, undo: entry.undo.filter(isBegun) }, journal)
    context.endGuardPause?.()
    context.device?.fd.close()
    if (signal?.aborted === true && failures.length === 0 && error === signal.reason) throw error
    throw new TunnelError(stepId, error, failures.map(String))
  }
}

function record(
  journal: Journal,
  makeEntry: () => JournalEntry,
  faults: FaultInjector | undefined,
): { readonly entry: JournalEntry; readonly disk: WayToDisk } {
  try {
    faults?.before('journal')
    const entry = makeEntry()
    return { entry, disk: journal.begin(entry) }
  } catch (error) {
    throw new TunnelError('journal', error)
  }
}

/** What the kernel holds is gone after a power cut, and needs no undoing. */
function outlivesReboot(step: PlanStep): boolean {
  return step.kind === 'dns'
}

/** For what is going to be removed anyway. */
function attempt(disk: WayToDisk): void {
  try {
    disk.wait()
  } catch (error) {
    if (!(error instanceof JournalError)) throw error
  }
}

function rulesOf({ steps }: TunnelPlan): readonly RtRule[] {
  return steps.flatMap((step) => (step.kind === 'rules' ? step.apply.rules : []))
}

const ENODEV = errnoNumber('ENODEV')

class KernelTunnel implements Tunnel {
  plan: TunnelPlan
  readonly interfaceIndex: number
  readonly fd: Fd
  readonly #entry: JournalEntry
  readonly #journal: Journal
  #destroyed: Promise<void> | undefined

  constructor(
    plan: TunnelPlan,
    entry: JournalEntry,
    journal: Journal,
    device: { readonly fd: Fd; readonly index: number },
  ) {
    this.plan = plan
    this.fd = device.fd
    this.interfaceIndex = device.index
    this.#entry = entry
    this.#journal = journal
  }

  handOver(): Fd {
    return this.fd.dup()
  }

  spareHost(): void {
    const before = this.plan
    const after = withSparedHost(before)
    if (after === before) return
    using netlink = Rtnetlink.open()
    const others = otherEntries(this.#journal, before.slot, currentPlace())
    // Filter and rules that let it out come before the rule that keeps it in goes.
    for (const step of after.steps) if (step.kind === 'guard') writeGuard(step.apply, { netlink, others })
    replaceRules(rulesOf(before), rulesOf(after), netlink)
    this.plan = after
  }

  followResolvers(): boolean {
    const before = this.plan
    this.plan = followResolvers(before)
    return this.plan !== before
  }

  counters(): TunnelCounters {
    using netlink = Rtnetlink.open()
    const { interfaceName } = this.plan
    const link = netlink
      .links()
      .find(({ index, name }) => index === this.interfaceIndex && name === interfaceName)
    if (link === undefined) throw new SystemError(ENODEV, 'counters', { detail: interfaceName })
    const { rxBytes, txBytes, rxPackets, txPackets } = link.statistics
    return { rxBytes, txBytes, rxPackets, txPackets }
  }

  destroy(): Promise<void> {
    this.#destroyed ??= this.#destroy()
    return this.#destroyed
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.destroy()
  }

  async #destroy(): Promise<void> {
    try {
      const { failures } = await undoEntry(this.#entry, this.#journal)
      if (failures.length > 0) {
        throw new AggregateError(failures, `${this.plan.interfaceName}: ${failures.map(String).join('; ')}`)
      }
    } finally {
      this.fd.close()
    }
  }
}
