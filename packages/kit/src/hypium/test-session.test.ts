import { businessError } from '@vpnext/api'
import { expect, test } from 'vitest'

import type { AnyFunction } from '../parameters.ts'
import { type TestLog, TestSession } from './test-session.ts'

/** The framework as a suite imports it. */
type Framework = Readonly<Record<string, AnyFunction>> & {
  readonly Hypium: Readonly<Record<string, AnyFunction>>
  readonly SysTestKit: Readonly<Record<string, AnyFunction>>
  readonly MockKit: new () => Readonly<Record<string, AnyFunction>>
  readonly ArgumentMatchers: Readonly<Record<string, unknown>>
}
type Assert = Readonly<Record<string, (...args: unknown[]) => unknown>>

const opposite = (assert: Assert): Assert => assert['not']?.() as Assert

interface Run {
  readonly report: string
  /** `suite#case code` of each case that ended, in order. */
  readonly cases: string[]
  readonly total: string
}

const noLog: TestLog = { has: () => Promise.resolve(false), clear: () => Promise.resolve() }

async function run(
  declare: (framework: Framework) => void,
  parameters: Record<string, string> = {},
  log = noLog,
): Promise<Run> {
  const printed: string[] = []
  const session = new TestSession((text) => printed.push(text), log)
  declare(session.members() as unknown as Framework)
  await session.run(parameters)
  const report = printed.join('')
  const pattern =
    /class=([\w.]+)\n(?:OHOS_REPORT_STATUS: (?!class)[^]*?\n)?[^]*?test=(.+)\nOHOS_REPORT_STATUS_CODE: (-?\d)\n/g
  const cases = [...report.matchAll(pattern)]
    .filter(([, , , code]) => code !== '1')
    .map(([, suite, name, code]) => `${suite}#${name} ${code}`)
  return { report, cases, total: /Tests run: .*/.exec(report)?.[0] ?? '' }
}

const expecting = (framework: Framework, actual: unknown): Assert => framework['expect']?.(actual) as Assert

test('hooks run in their order, around the cases of their own suite', async () => {
  const order: string[] = []
  const note = (text: string) => (): number => order.push(text)
  await run((framework) => {
    const { describe, it, beforeAll, afterAll, beforeEach, afterEach, beforeItSpecified } = framework
    describe?.('Outer', () => {
      beforeAll?.(note('all'))
      afterAll?.(note('no more'))
      beforeEach?.(note('before'))
      afterEach?.(note('after'))
      beforeItSpecified?.(['two'], note('for two'))
      it?.('one', 0, note('one'))
      it?.('two', 0, note('two'))
      describe?.('Inner', () => it?.('three', 0, note('three')))
    })
  })
  expect(order).toEqual([
    'all',
    'before',
    'one',
    'after',
    'for two',
    'before',
    'two',
    'after',
    'three',
    'no more',
  ])
})

test('failures, errors, time-outs, done callbacks and promises are told apart', async () => {
  const { cases, total, report } = await run(
    (framework) => {
      framework['describe']?.('Kinds', () => {
        const it = framework['it']
        it?.('passes', 0, () => expecting(framework, 1)['assertEqual']?.(1))
        it?.('fails', 0, () => expecting(framework, 1)['assertEqual']?.(2))
        it?.('caught', 0, () => {
          try {
            expecting(framework, 1)['assertEqual']?.(2)
          } catch {
            // As on the device, the case fails all the same.
          }
        })
        it?.('throws', 0, () => {
          throw new TypeError('oops')
        })
        it?.('rejects', 0, () => Promise.reject(new Error('later')))
        it?.('lacks', 0, () => {
          throw businessError(801, { field: 'Driver', reason: 'there is no Driver' })
        })
        it?.('hangs', 0, () => new Promise(() => undefined))
        it?.('is done', 0, (done: unknown) => setTimeout(done as () => void, 1))
        it?.('is never done', 0, (done: unknown) => String(done))
        ;(it as unknown as { skip: AnyFunction }).skip('skipped', 0, () => undefined)
      })
    },
    { timeout: '200' },
  )
  expect(cases.map((each) => each.replace('Kinds#', ''))).toEqual([
    'passes 0',
    'fails -2',
    'caught -2',
    'throws -1',
    'rejects -1',
    'lacks -1',
    'hangs -1',
    'is done 0',
    'is never done -1',
    'skipped -3',
  ])
  expect(total).toBe('Tests run: 10, Failure: 2, Error: 5, Pass: 2, Ignore: 1')
  expect(report).toContain('stream=Error in hangs, execute timeout 200ms\n')
  expect(report).toContain('stream=Error in lacks, Capability not supported. (there is no Driver)\n')
  expect(report).toContain('stack=BusinessError: Capability not supported. (there is no Driver)\n')
  expect(report).toContain('OHOS_REPORT_CODE: -1\n')
})

test('of a stack the lines of the suite are told, and not those of the framework', async () => {
  const { report } = await run((framework) => {
    framework['describe']?.('S', () => {
      framework['it']?.('fails', 0, () => {
        const error = new Error('two\nlines')
        error.stack = [
          'Error: two\nlines',
          '    at judge (/vpnext/stage2.js:56:10322)',
          '    at <anonymous> (/bundle/scripts/entry/src/ohosTest/ets/test/S.test.ets:13:99)',
          '    at new Promise (<anonymous>)',
          '    at async /vpnext/stage2.js:59:5774',
          '    at async #runCase (/vpnext/stage2.js:59:4268)',
        ].join('\n')
        throw error
      })
    })
  })
  expect(report).toContain(
    'stack=Error: two\nlines\n    at <anonymous> (/bundle/scripts/entry/src/ohosTest/ets/test/S.test.ets:13:99)\n' +
      '    at new Promise (<anonymous>)\nOHOS_REPORT_STATUS: stream=Error in fails, two\n',
  )
})

test.each<[Record<string, string>, string[]]>([
  [{}, ['A#low', 'A#high', 'B#any']],
  [{ class: 'A' }, ['A#low', 'A#high']],
  [{ class: 'A#high,B' }, ['A#high', 'B#any']],
  [{ notClass: 'A' }, ['B#any']],
  [{ '-s notClass': 'A#low' }, ['A#high', 'B#any']],
  [{ suite: 'B' }, ['B#any']],
  [{ itName: 'low' }, ['A#low']],
  [{ level: '1' }, ['A#high', 'B#any']],
  [{ class: 'B', stress: '3' }, ['B#any', 'B#any', 'B#any']],
])('%j chooses %j', async (parameters, chosen) => {
  const { cases } = await run((framework) => {
    const { Level } = framework as unknown as { Level: Record<string, number> }
    framework['describe']?.('A', () => {
      framework['it']?.('low', Level['LEVEL0'], () => undefined)
      framework['it']?.('high', Level['LEVEL1'], () => undefined)
    })
    framework['describe']?.('B', () => framework['it']?.('any', 0, () => undefined))
  }, parameters)
  expect(cases).toEqual(chosen.map((name) => `${name} 0`))
})

test('suites of one name in different suites are told apart', async () => {
  const { cases, report } = await run((framework) => {
    const { describe, it } = framework
    for (const outer of ['V4', 'V6'])
      describe?.(outer, () => describe?.('Routes', () => it?.('one', 0, () => undefined)))
  })
  expect(cases).toEqual(['V4.Routes#one 0', 'V6.Routes#one 0'])
  expect(report).toMatch(/class=V6\.Routes\nOHOS_REPORT_STATUS: suiteconsuming=/)
})

test('a case knows its name, its suite and its attributes, and shares values with others', async () => {
  const seen: unknown[] = []
  await run((framework) => {
    const { describe, it, beforeAll, beforeEach, SysTestKit, Hypium } = framework
    const note = (): unknown =>
      seen.push([
        SysTestKit['getDescribeName']?.(),
        SysTestKit['getItName']?.(),
        SysTestKit['getItAttribute']?.(),
        Hypium['get']?.('key'),
      ])
    describe?.('S', () => {
      beforeAll?.(note)
      beforeEach?.(note)
      it?.('a', 1 << 16, () => Hypium['set']?.('key', 7))
      it?.('b', 0, note)
    })
  })
  expect(seen).toEqual([
    ['S', undefined, undefined, undefined],
    ['S', 'a', 1 << 16, undefined],
    ['S', 'b', 0, 7],
    ['S', 'b', 0, 7],
  ])
})

test('an assertion of one’s own is there until it is taken away, and says so then', async () => {
  const { report, cases } = await run((framework) => {
    const { describe, it, Hypium } = framework
    function isSix(actual: unknown): { pass: boolean; message: string } {
      return { pass: actual === 6, message: `${String(actual)} is not six` }
    }
    describe?.('S', () => {
      it?.('holds', 0, () => {
        Hypium['registerAssert']?.(isSix)
        expecting(framework, 6)['isSix']?.()
      })
      it?.('does not', 0, () => expecting(framework, 7)['isSix']?.())
      it?.('gone', 0, () => {
        Hypium['unregisterAssert']?.('isSix')
        expecting(framework, 6)['isSix']?.()
      })
    })
  })
  expect(cases).toEqual(['S#holds 0', 'S#does not -2', 'S#gone -1'])
  expect(report).toContain('7 is not six\n')
  expect(report).toContain('isSix is unregistered\n')
})

test('a parameter that is wrong runs nothing', async () => {
  const session = new TestSession(() => undefined, noLog)
  expect(await session.run({ level: '9', timeout: 'x' })).toEqual({
    kind: 'wrong-parameters',
    values: ['level:9', 'timeout:x'],
  })
})

test('breakOnError ends the run, dryRun runs nothing', async () => {
  const declare = (framework: Framework): void => {
    framework['describe']?.('S', () => {
      framework['it']?.('bad', 0, () => expecting(framework, 1)['assertFail']?.())
      framework['it']?.('next', 0, () => undefined)
    })
  }
  expect((await run(declare, { breakOnError: 'true' })).cases).toEqual(['S#bad -2'])
  expect((await run(declare, { dryRun: 'true' })).cases).toEqual(['S#bad -3', 'S#next -3'])
})

test('cases run once for each of their data', async () => {
  const seen: unknown[] = []
  await run((framework) => {
    framework.Hypium['setData']?.({
      suites: [
        { describe: ['S'], params: { common: 1 }, items: [{ it: 'a', params: [{ n: 1 }, { n: 2 }] }] },
      ],
    })
    framework['describe']?.('S', () => {
      framework['it']?.('a', 0, (data: unknown) => seen.push(data))
      framework['it']?.('b', 0, (done: unknown, data: unknown) => {
        seen.push(data)
        ;(done as () => void)()
      })
    })
  })
  expect(seen).toEqual([{ n: 1, common: 1 }, { n: 2, common: 1 }, { common: 1 }])
})

const never = new Promise(() => undefined)
/** A rejection that nobody is told of before a case looks at it. */
function rejected(reason: Error): Promise<never> {
  const promise = Promise.reject(reason)
  promise.catch(() => undefined)
  return promise
}
const holds: [string, unknown, unknown[]][] = [
  ['assertTrue', true, []],
  ['assertFalse', false, []],
  ['assertNull', null, []],
  ['assertUndefined', undefined, []],
  ['assertNaN', Number.NaN, []],
  ['assertPosUnlimited', Infinity, []],
  ['assertNegUnlimited', -Infinity, []],
  ['assertEqual', 'a', ['a']],
  ['assertDeepEquals', { a: [new Map([[1, 2]])] }, [{ a: [new Map([[1, 2]])] }]],
  ['assertLess', 1, [2]],
  ['assertLessOrEqual', 2, [2]],
  ['assertLarger', 3, [2]],
  ['assertLargerOrEqual', 'b', ['a']],
  ['assertClose', 100, [99, 0.02]],
  ['assertContain', 'abc', ['b']],
  ['assertContain', [1, 2], [2]],
  ['assertInstanceOf', [], ['Array']],
  ['assertInstanceOf', new TypeError(), ['TypeError']],
  [
    'assertThrowError',
    () => {
      throw new Error('x')
    },
    ['x'],
  ],
  ['assertPromiseIsPending', never, []],
  ['assertPromiseIsResolved', Promise.resolve(1), []],
  ['assertPromiseIsResolvedWith', Promise.resolve({ a: 1 }), [{ a: 1 }]],
  ['assertPromiseIsRejectedWith', rejected(new Error('r')), [new Error('r')]],
  ['assertPromiseIsRejectedWithError', rejected(new TypeError('t')), [TypeError, 't']],
]
test.each(holds)('%s holds, and its opposite does not', async (name, actual, args) => {
  const { cases } = await run((framework) => {
    framework['describe']?.('S', () => {
      framework['it']?.('holds', 0, () => expecting(framework, actual)[name]?.(...args))
      framework['it']?.('not', 0, () => opposite(expecting(framework, actual))[name]?.(...args))
    })
  })
  expect(cases).toEqual(['S#holds 0', 'S#not -2'])
})

test('mocks answer by their arguments, count their calls, and go', async () => {
  const { total, report } = await run((framework) => {
    const { MockKit, ArgumentMatchers, describe, it, when } = framework
    describe?.('Mock', () => {
      it?.('mocks', 0, () => {
        class Server {
          ask(word: string): string {
            return `really ${word}`
          }
        }
        const [server, kit] = [new Server(), new MockKit()]
        const mocked = kit['mockFunc']?.(server, server.ask)
        const stub = when?.(mocked) as AnyFunction
        const answer = (...args: unknown[]): Readonly<Record<string, AnyFunction>> =>
          stub(...args) as Readonly<Record<string, AnyFunction>>
        answer(ArgumentMatchers['anyString'])['afterReturn']?.('any')
        answer('one')['afterReturn']?.('1')
        expecting(framework, [server.ask('one'), server.ask('two')])['assertDeepEquals']?.(['1', 'any'])
        const verify = kit['verify']?.('ask', ['one']) as Readonly<Record<string, AnyFunction>>
        verify['once']?.()
        kit['clearAll']?.()
        expecting(framework, server.ask('x'))['assertEqual']?.('really x')
        verify['times']?.(2)
      })
    })
  })
  expect(total).toContain('Failure: 1')
  expect(report).toContain('ask was called 1 times, not 2')
})

test('private methods and properties are mocked by name; a call counts for its own arguments alone', async () => {
  const { total, report } = await run((framework) => {
    const { MockKit, ArgumentMatchers, describe, it, when } = framework
    describe?.('Mock', () => {
      it?.('mocks', 0, () => {
        class Server {
          private port = 1
          address(host: string): string {
            return this.join(host)
          }
          private join(host: string): string {
            return `${host}:${this.port}`
          }
        }
        const [server, kit] = [new Server(), new MockKit()]
        kit['mockProperty']?.(server, 'port', 2)
        kit['mockProperty']?.(server, 'port', 3)
        const seen = [server.address('a')]
        const join = kit['mockPrivateFunc']?.(server, 'join')
        const stub = when?.(join) as AnyFunction
        ;(stub(ArgumentMatchers['any']) as Readonly<Record<string, AnyFunction>>)['afterReturn']?.('mocked')
        seen.push(server.address('b'))
        const verify = (args: unknown[]): Readonly<Record<string, AnyFunction>> =>
          kit['verify']?.('join', args) as Readonly<Record<string, AnyFunction>>
        verify([])['never']?.()
        verify(['b'])['once']?.()
        verify(['b', 'c'])['never']?.()
        kit['ignoreMock']?.(server, join)
        kit['ignoreMock']?.(server, 'port')
        seen.push(server.address('c'))
        expecting(framework, seen)['assertDeepEquals']?.(['a:3', 'mocked', 'c:1'])
      })
      it?.('has no such thing', 0, () => new MockKit()['mockProperty']?.({}, 'nope', 1))
    })
  })
  expect(total).toBe('Tests run: 2, Failure: 0, Error: 1, Pass: 1, Ignore: 0')
  expect(report).toContain('there is no property nope')
})
