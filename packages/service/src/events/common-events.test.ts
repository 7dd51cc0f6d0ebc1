import { type Fd, openFds, socketPair } from '@vpnext/native'
import { type Handlers, type Peer, createPeer, implement } from '@vpnext/varlink'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { sampleArchive } from '../../test/sample-archive.ts'
import { sampleRun } from '../../test/sample-target.ts'
import type { HostRun } from '../abilities/host-run.ts'
import { manifestOf } from '../bundles/installed-bundle.ts'
import type { HostProcess } from '../hosts/host-process.ts'
import { LogBook } from '../logs/log-book.ts'
import { abilityInterface } from '../protocol/host-interface.ts'
import { CommonEvents } from './common-events.ts'
import type { Publication, Subscription } from './event-rules.ts'

type Deliver = Handlers<typeof abilityInterface>['DeliverEvent']

let peers: Peer[]
let unread: Fd[]
let events: CommonEvents
let log: string[]
beforeEach(() => {
  peers = []
  unread = []
  log = []
  events = new CommonEvents({
    logs: new LogBook((entry) => log.push(entry.message)),
    isSystem: (run) => run.target.bundle.bundleName === 'com.example.system',
    orderedTimeoutMs: 50,
  })
})
afterEach(async () => {
  for (const peer of peers) await peer.close()
  for (const fd of unread) fd.close()
  expect(openFds()).toBe(0)
})

interface TestHost {
  readonly run: HostRun
  /** Events that came, as `name data`. */
  readonly heard: string[]
}

/** A host that notes what it gets, or does with it what `deliver` says. */
function host(
  bundleName: string,
  options: { ownerUid?: number; permissions?: string[]; deliver?: Deliver; reads?: boolean } = {},
): TestHost {
  const { ownerUid = 1000, permissions = [], deliver, reads = true } = options
  const manifest = manifestOf(sampleArchive())
  const [module] = manifest.modules
  if (module === undefined) throw new Error('the sample has no module')
  const run = sampleRun({
    bundleName,
    ownerUid,
    manifest: { ...manifest, modules: [{ ...module, permissions }] },
  })
  const heard: string[] = []
  const absent = (): never => {
    throw new Error('not in this test')
  }
  const [ours, theirs] = socketPair('seqpacket')
  const service = createPeer(ours, { interfaces: [] })
  peers.push(service)
  const process = { peer: service } as unknown as HostProcess
  run.stage = { kind: 'attached', process, cgroup: undefined, report: { sandbox: [], missing: [] } }
  if (!reads) {
    unread.push(theirs)
    return { run, heard }
  }
  const other = createPeer(theirs, {
    interfaces: [
      implement(abilityInterface, {
        Create: absent,
        Request: absent,
        Connect: absent,
        Disconnect: absent,
        Destroy: absent,
        AuthorizationResult: absent,
        HandleRequest: absent,
        RemoteDied: absent,
        ConnectionLost: absent,
        PageEvent: absent,
        TunnelGone: absent,
        DeliverEvent: (event, call) => {
          heard.push(`${event.event} ${event.data ?? ''}`.trim())
          return deliver === undefined ? { aborted: false } : deliver(event, call)
        },
      }),
    ],
  })
  peers.push(other)
  return { run, heard }
}

const publication = (event: string, more: Partial<Publication> = {}): Publication => ({
  event,
  subscriberPermissions: [],
  ordered: false,
  sticky: false,
  ...more,
})
const subscription = (event: string, more: Partial<Subscription> = {}): Subscription => ({
  subscriber: 1,
  events: [event],
  priority: 0,
  ...more,
})
const refusal = (code: number): unknown =>
  expect.objectContaining({ parameters: expect.objectContaining({ code }) as unknown })

test('an event goes to every subscriber of the same user, and to nobody else', async () => {
  const [publisher, friend, stranger] = [host('a.b.c'), host('d.e.f'), host('d.e.f', { ownerUid: 1001 })]
  for (const { run } of [publisher, friend, stranger]) events.subscribe(run, subscription('x'))
  events.publish(publisher.run, publication('x', { data: 'hello' }))
  events.publish(publisher.run, publication('y'))
  await vi.waitFor(() => expect([publisher.heard, friend.heard]).toEqual([['x hello'], ['x hello']]))
  // The stranger's own event arrives, so its silence about the others' is no accident.
  events.publish(stranger.run, publication('x', { data: 'own' }))
  await vi.waitFor(() => expect(stranger.heard).toEqual(['x own']))
  events.unsubscribe(friend.run, 1)
  events.publish(publisher.run, publication('x', { data: 'again' }))
  await vi.waitFor(() => expect(publisher.heard).toEqual(['x hello', 'x again']))
  expect(friend.heard).toEqual(['x hello'])
})

test('bundle names and permissions choose, by what the service knows', async () => {
  const rich = host('a.b.c', { permissions: ['p'] })
  const poor = host('d.e.f')
  events.subscribe(rich.run, subscription('x'))
  events.subscribe(poor.run, subscription('x'))
  events.subscribe(rich.run, subscription('y', { subscriber: 2, publisherPermission: 'p' }))
  events.subscribe(rich.run, subscription('z', { subscriber: 3, publisherBundleName: 'd.e.f' }))
  events.publish(poor.run, publication('x', { data: 'for p', subscriberPermissions: ['p'] }))
  events.publish(rich.run, publication('x', { data: 'for d.e.f', bundleName: 'd.e.f' }))
  events.publish(poor.run, publication('y', { data: 'of poor' }))
  events.publish(rich.run, publication('y', { data: 'of rich' }))
  events.publish(rich.run, publication('z', { data: 'of rich' }))
  events.publish(poor.run, publication('z', { data: 'of poor' }))
  await vi.waitFor(() => expect(rich.heard).toEqual(['x for p', 'y of rich', 'z of poor']))
  expect(poor.heard).toEqual(['x for d.e.f'])
})

test('system events are for system applications, sticky ones need a permission', () => {
  const { run } = host('a.b.c')
  expect(() => events.publish(run, publication('usual.event.BOOT_COMPLETED'))).toThrow(refusal(1500004))
  events.publish(host('com.example.system').run, publication('usual.event.BOOT_COMPLETED'))
  expect(() => events.publish(run, publication('x', { sticky: true }))).toThrow(refusal(201))
  expect(() => events.publish(run, publication(''))).toThrow(refusal(401))
  expect(() => events.publish(run, publication('x', { data: 'x'.repeat(70_000) }))).toThrow(refusal(1500007))
  expect(() => events.subscribe(run, { ...subscription('x'), events: [] })).toThrow(refusal(401))
})

test('a sticky event waits for its subscriber, and goes with its bundle', async () => {
  const publisher = host('a.b.c', { permissions: ['ohos.permission.COMMONEVENT_STICKY'] })
  events.publish(publisher.run, publication('x', { sticky: true, data: 'old' }))
  events.publish(publisher.run, publication('x', { sticky: true, data: 'new' }))
  const late = host('d.e.f')
  events.subscribe(late.run, subscription('x'))
  await vi.waitFor(() => expect(late.heard).toEqual(['x new']))
  events.forget({ ownerUid: 1000, bundleName: 'a.b.c' })
  events.subscribe(late.run, subscription('x', { subscriber: 2 }))
  events.publish(publisher.run, publication('x', { data: 'plain' }))
  await vi.waitFor(() => expect(late.heard).toEqual(['x new', 'x plain', 'x plain']))
})

test('an ordered event goes by priority, carries what each made of it, and can be ended', async () => {
  const order: string[] = []
  const taking =
    (name: string, aborted = false): Deliver =>
    async ({ code, data }) => {
      order.push(`${name} ${code} ${data}`)
      await Promise.resolve()
      return { code: (code ?? 0) + 1, data: `${data}${name}`, aborted }
    }
  const low = host('l.o.w', { deliver: taking('low') })
  const high = host('h.i.g', { deliver: taking('high') })
  const middle = host('m.i.d', { deliver: taking('middle', true) })
  events.subscribe(low.run, subscription('x', { priority: -5 }))
  events.subscribe(high.run, subscription('x', { priority: 100 }))
  events.subscribe(middle.run, subscription('x', { priority: 7 }))
  events.publish(low.run, publication('x', { ordered: true, code: 1, data: 'a' }))
  events.publish(low.run, publication('x', { ordered: true, code: 5, data: 'b' }))
  await vi.waitFor(() => expect(order).toHaveLength(4))
  expect(order).toEqual(['high 1 a', 'middle 2 ahigh', 'high 5 b', 'middle 6 bhigh'])
  expect(low.heard).toEqual([])
})

test('a subscriber that keeps an ordered event too long is passed over', async () => {
  const stuck = host('s.t.u', { deliver: () => new Promise(() => undefined) })
  const next = host('n.e.x')
  events.subscribe(stuck.run, subscription('x', { priority: 1 }))
  events.subscribe(next.run, subscription('x'))
  events.publish(next.run, publication('x', { ordered: true }))
  await vi.waitFor(() => expect(next.heard).toEqual(['x']))
  expect(log).toContainEqual(expect.stringContaining('finishCommonEvent'))
})

test('more than 20 events within 5 ms are refused', () => {
  const { run } = host('a.b.c')
  vi.spyOn(performance, 'now').mockReturnValue(1)
  for (let count = 0; count < 20; count++) events.publish(run, publication('x'))
  expect(() => events.publish(run, publication('x'))).toThrow(refusal(1500003))
  vi.spyOn(performance, 'now').mockReturnValue(6)
  events.publish(run, publication('x'))
  vi.restoreAllMocks()
})

test('a host that takes nothing fills nothing but its own window', async () => {
  const stuck = host('s.t.u', { reads: false })
  const lively = host('l.i.v')
  events.subscribe(stuck.run, subscription('x'))
  events.subscribe(lively.run, subscription('x'))
  let now = 0
  vi.spyOn(performance, 'now').mockImplementation(() => (now += 1))
  for (let count = 0; count < 70; count++) {
    events.publish(lively.run, publication('x', { data: 'x'.repeat(50_000) }))
    await vi.waitFor(() => expect(lively.heard).toHaveLength(count + 1), { interval: 1 })
  }
  vi.restoreAllMocks()
  expect(log.filter((line) => line.includes('dropped'))).toHaveLength(1)
})

test('of events that a host has counted itself, only a rate that it could not have had is refused', () => {
  const { run } = host('a.b.c')
  let now = 1
  vi.spyOn(performance, 'now').mockImplementation(() => now)
  // The service reads late what was published in a second.
  for (let count = 0; count < 4000; count++) events.publish(run, publication('x'), true)
  expect(() => events.publish(run, publication('x'), true)).toThrow(refusal(1500003))
  now += 1000
  events.publish(run, publication('x'), true)
  vi.restoreAllMocks()
})

test('a host has at most 200 subscriptions, and none once it ends', async () => {
  const { run, heard } = host('a.b.c')
  for (let subscriber = 0; subscriber < 200; subscriber++) {
    events.subscribe(run, subscription('x', { subscriber }))
  }
  expect(() => events.subscribe(run, subscription('x', { subscriber: 200 }))).toThrow(refusal(1500010))
  events.subscribe(run, subscription('y', { subscriber: 7 }))
  const other = host('d.e.f')
  events.subscribe(other.run, subscription('x'))
  run.ending.abort()
  events.publish(other.run, publication('x'))
  await vi.waitFor(() => expect(other.heard).toEqual(['x']))
  expect(heard).toEqual([])
})

test('what a host publishes while it ends is heard, whether or not it has published before', async () => {
  const other = host('d.e.f')
  events.subscribe(other.run, subscription('x'))
  const [early, late] = [host('a.b.c'), host('g.h.i')]
  events.publish(early.run, publication('x', { data: 'up' }))
  early.run.ending.abort()
  late.run.ending.abort()
  events.publish(early.run, publication('x', { data: 'down' }))
  events.publish(late.run, publication('x', { data: 'gone' }))
  await vi.waitFor(() => expect(other.heard).toEqual(['x up', 'x down', 'x gone']))
})
