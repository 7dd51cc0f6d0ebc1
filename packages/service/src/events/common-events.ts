import type { InferFields } from '@vpnext/varlink'
import type { HostRun } from '../abilities/host-run.ts'
import { permissionsOf } from '../bundles/installed-bundle.ts'
import { waitFor } from '../hosts/wait.ts'
import { KeyedQueue } from '../keyed-queue.ts'
import type { LogBook } from '../logs/log-book.ts'
import type { eventDelivery, eventResult } from '../protocol/event-types.ts'
import { abilityInterface } from '../protocol/host-interface.ts'
import { PublishBudget } from '../protocol/publish-budget.ts'
import { DeliveryWindow } from './delivery-window.ts'
import { eventError } from './event-error.ts'
import {
  type Participant,
  type Publication,
  type Subscription,
  checkPublication,
  checkSubscription,
  isFor,
} from './event-rules.ts'
import { StickyEvents } from './sticky-events.ts'

/** Subscriptions one host may have, as on the device. */
const maxSubscriptions = 200
/** Ordered events of one user that may wait for the ones before them. */
const maxOrdered = 64
/** How long one subscriber may keep an ordered event, in ms, as on the device. */
const orderedTimeoutMs = 10_000

type Result = InferFields<typeof eventResult>

/** What the service keeps of one host. */
interface Member {
  readonly run: HostRun
  readonly participant: Participant
  readonly subscriptions: Map<number, Subscription>
  readonly budget: PublishBudget
  readonly window: DeliveryWindow
}

/** A subscription and whose it is. */
interface Receiver {
  readonly member: Member
  readonly subscription: Subscription
}

/**
 * The common events of all users: each user's hosts hear each other and nobody else's. Who publishes is what the service
 * knows of the host, not what the host says.
 */
export class CommonEvents {
  readonly #logs: LogBook
  readonly #isSystem: (run: HostRun) => boolean
  readonly #timeoutMs: number
  readonly #members = new Map<HostRun, Member>()
  /** Of hosts that are ending: extensions tell in onDestroy that they end, and hear nothing more. */
  readonly #leaving = new WeakMap<HostRun, Member>()
  readonly #sticky = new StickyEvents()
  readonly #orderedQueue = new KeyedQueue()
  readonly #orderedWaiting = new Map<number, number>()

  /**
   * @param parts.isSystem whether a host's bundle is a system application
   * @param parts.orderedTimeoutMs how long a subscriber may keep an ordered event; default 10,000
   */
  constructor(parts: {
    readonly logs: LogBook
    readonly isSystem: (run: HostRun) => boolean
    readonly orderedTimeoutMs?: number
  }) {
    this.#logs = parts.logs
    this.#isSystem = parts.isSystem
    this.#timeoutMs = parts.orderedTimeoutMs ?? orderedTimeoutMs
  }

  /**
   * Takes an event; subscribers get it afterwards.
   *
   * @param counted the host has counted it itself and waits for no answer
   * @throws VarlinkError BusinessError 201, 401, 1500003, 1500004, 1500007
   */
  publish(run: HostRun, publication: Publication, counted = false): void {
    const publisher = this.#memberOf(run)
    const { budget } = publisher
    if (!(counted ? budget.takeCounted() : budget.take()))
      throw eventError(1500003, 'more than 20 events within 5 ms')
    const size = checkPublication(publication, publisher.participant)
    const owner = run.target.owner.uid
    if (publication.sticky) {
      this.#sticky.keep(owner, { publication, publisher: publisher.participant, size })
    }
    if (publication.ordered) this.#queueOrdered(owner, publication, publisher.participant, size)
    else {
      for (const receiver of this.#receivers(owner, publication, publisher.participant)) {
        this.#tell(receiver, publication, size)
      }
    }
  }

  /**
   * Subscribes a host, and sends it the sticky events that are there.
   *
   * @throws VarlinkError BusinessError 401, 1500010
   */
  subscribe(run: HostRun, subscription: Subscription): void {
    checkSubscription(subscription)
    const member = this.#memberOf(run)
    const { subscriptions } = member
    if (!subscriptions.has(subscription.subscriber) && subscriptions.size >= maxSubscriptions) {
      throw eventError(1500010, `the host has ${maxSubscriptions} subscriptions already`)
    }
    subscriptions.set(subscription.subscriber, subscription)
    for (const { publication, publisher, size } of this.#sticky.of(run.target.owner.uid)) {
      if (!isFor(publication, publisher, subscription, member.participant)) continue
      // The ordered part of an ordered and sticky event is over.
      this.#tell({ member, subscription }, { ...publication, ordered: false }, size)
    }
  }

  /** One that is not there is no error. */
  unsubscribe(run: HostRun, subscriber: number): void {
    this.#members.get(run)?.subscriptions.delete(subscriber)
  }

  /** Drops the sticky events of a bundle that is removed. */
  forget(bundle: { readonly ownerUid: number; readonly bundleName: string }): void {
    this.#sticky.forget(bundle.ownerUid, bundle.bundleName)
  }

  #memberOf(run: HostRun): Member {
    const known = this.#members.get(run) ?? this.#leaving.get(run)
    if (known !== undefined) return known
    const { bundle } = run.target
    const member: Member = {
      run,
      participant: {
        bundleName: bundle.bundleName,
        permissions: permissionsOf(bundle),
        systemApplication: this.#isSystem(run),
      },
      subscriptions: new Map(),
      budget: new PublishBudget(),
      window: new DeliveryWindow(() =>
        this.#logs.note('warn', run.subject, 'common events are dropped: the extension does not take them'),
      ),
    }
    const { signal } = run.ending
    const leave = (): void => {
      this.#members.delete(run)
      this.#leaving.set(run, member)
    }
    if (signal.aborted) leave()
    else {
      this.#members.set(run, member)
      signal.addEventListener('abort', leave, { once: true })
    }
    return member
  }

  #receivers(owner: number, publication: Publication, publisher: Participant): Receiver[] {
    const receivers: Receiver[] = []
    for (const member of this.#members.values()) {
      if (member.run.target.owner.uid !== owner) continue
      for (const subscription of member.subscriptions.values()) {
        if (isFor(publication, publisher, subscription, member.participant)) {
          receivers.push({ member, subscription })
        }
      }
    }
    return receivers
  }

  #queueOrdered(owner: number, publication: Publication, publisher: Participant, size: number): void {
    const waiting = this.#orderedWaiting.get(owner) ?? 0
    if (waiting >= maxOrdered) throw eventError(1500007, `${maxOrdered} ordered events wait already`)
    this.#orderedWaiting.set(owner, waiting + 1)
    const receivers = this.#receivers(owner, publication, publisher).toSorted(
      (one, other) => other.subscription.priority - one.subscription.priority,
    )
    void this.#orderedQueue.run(String(owner), async () => {
      await this.#deliverInOrder(receivers, publication, size)
      this.#orderedWaiting.set(owner, (this.#orderedWaiting.get(owner) ?? 1) - 1)
    })
  }

  /** One after another; each may change code and data for the next, or end it. */
  async #deliverInOrder(
    receivers: readonly Receiver[],
    publication: Publication,
    size: number,
  ): Promise<void> {
    let current = publication
    for (const receiver of receivers) {
      const { run, subscriptions } = receiver.member
      if (!subscriptions.has(receiver.subscription.subscriber) || run.ending.signal.aborted) continue
      const outcome = await waitFor(this.#ask(receiver, current, size), this.#timeoutMs, run.ending.signal)
      if (outcome.kind === 'timed-out') {
        this.#logs.note(
          'warn',
          run.subject,
          `${publication.event}: finishCommonEvent was not called within ${this.#timeoutMs} ms`,
        )
      }
      const result = outcome.kind === 'settled' ? outcome.value : undefined
      if (result?.aborted === true) return
      current = { ...current, code: result?.code ?? current.code, data: result?.data ?? current.data }
    }
  }

  /** Sends an event that nobody answers: an answer would wake the service up once more for each. */
  #tell({ member, subscription: { subscriber } }: Receiver, publication: Publication, size: number): void {
    const peer = member.run.process?.peer
    if (peer === undefined || !member.window.enter(size)) return
    peer.oneway(abilityInterface, 'DeliverEvent', deliveryOf(publication, subscriber))
    void peer.drained().then(() => member.window.leave(size))
  }

  /** @returns what the subscriber made of it; undefined when it did not get it. Never rejects. */
  async #ask(
    { member, subscription: { subscriber } }: Receiver,
    publication: Publication,
    size: number,
  ): Promise<Result | undefined> {
    const peer = member.run.process?.peer
    if (peer === undefined || !member.window.enter(size)) return undefined
    try {
      return (await peer.call(abilityInterface, 'DeliverEvent', deliveryOf(publication, subscriber)))
        .parameters
    } catch {
      // The host has ended, or its kit failed, which its own log tells.
      return undefined
    } finally {
      member.window.leave(size)
    }
  }
}

/** What a subscriber gets of an event; member by member, because a copy without one of them takes ten times as long. */
function deliveryOf(publication: Publication, subscriber: number): InferFields<typeof eventDelivery> {
  const { event, bundleName, code, data, ordered, sticky, parameters } = publication
  return { subscriber, event, bundleName, code, data, ordered, sticky, parameters }
}
