import { businessError } from '@vpnext/api'
import { expect, test } from 'vitest'
import { sampleTarget } from '../../test/sample-target.ts'
import { type Deferred, deferred } from '../deferred.ts'
import { Ability, type AbilityDriver, type EndReason } from './ability.ts'
import { CarriedWant } from './carried-want.ts'
import { HostRun, type LocalRemote } from './host-run.ts'

const target = sampleTarget()
const otherCode = sampleTarget({ codeHash: 'b'.repeat(64) })

/** Lets a test decide when each step of each run settles, and records what was asked for. */
class ScriptedDriver implements AbilityDriver {
  readonly steps: string[] = []
  readonly runs: HostRun[] = []
  readonly creations: Deferred<void>[] = []
  readonly endings: Deferred<void>[] = []
  readonly exits: ((how: string) => void)[] = []
  /** What onConnect fails with. */
  refused: Error | undefined

  prepare(wanted: Parameters<AbilityDriver['prepare']>[0]): HostRun {
    const run = new HostRun(wanted, 20_010_000)
    this.runs.push(run)
    return run
  }

  create(run: HostRun, want: CarriedWant, onExit: (how: string) => void): Promise<void> {
    this.steps.push(`create ${this.runs.indexOf(run)} ${JSON.stringify(want.want)}`)
    this.exits.push(onExit)
    const creation = deferred<void>()
    this.creations.push(creation)
    return creation.promise
  }

  async request(run: HostRun, want: CarriedWant): Promise<void> {
    this.steps.push(`request ${this.runs.indexOf(run)} ${run.nextStartId()} ${JSON.stringify(want.want)}`)
    await Promise.resolve()
  }

  async connect(run: HostRun, want: CarriedWant): Promise<LocalRemote> {
    this.steps.push(`connect ${this.runs.indexOf(run)} ${JSON.stringify(want.want)}`)
    await Promise.resolve()
    if (this.refused !== undefined) throw this.refused
    return { id: 7, descriptor: '' }
  }

  async disconnect(run: HostRun): Promise<void> {
    this.steps.push(`disconnect ${this.runs.indexOf(run)}`)
    await Promise.resolve()
  }

  finish(run: HostRun, reason: EndReason): Promise<void> {
    this.steps.push(`finish ${this.runs.indexOf(run)} ${reason.kind}`)
    const ending = deferred<void>()
    this.endings.push(ending)
    return ending.promise
  }

  changed(): void {
    // Nobody watches.
  }
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
const want = (name: string): CarriedWant => CarriedWant.plain({ abilityName: name })

test('the first start creates, a further one is a request', async () => {
  const driver = new ScriptedDriver()
  const ability = new Ability(target, driver)
  const first = ability.start(want('a'), target)
  expect(ability.state.kind).toBe('starting')
  driver.creations[0]?.resolve()
  await first
  expect(ability.state.kind).toBe('running')
  await ability.start(want('b'), target)
  expect(driver.steps).toEqual(['create 0 {"abilityName":"a"}', 'request 0 2 {"abilityName":"b"}'])
})

test('a start is accepted once its process is there, and later ones at once', async () => {
  const driver = new ScriptedDriver()
  const ability = new Ability(target, driver)
  const accepted: string[] = []
  const start = (name: string): Promise<void> =>
    ability.start(want(name), target, () => void accepted.push(name))
  const first = start('a')
  await settle()
  expect(accepted).toEqual([])
  driver.runs[0]?.attached.resolve({ sandbox: [], missing: [] })
  await settle()
  expect(accepted).toEqual(['a'])
  const second = start('b')
  expect(accepted).toEqual(['a', 'b'])
  driver.creations[0]?.resolve()
  await Promise.all([first, second])
  const stopped = ability.stop()
  await settle()
  // Whoever stops and starts it again in its own onDestroy waits for nothing.
  const third = start('c')
  expect(accepted).toEqual(['a', 'b', 'c'])
  driver.endings[0]?.resolve()
  await stopped
  await settle()
  driver.creations[1]?.resolve()
  await third
})

test('starts while it starts wait for the same host, and become requests', async () => {
  const driver = new ScriptedDriver()
  const ability = new Ability(target, driver)
  const starts = ['a', 'b', 'c'].map((name) => ability.start(want(name), target))
  driver.creations[0]?.resolve()
  await Promise.all(starts)
  expect(driver.runs).toHaveLength(1)
  expect(driver.steps.slice(1)).toEqual([
    'request 0 2 {"abilityName":"b"}',
    'request 0 3 {"abilityName":"c"}',
  ])
})

test('a start that fails fails for all who waited, and the next one tries anew', async () => {
  const driver = new ScriptedDriver()
  const ability = new Ability(target, driver)
  const starts = [ability.start(CarriedWant.plain({}), target), ability.start(CarriedWant.plain({}), target)]
  driver.creations[0]?.reject(businessError(16000050, { reason: 'no process' }))
  const results = await Promise.allSettled(starts)
  expect(
    results.map((result) => result.status === 'rejected' && (result.reason as { code: number }).code),
  ).toEqual([16000050, 16000050])
  await settle()
  expect(driver.steps.at(-1)).toBe('finish 0 failed')
  const again = ability.start(CarriedWant.plain({}), target)
  driver.endings[0]?.resolve()
  await settle()
  driver.creations[1]?.resolve()
  await again
  expect(ability.state.kind).toBe('running')
})

test('an end that nobody asked for is remembered until the next start, or a stop', async () => {
  const driver = new ScriptedDriver()
  const ability = new Ability(target, driver)
  const begin = async (): Promise<void> => {
    const started = ability.start(CarriedWant.plain({}), target)
    driver.creations.at(-1)?.resolve()
    await started
  }
  const misbehave = async (reason: string): Promise<void> => {
    ability.fail(driver.runs.at(-1) as HostRun, reason)
    await settle()
    driver.endings.at(-1)?.resolve()
    await settle()
  }
  await begin()
  await misbehave('it misbehaves')
  expect(ability.unasked).toMatchObject({ reason: { kind: 'failed', reason: 'it misbehaves' } })
  await begin()
  expect(ability.unasked).toBeUndefined()
  await misbehave('again')
  await ability.stop()
  expect(ability.unasked).toBeUndefined()
})

test('a start while it stops is not lost: a new host follows the old one, not before', async () => {
  const driver = new ScriptedDriver()
  const ability = new Ability(target, driver)
  const first = ability.start(want('a'), target)
  driver.creations[0]?.resolve()
  await first
  const stop = ability.stop()
  const restarts = [ability.start(want('b'), target), ability.start(want('c'), target)]
  await settle()
  expect(driver.runs).toHaveLength(1)
  driver.endings[0]?.resolve()
  await stop
  await settle()
  expect(driver.runs).toHaveLength(2)
  driver.creations[1]?.resolve()
  await Promise.all(restarts)
  expect(driver.steps.slice(1)).toEqual([
    'finish 0 stop',
    'create 1 {"abilityName":"b"}',
    'request 1 2 {"abilityName":"c"}',
  ])
})

test('a stop while it starts ends the start', async () => {
  const driver = new ScriptedDriver()
  const ability = new Ability(target, driver)
  const start = ability.start(CarriedWant.plain({}), target)
  const stop = ability.stop()
  await expect(start).rejects.toMatchObject({ code: 16000050 })
  expect(driver.runs[0]?.ending.signal.aborted).toBe(true)
  await settle()
  driver.endings[0]?.resolve()
  await stop
  expect(ability.state.kind).toBe('stopped')
  driver.creations[0]?.resolve()
  await settle()
  expect(ability.state.kind).toBe('stopped')
})

test('stops at the same time end it once; stopping what does not run is done at once', async () => {
  const driver = new ScriptedDriver()
  const ability = new Ability(target, driver)
  await ability.stop()
  const start = ability.start(CarriedWant.plain({}), target)
  driver.creations[0]?.resolve()
  await start
  const stops = [ability.stop(), ability.stop()]
  await settle()
  driver.endings[0]?.resolve()
  await Promise.all(stops)
  expect(driver.steps.filter((step) => step.startsWith('finish'))).toEqual(['finish 0 stop'])
})

test('a host that dies ends its run, and only its own', async () => {
  const driver = new ScriptedDriver()
  const ability = new Ability(target, driver)
  const start = ability.start(CarriedWant.plain({}), target)
  driver.creations[0]?.resolve()
  await start
  driver.exits[0]?.('signal SIGSEGV')
  expect(ability.state.kind).toBe('stopping')
  await settle()
  driver.endings[0]?.resolve()
  await settle()
  const again = ability.start(CarriedWant.plain({}), target)
  driver.exits[0]?.('late news of the old one')
  driver.creations[1]?.resolve()
  await again
  expect(ability.state.kind).toBe('running')
  expect(driver.steps).toContain('finish 0 exited')
})

test('a start of replaced code stops the host of the old code first', async () => {
  const driver = new ScriptedDriver()
  const ability = new Ability(target, driver)
  const start = ability.start(CarriedWant.plain({}), target)
  driver.creations[0]?.resolve()
  await start
  const fresh = ability.start(CarriedWant.plain({}), otherCode)
  await settle()
  expect(driver.steps.at(-1)).toBe('finish 0 stop')
  driver.endings[0]?.resolve()
  await settle()
  driver.creations[1]?.resolve()
  await fresh
  expect(driver.runs[1]?.target.bundle.codeHash).toBe(otherCode.bundle.codeHash)
})

test('an extension that is only connected to gets no request, is asked once, and ends with its last use', async () => {
  const driver = new ScriptedDriver()
  const ability = new Ability(target, driver)
  const connecting = ability.connect(want('a'), target)
  driver.creations[0]?.resolve()
  const use = await connecting
  expect(driver.runs[0]?.use).toEqual({ started: false, connections: 1 })
  const other = await ability.connect(want('b'), target)
  await use.end()
  expect(ability.state.kind).toBe('running')
  expect([use.remote, other.remote]).toEqual([
    { id: 7, descriptor: '' },
    { id: 7, descriptor: '' },
  ])
  await use.end()
  expect(ability.state.kind).toBe('running')
  const ended = other.end()
  await settle()
  expect(ability.state.kind).toBe('stopping')
  driver.endings[0]?.resolve()
  await ended
  expect(driver.steps).toEqual([
    'create 0 {"abilityName":"a"}',
    'connect 0 {"abilityName":"a"}',
    'disconnect 0',
    'finish 0 stop',
  ])
})

test('an onConnect that fails ends the uses that waited for it, and with the last one the extension', async () => {
  const driver = new ScriptedDriver()
  driver.refused = businessError(16000050, { field: 'onConnect', reason: 'no' })
  const ability = new Ability(target, driver)
  const both = Promise.allSettled([ability.connect(want('a'), target), ability.connect(want('b'), target)])
  driver.creations[0]?.resolve()
  await settle()
  expect(ability.state.kind).toBe('stopping')
  driver.endings[0]?.resolve()
  expect((await both).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(driver.steps).toEqual([
    'create 0 {"abilityName":"a"}',
    'connect 0 {"abilityName":"a"}',
    'finish 0 stop',
  ])
})

test('one that was started goes on when onConnect fails, and is asked again by the next', async () => {
  const driver = new ScriptedDriver()
  driver.refused = businessError(16000050, { field: 'onConnect', reason: 'no' })
  const ability = new Ability(target, driver)
  const started = ability.start(want('a'), target)
  driver.creations[0]?.resolve()
  await started
  await expect(ability.connect(want('b'), target)).rejects.toBe(driver.refused)
  expect(driver.runs[0]?.use).toEqual({ started: true, connections: 0 })
  driver.refused = undefined
  expect((await ability.connect(want('c'), target)).remote).toEqual({ id: 7, descriptor: '' })
  expect(driver.steps.slice(1)).toEqual(['connect 0 {"abilityName":"b"}', 'connect 0 {"abilityName":"c"}'])
})

test('an extension that is started too outlives its last use; its first request has the number 1', async () => {
  const driver = new ScriptedDriver()
  const ability = new Ability(target, driver)
  const connecting = ability.connect(want('a'), target)
  const starting = ability.start(want('b'), target)
  driver.creations[0]?.resolve()
  const use = await connecting
  await starting
  await use.end()
  expect(ability.state.kind).toBe('running')
  expect(driver.steps).toContain('request 0 1 {"abilityName":"b"}')
})

test('a use of a run that is over ends nothing', async () => {
  const driver = new ScriptedDriver()
  const ability = new Ability(target, driver)
  const connecting = ability.connect(want('a'), target)
  driver.creations[0]?.resolve()
  const use = await connecting
  const stopped = ability.stop()
  await settle()
  driver.endings[0]?.resolve()
  await stopped
  await use.end()
  expect(driver.steps.filter((step) => step.startsWith('disconnect'))).toEqual([])
})
