import type { DnsData, DnsUndo } from '../plan/step.ts'
import type { DnsBackend } from './backend.ts'

/** What a compliance case needs: a resolver of its own to play with. */
export interface DnsTestBed<Captured extends DnsUndo> {
  readonly backend: DnsBackend<Captured>
  /** Where the backend keeps the configuration. */
  readonly target: Pick<DnsData, 'path' | 'interfaceName' | 'resolvectl'>
  /** The whole state, so that two can be compared. */
  state(): string
  /** The servers that a program would ask now, in order. */
  servers(): string[]
  /** Another program changes the configuration. */
  interfere(): void
}

/** One thing that every backend must do. Throws when it does not. */
export interface DnsComplianceCase {
  readonly name: string
  run<Captured extends DnsUndo>(bed: DnsTestBed<Captured>): void
}

/** What every {@link DnsBackend} must do, whatever the resolver; for the tests of each. */
export const dnsComplianceCases: readonly DnsComplianceCase[] = [
  {
    name: 'capturing changes nothing',
    run(bed) {
      const before = bed.state()
      bed.backend.capture(dataFor(bed), [])
      same(bed.state(), before, 'state')
    },
  },
  {
    name: 'the servers of the tunnel are in force, in order, and no other one',
    run(bed) {
      apply(bed)
      same(bed.servers().join(' '), '10.8.0.1 fd08::1', 'servers')
    },
  },
  {
    name: 'restoring brings back every bit, and does nothing the second time',
    run(bed) {
      const before = bed.state()
      const undo = apply(bed)
      differ(bed.state(), before)
      same(bed.backend.restore(undo, []), 'restored', 'result')
      same(bed.state(), before, 'state')
      same(bed.backend.restore(undo, []), 'nothing-to-do', 'second result')
      same(bed.state(), before, 'state')
    },
  },
  {
    name: 'restoring what was never applied changes nothing',
    run(bed) {
      const before = bed.state()
      const undo = bed.backend.capture(dataFor(bed), [])
      same(bed.backend.restore(undo, []), 'nothing-to-do', 'result')
      same(bed.state(), before, 'state')
    },
  },
  {
    name: 'the captured state survives JSON, as the journal needs',
    run(bed) {
      const before = bed.state()
      const undo: ReturnType<typeof bed.backend.capture> = JSON.parse(JSON.stringify(apply(bed)))
      same(bed.backend.restore(undo, []), 'restored', 'result')
      same(bed.state(), before, 'state')
    },
  },
  {
    name: 'what somebody else has written meanwhile stays',
    run(bed) {
      const undo = apply(bed)
      bed.interfere()
      const theirs = bed.state()
      same(bed.backend.restore(undo, []), 'not-ours', 'result')
      same(bed.state(), theirs, 'state')
    },
  },
  {
    name: 'search domains alone leave the servers as they are',
    run(bed) {
      const before = bed.servers().join(' ')
      const dns = { ...dataFor(bed), servers: [] }
      bed.backend.apply(dns, bed.backend.capture(dns, []))
      same(bed.servers().join(' '), before, 'servers')
    },
  },
]

function dataFor<Captured extends DnsUndo>(bed: DnsTestBed<Captured>): DnsData {
  return {
    ...bed.target,
    backend: bed.backend.name,
    instance: 'test',
    servers: ['10.8.0.1', 'fd08::1'],
    searchDomains: ['corp.test', 'lab.test'],
  }
}

function apply<Captured extends DnsUndo>(bed: DnsTestBed<Captured>): Captured {
  const dns = dataFor(bed)
  const undo = bed.backend.capture(dns, [])
  bed.backend.apply(dns, undo)
  return undo
}

function same(actual: string, expected: string, what: string): void {
  if (actual !== expected) throw new Error(`${what}: ${actual}, not ${expected}`)
}

function differ(actual: string, other: string): void {
  if (actual === other) throw new Error('state: applying has changed nothing')
}
