import { expect, test } from 'vitest'

import type { AnyFunction } from '../parameters.ts'
import { type TestLog, TestSession } from './test-session.ts'

type Members = Readonly<Record<string, AnyFunction>> & {
  readonly SysTestKit: Readonly<Record<string, AnyFunction>>
  readonly SkipError: new (message: string) => Error
}

const emptyLog: TestLog = { has: () => Promise.resolve(false), clear: () => Promise.resolve() }

/** Runs what is declared. @returns the report */
async function report(
  declare: (members: Members) => void,
  parameters: Record<string, string> = {},
  log = emptyLog,
): Promise<string> {
  const printed: string[] = []
  const session = new TestSession((text) => printed.push(text), log)
  declare(session.members() as unknown as Members)
  await session.run(parameters)
  return printed.join('')
}

test('hooks of each case run around those of the suite, the outer ones outermost', async () => {
  const order: string[] = []
  await report((members) => {
    const { describe, it } = members
    const hooks = (place: string): void => {
      for (const name of ['beforeEach', 'afterEach', 'beforeEachIt', 'afterEachIt'])
        members[name]?.(() => order.push(`${place} ${name}`))
    }
    describe?.('Outer', () => {
      hooks('outer')
      it?.('outer it', 0, () => order.push('outer it'))
      describe?.('Inner', () => {
        hooks('inner')
        it?.('inner it', 0, () => order.push('inner it'))
      })
    })
  })
  expect(order).toEqual([
    'outer beforeEachIt',
    'outer beforeEach',
    'outer it',
    'outer afterEach',
    'outer afterEachIt',
    'outer beforeEachIt',
    'inner beforeEachIt',
    'inner beforeEach',
    'inner it',
    'inner afterEach',
    'inner afterEachIt',
    'outer afterEachIt',
  ])
})

test('what beforeAll fails with is the end of all cases of its suite and of the suites in it', async () => {
  const text = await report(({ describe, it, beforeAll }) => {
    describe?.('Outer', () => {
      beforeAll?.(() => {
        throw new Error('no service')
      })
      it?.('one', 0, () => undefined)
      describe?.('Inner', () => it?.('two', 0, () => undefined))
    })
    describe?.('Other', () => it?.('three', 0, () => undefined))
  })
  expect(text).toContain('stream=Error in two, no service, error in beforeAll function\n')
  expect(text).toContain('Tests run: 3, Failure: 0, Error: 2, Pass: 1, Ignore: 0')
})

test('what is declared outside of all suites runs', async () => {
  const order: string[] = []
  const text = await report(({ describe, it, beforeAll, afterAll }) => {
    beforeAll?.(() => order.push('first'))
    afterAll?.(() => order.push('last'))
    it?.('alone', 0, () => order.push('alone'))
    describe?.('Suite', () => it?.('in it', 0, () => order.push('in it')))
  })
  expect(order).toEqual(['first', 'alone', 'in it', 'last'])
  expect(text).toContain('Tests run: 2, Failure: 0, Error: 0, Pass: 2')
})

test('a case that throws a SkipError is ignored, and why is told', async () => {
  const text = await report(({ describe, it, SkipError }) => {
    describe?.('Suite', () =>
      it?.('needs more', 0, () => {
        throw new SkipError('no IPv6 here')
      }),
    )
  })
  expect(text).toContain('OHOS_REPORT_STATUS_CODE: -3\nOHOS_REPORT_STATUS: skipReason=no IPv6 here\n')
  expect(text).toContain('Tests run: 1, Failure: 0, Error: 0, Pass: 0, Ignore: 1')
})

test('words of one’s own stand before what an assertion found', async () => {
  const text = await report((members) => {
    members['describe']?.('Suite', () =>
      members['it']?.('fails', 0, () => {
        const chain = members['expect']?.(0) as Members
        const withWords = chain['message']?.('no packets') as Members
        withWords['assertEqual']?.(2)
      }),
    )
  })
  expect(text).toContain('stream=message: no packets, Error in fails, expect 0 equals 2\n')
})

test('after the first failure the rest is counted as ignored, and said to be', async () => {
  const text = await report(
    (members) => {
      members['describe']?.('Suite', () => {
        members['it']?.('fails', 0, () => Promise.reject(new Error('no')))
        members['it']?.('is left out', 0, () => undefined)
      })
    },
    { breakOnError: 'true' },
  )
  expect(text).toContain('Tests run: 2, Failure: 0, Error: 1, Pass: 0, Ignore: 1')
  expect(text).toContain('OHOS_REPORT_RESULT: breakOnError model, Stopping whole test suite')
})

test('a dry run lists the suites as JSON', async () => {
  const text = await report(
    ({ describe, it }) => {
      describe?.('A', () => {
        it?.('one', 0, () => undefined)
        describe?.('B', () => it?.('two', 0, () => undefined))
      })
    },
    { dryRun: 'true' },
  )
  const listed: unknown = JSON.parse(text.split('\n').find((line) => line.startsWith('{')) ?? '')
  expect(listed).toEqual({ suites: [{ A: [{ itName: 'one' }], suites: [{ B: [{ itName: 'two' }] }] }] })
})

test('a case asks the log for a text, and clears it', async () => {
  const lines = ['Tag: tunnel up']
  const log: TestLog = {
    has: (text) => Promise.resolve(lines.some((line) => line.includes(text))),
    clear: () => Promise.resolve(void lines.splice(0)),
  }
  const seen: unknown[] = []
  await report(
    ({ describe, it, SysTestKit }) =>
      describe?.('Suite', () =>
        it?.('asks', 0, async () => {
          seen.push(await SysTestKit['existKeyword']?.('tunnel', 2))
          seen.push(await SysTestKit['cleanLog']?.())
          seen.push(await SysTestKit['existKeyword']?.('tunnel'))
        }),
      ),
    {},
    log,
  )
  expect(seen).toEqual([true, true, false])
})
