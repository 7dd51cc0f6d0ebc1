import type { AppIdentity } from './app-identity.ts'
import type { ApplicationList, ListedApplication, Selectors } from './application-list.ts'

/** What a compliance case needs: a network namespace with programs in it, and nothing else. */
export interface IdentityTestBed {
  /** An object of the same settings each time, as each new service has it. */
  open(): AppIdentity
  /** A member as this identity knows it, for one of the names `one`, `two` and `stranger`. */
  member(name: string, value: number): ListedApplication
  /** Starts a program as one of these applications. */
  start(name: string): Promise<TestProgram>
  /** From now on, sockets with one of these marks or uids go inside, all others outside. */
  route(selectors: Selectors): void
  /** What the identity has in the kernel, as text. */
  state(): string
}

/** A program of an application that makes sockets when asked. */
export interface TestProgram {
  /** Where new sockets go: each of TCP and UDP, IPv4 and IPv6, e.g. `inside inside outside inside`. */
  ways(): Promise<string>
  /** The same of a child that it starts now. */
  waysOfChild(): Promise<string>
  /** Opens a connection and keeps it. */
  connect(): Promise<void>
  /** Whether that connection is still there. */
  isConnected(): Promise<boolean>
}

/** One thing that every identity must do. Throws when it does not. */
export interface IdentityComplianceCase {
  readonly name: string
  run(bed: IdentityTestBed): Promise<void>
}

const inside = 'inside inside inside inside'
const outside = 'outside outside outside outside'

/** What every {@link AppIdentity} must do; for the tests of each. */
export const identityComplianceCases: readonly IdentityComplianceCase[] = [
  {
    name: 'the sockets of a listed application are told from all others, its children included',
    async run(bed) {
      const [one, stranger] = [await bed.start('one'), await bed.start('stranger')]
      same(await one.ways(), outside, 'before the list')
      apply(bed, list(bed, { one: 1 }))
      same(await one.ways(), inside, 'the listed one')
      same(await one.waysOfChild(), inside, 'its child')
      same(await stranger.ways(), outside, 'the other one')
    },
  },
  {
    name: 'two lists are told apart',
    async run(bed) {
      const [one, two] = [await bed.start('one'), await bed.start('two')]
      apply(bed, list(bed, { one: 1 }, 0))
      bed.open().apply(list(bed, { two: 2 }, 1))
      same(await one.ways(), inside, 'of the first list')
      same(await two.ways(), outside, 'of the second list')
      bed.route(bed.open().selectors(list(bed, { two: 2 }, 1)))
      same(await one.ways(), outside, 'of the first list, later')
      same(await two.ways(), inside, 'of the second list, later')
    },
  },
  {
    name: 'applications join a list and leave it',
    async run(bed) {
      const [one, two] = [await bed.start('one'), await bed.start('two')]
      apply(bed, list(bed, { one: 1 }))
      apply(bed, list(bed, { one: 1, two: 1 }))
      same(await two.ways(), inside, 'the one that has joined')
      apply(bed, list(bed, { two: 1 }))
      same(await one.ways(), outside, 'the one that has left')
      same(await two.ways(), inside, 'the one that has stayed')
    },
  },
  {
    name: 'applying a list again changes nothing',
    async run(bed) {
      const one = await bed.start('one')
      apply(bed, list(bed, { one: 1 }))
      const state = bed.state()
      apply(bed, list(bed, { one: 1 }))
      same(bed.state(), state, 'state')
      same(await one.ways(), inside, 'the listed one')
    },
  },
  {
    name: 'an unknown application covers nobody',
    async run(bed) {
      const one = await bed.start('one')
      const unknown = { ...bed.member('one', 1), bundle: 'com.example.unknown', aliases: [], uids: [] }
      apply(bed, { ...list(bed, {}), members: [unknown] })
      same(await one.ways(), outside, 'an application')
    },
  },
  {
    name: 'a list goes without a trace, once',
    async run(bed) {
      const one = await bed.start('one')
      const before = bed.state()
      apply(bed, list(bed, { one: 1 }))
      differ(bed.state(), before, bed)
      bed.route({ marks: [], uids: [] })
      bed.open().withdraw(0)
      same(bed.state(), before, 'state')
      same(bed.open().withdraw(0).join(), '', 'what there is to withdraw again')
      same(await one.ways(), outside, 'the application')
    },
  },
  {
    name: 'what a crash left behind is found again, and what is still wanted stays',
    async run(bed) {
      await bed.start('one')
      await bed.start('two')
      bed.open().apply(list(bed, { two: 2 }, 1))
      const wanted = bed.state()
      bed.open().apply(list(bed, { one: 1 }, 0))
      bed.open().reconcile([1])
      same(bed.state(), wanted, 'state')
      bed.open().reconcile([])
      same(bed.open().reconcile([]).join(), '', 'what there is to reconcile again')
    },
  },
  {
    name: 'the connections of members are closed, and nobody else’s',
    async run(bed) {
      const [one, stranger] = [await bed.start('one'), await bed.start('stranger')]
      apply(bed, list(bed, { one: 1 }))
      await one.connect()
      await stranger.connect()
      same(String(bed.open().closeSockets(list(bed, { one: 1 })) > 0), 'true', 'closed some')
      same(String(await one.isConnected()), 'false', 'the member is connected')
      same(String(await stranger.isConnected()), 'true', 'the other one is connected')
    },
  },
]

function list(bed: IdentityTestBed, values: Readonly<Record<string, number>>, slot = 0): ApplicationList {
  const members = Object.entries(values).map(([name, value]) => bed.member(name, value))
  return { slot, members, lockDevice: false }
}

function apply(bed: IdentityTestBed, applications: ApplicationList): void {
  const identity = bed.open()
  identity.apply(applications)
  bed.route(identity.selectors(applications))
}

function same(actual: string, expected: string, what: string): void {
  if (actual !== expected)
    throw new Error(`${what}: ${JSON.stringify(actual)}, not ${JSON.stringify(expected)}`)
}

/** An identity that puts nothing into the kernel has no state to change. */
function differ(actual: string, other: string, bed: IdentityTestBed): void {
  if (bed.open().kind === 'cgroup' && actual === other) throw new Error('state: the list has changed nothing')
}
