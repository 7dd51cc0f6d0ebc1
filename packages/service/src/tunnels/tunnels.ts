import { businessError } from '@vpnext/api'
import type { Fd } from '@vpnext/native'
import { type FaultInjector, isDamaged, mendTunnels, sameScope } from '@vpnext/network'
import type { AbilityTarget } from '../abilities/ability-target.ts'
import type { HostRun } from '../abilities/host-run.ts'
import { abortWith } from '../abort-with.ts'
import { KeyedQueue } from '../keyed-queue.ts'
import { mayOwnVpn } from '../identity/standing.ts'
import { closeScope } from './close-scope.ts'
import { takeOver } from './kept-tunnel.ts'
import { makeTunnel } from './make-tunnel.ts'
import { systemError } from './plan-request.ts'
import { type TunnelEntry, isAhead, isFormer, isWaiting, mendTargetOf, ofBundle } from './tunnel-entry.ts'
import { TunnelNotes, type TunnelNotesParts } from './tunnel-notes.ts'
import { type PlannerParts, TunnelPlanner } from './tunnel-planner.ts'

export interface TunnelsParts extends PlannerParts, TunnelNotesParts {
  readonly faults: FaultInjector | undefined
  readonly changed: () => void
}

/** The tunnels of all hosts. A place is kept from the first check on, so that two requests never get the same. */
export class Tunnels {
  /** Says where the next one goes. */
  readonly planner: TunnelPlanner
  readonly #parts: TunnelsParts
  readonly #notes: TunnelNotes
  readonly #entries = new Set<TunnelEntry>()
  /** One change of the machine's network at a time. */
  readonly #queue = new KeyedQueue()

  constructor(parts: TunnelsParts) {
    this.#parts = parts
    this.#notes = new TunnelNotes(parts)
    this.planner = new TunnelPlanner(parts, () => this.list())
  }

  list(): TunnelEntry[] {
    return [...this.#entries]
  }

  /**
   * VpnConnection.create of a host.
   *
   * @param input the config as the host sent it: checked again
   * @returns the entry, up, and a descriptor of the TUN for the host, owned by the caller
   * @throws BusinessError 401, 2200001, 2203001, 2203002, 2200003; nothing has changed then
   */
  async create(run: HostRun, input: unknown, signal: AbortSignal): Promise<{ entry: TunnelEntry; fd: Fd }> {
    const config = this.planner.check(run.target.bundle, input)
    const ownership = mayOwnVpn(run.target.owner, this.#parts.rules)
    if (!ownership.allowed) throw businessError(2203001, { reason: ownership.reason, hint: ownership.hint })
    const formers = this.#of(run.target).filter((entry) => isFormer(entry, config.vpnId))
    for (const former of formers) {
      const same = takeOver(former, run, config)
      if (same === undefined) continue
      await this.#endAll(formers.filter((each) => each !== former))
      this.#parts.changed()
      return same
    }
    const { entry, plan } = this.planner.placeFor(run, config, formers)
    this.#entries.add(entry)
    const abort = new AbortController()
    using _link = abortWith(abort, [signal, run.ending.signal])
    const afterwards: (() => void)[] = []
    const making = this.#queue.run('network', () => makeTunnel(plan, this.#parts, abort.signal, afterwards))
    entry.state = { kind: 'creating', abort, settled: making.catch(() => undefined) }
    try {
      const { tunnel, fd } = await making
      entry.state = { kind: 'up', tunnel, createdAt: Date.now() }
      if (run.protection === 'by uid') tunnel.spareHost()
      setImmediate(() => this.#settle(entry, afterwards))
      // The new one stands before the old one goes: no moment in which the traffic is free.
      await this.#endAll(formers)
      return { entry, fd }
    } catch (error) {
      this.#entries.delete(entry)
      throw systemError(error)
    }
  }

  /**
   * VpnConnection.destroy of a host; nothing to destroy is no error.
   *
   * @param vpnId `''`: the bundle's own tunnel without a vpnId
   * @throws BusinessError 201 when another bundle owns the vpnId; 2200003 when something could not be undone
   */
  async destroy(run: HostRun, vpnId: string): Promise<void> {
    const { bundle, owner } = run.target
    const scope = this.planner.scopeOf(owner, bundle)
    for (const entry of this.list()) {
      if (entry.vpnId !== vpnId || !sameScope(entry.scope, scope) || isAhead(entry.state)) continue
      const theirs = entry.run.target.bundle
      if (theirs.ownerUid === bundle.ownerUid && theirs.bundleName === bundle.bundleName)
        await this.end(entry)
      else if (vpnId !== '') throw businessError(201, { field: 'vpnId', reason: 'belongs to another bundle' })
    }
  }

  /** Removes every tunnel of a run, and waits for those being made. Never throws. */
  async removeOf(run: HostRun): Promise<void> {
    await this.#endAll(this.list().filter((entry) => entry.run === run))
  }

  /**
   * Keeps the tunnels of a run that is over, closed: nobody reads them, and nothing gets around them. Those being made are
   * ended. Never throws.
   */
  async keepOf(run: HostRun): Promise<void> {
    const theirs = this.list().filter((entry) => entry.run === run)
    const unfinished = theirs.filter((entry) => entry.state.kind !== 'up')
    for (const entry of theirs) if (entry.state.kind === 'up') entry.state = { ...entry.state, kind: 'kept' }
    this.#parts.changed()
    await this.#endAll(unfinished)
  }

  /**
   * Closes everything of a bundle's scope while it has no tunnel, where the policy says so; opens what was closed so where it
   * does not any more. Never throws: what could not be closed is told.
   *
   * @param hostUid of its next host; may throw
   * @returns undefined when there is nothing to do
   */
  settleAhead(target: AbilityTarget, hostUid: () => number): Promise<void> | undefined {
    if (this.#parts.closesAhead(target.bundle)) {
      return this.#queue.run('network', async () => {
        this.#closeAhead(target, hostUid)
        await Promise.resolve()
      })
    }
    const theirs = this.#of(target).filter(({ state }) => isAhead(state))
    return theirs.length === 0 ? undefined : this.#endAll(theirs, 'nothing')
  }

  /** Takes over the closed tunnels of a service that was killed. */
  adopt(entry: TunnelEntry): void {
    this.#entries.add(entry)
    this.#parts.changed()
  }

  /**
   * Has everything closed instead of what a tunnel covered, where the policy says so; where that cannot be had, the tunnel
   * stays. Never throws.
   */
  async widen(entry: TunnelEntry): Promise<void> {
    const { run } = entry
    const isWide = await this.#queue.run('network', async () => {
      await Promise.resolve()
      this.#closeAhead(run.target, () => run.hostUid, entry)
      return this.#of(run.target).some(({ state }) => isAhead(state))
    })
    if (isWide) await this.#endAll([entry], 'nothing')
  }

  /** Lets a host out of its own tunnels with all its sockets, now and when it makes others. @throws SystemError */
  async spare(run: HostRun): Promise<void> {
    run.protection = 'by uid'
    await this.#queue.run('network', async () => {
      for (const { run: other, state } of this.list()) {
        if (other === run && state.kind === 'up') state.tunnel.spareHost()
      }
      await Promise.resolve()
    })
  }

  /**
   * Puts back what somebody has taken from the tunnels that stand.
   *
   * @param filterTouched whether the packet filter is to be written anew in any case
   * @returns what was missing; undefined when nothing had to be done
   * @throws SystemError when the kernel refuses
   */
  mend(filterTouched: boolean): Promise<string[] | undefined> {
    return this.#queue.run('network', async () => {
      const targets = this.list()
        .flatMap(mendTargetOf)
        .toSorted((one, other) => one.createdAt - other.createdAt)
      const isNeeded = targets.length > 0 && (filterTouched || isDamaged(targets))
      await Promise.resolve()
      return isNeeded ? mendTunnels(targets, this.#parts.journal) : undefined
    })
  }

  /** Lets tunnels that send DNS questions elsewhere look anew where programs ask. @throws SystemError */
  followResolvers(): Promise<void> {
    return this.#queue.run('network', async () => {
      for (const { state } of this.list()) {
        if (state.kind === 'up' || state.kind === 'kept') state.tunnel.followResolvers()
      }
      await Promise.resolve()
    })
  }

  /**
   * Ends the tunnels that are kept for hosts of which `isOver` says that none will follow. Never throws.
   *
   * @param opens whether what the policy closes while there is no tunnel is opened too
   */
  async endKept(isOver: (run: HostRun) => boolean, opens: boolean): Promise<void> {
    const theirs = this.list().filter(({ state, run }) => isWaiting(state) && isOver(run))
    if (opens) await this.#endAll(theirs, 'nothing')
    else await this.#endAll(theirs.filter(({ state }) => !isAhead(state)))
  }

  /**
   * Ends a tunnel, whatever state it is in. Where the policy says so, its scope is closed before.
   *
   * @throws BusinessError 2200003 when something could not be undone
   */
  async end(entry: TunnelEntry): Promise<void> {
    await this.#end(entry, 'closed')
  }

  async #end(entry: TunnelEntry, instead: 'closed' | 'nothing'): Promise<void> {
    const { state } = entry
    switch (state.kind) {
      case 'creating':
        state.abort.abort(new Error('the tunnel was destroyed while it was being made'))
        await state.settled
        // The last step may have been done already.
        if (this.#entries.has(entry)) await this.#end(entry, instead)
        return
      case 'up':
      case 'kept':
      case 'closed': {
        const ended = this.#queue.run('network', () => {
          if (instead === 'closed' && !isAhead(state))
            this.#closeAhead(entry.run.target, () => entry.run.hostUid)
          return state.tunnel.destroy()
        })
        entry.state = { kind: 'ending', ended }
        try {
          await ended
        } catch (error) {
          this.#notes.notUndone(entry, error)
          throw systemError(error)
        } finally {
          this.#entries.delete(entry)
          this.#notes.record(isAhead(state) ? 'lockdown-opened' : 'tunnel-down', entry)
          this.#parts.changed()
        }
        return
      }
      case 'ending':
        await state.ended
    }
  }

  /** Ends all tunnels. Never throws. */
  async close(): Promise<void> {
    await this.#endAll(this.list(), 'nothing')
  }

  async #endAll(entries: readonly TunnelEntry[], instead: 'closed' | 'nothing' = 'closed'): Promise<void> {
    await Promise.all(entries.map((entry) => this.#end(entry, instead).catch(() => undefined)))
  }

  /** Of a bundle, for the scope that it has now. */
  #of({ owner, bundle }: AbilityTarget): TunnelEntry[] {
    return ofBundle(this.list(), this.planner.scopeOf(owner, bundle), bundle)
  }

  /** In the queue, and synchronous, so that nothing comes in between. */
  #closeAhead(target: AbilityTarget, hostUid: () => number, instead?: TunnelEntry): void {
    if (!this.#parts.closesAhead(target.bundle)) return
    const others = this.list().filter((entry) => entry !== instead)
    const entry = closeScope(target, hostUid, others, { ...this.#parts, planner: this.planner })
    if (entry === undefined) return
    this.#entries.add(entry)
    this.#notes.record('lockdown-closed', entry)
    this.#parts.changed()
  }

  /** What need not keep the host waiting, once its answer is on the way. */
  #settle(entry: TunnelEntry, afterwards: readonly (() => void)[]): void {
    this.#parts.changed()
    this.#notes.record('tunnel-up', entry)
    // Gone already: the sockets are right again.
    if (entry.state.kind !== 'up') return
    try {
      for (const closeStaleSockets of afterwards) closeStaleSockets()
    } catch (error) {
      this.#notes.notClosed(entry, error)
    }
  }
}
