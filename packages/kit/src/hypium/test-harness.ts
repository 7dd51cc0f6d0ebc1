import type { Context } from '../ability/context.ts'
import type { AbilityDetails, LogLine, ServiceCalls } from '../runtime.ts'
import { isFunction } from '../parameters.ts'
import { AbilityMonitors, type PageNews } from './ability-monitors.ts'
import { abilityDelegatorRegistry } from './ability-delegator.ts'
import { settleText } from '../ipc/settle-text.ts'
import { ReportSender } from './report-sender.ts'
import { TestSession } from './test-session.ts'

/** What runs the suites of a process, and what they import. */
export interface TestHarness {
  /** Of `@ohos/hypium`. */
  readonly members: Record<string, unknown>
  /** Of `@kit.TestKit`. */
  readonly registry: object
  /** A page of the bundle, in a process of its own, has been shown or has gone: monitors hear of it. */
  pageEvent(news: PageNews): void
  /**
   * Lets suites be declared, runs them, reports, and finishes the run.
   *
   * @param declare the default export of the tests
   * @param parameters the `-s` of `aa test`
   */
  run(declare: unknown, parameters: Readonly<Record<string, unknown>>): Promise<void>
}

/** Text of a run's end, as devices have it. */
const finished = 'your test finished!!!'

/** @param parts.context of the application */
export function testHarness(parts: {
  readonly ability: AbilityDetails
  readonly service: Pick<ServiceCalls, 'reportTest' | 'finishTests' | 'startPage' | 'searchLog' | 'clearLog'>
  readonly context: () => Context
  readonly log: (line: LogLine) => void
  /** Resolves when what was logged has left the process. */
  readonly flushLog: () => Promise<void>
}): TestHarness {
  const { ability, service, log } = parts
  const report = new ReportSender((text) => service.reportTest(text))
  let parameters: Readonly<Record<string, unknown>> = {}
  const print = (text: string): void => report.print(text)
  const finish = async (message: string, code: number): Promise<void> => {
    await report.flush()
    await service.finishTests(code, message)
  }
  const session = new TestSession(print, {
    async has(text) {
      await parts.flushLog()
      return service.searchLog(text)
    },
    async clear() {
      await parts.flushLog()
      await service.clearLog()
    },
  })
  const monitors = new AbilityMonitors(ability.bundleName)
  return {
    members: session.members(),
    registry: abilityDelegatorRegistry({
      ability,
      context: parts.context,
      parameters: () => parameters,
      print,
      startPage: (want, fds) => service.startPage(want, fds),
      finish,
      monitors,
    }),
    pageEvent: (news) => monitors.tell(news),
    async run(declare, given) {
      parameters = given
      try {
        if (!isFunction(declare)) throw new TypeError('the default export of the tests is no function')
        await declare()
        const end = await session.run(given)
        if (end.kind === 'run') await finish(finished, 0)
        else await finish(`this param ${end.values.join(',')} is invalid`, 0)
      } catch (error) {
        log({ level: 'error', domain: 0, tag: 'vpnext', message: `tests: ${settleText(error)}` })
        await finish(`the suites could not be declared: ${settleText(error)}`, -1)
      }
    },
  }
}
