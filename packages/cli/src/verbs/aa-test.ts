import { clearTimeout, setTimeout } from 'node:timers'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { errorText } from '@vpnext/native'
import { connectService } from '../connect.ts'
import { withConsent } from '../consent-prompt.ts'
import type { CliContext, ServiceOptions } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { CliFailure } from '../cli-failure.ts'
import { bundleCodes } from '../familiar/device-codes.ts'
import { inDeviceWords } from '../familiar/device-failure.ts'
import { ReportReader } from '../familiar/junit.ts'
import { type TestOutcome, type TestRequest, isGreen, runTests, writeJunit } from '../familiar/run-tests.ts'
import { visibleText } from '../text/visible.ts'
import { collect, wholeNumber, withExample, withServiceOptions } from './options.ts'
import { splitPairs } from './start-parameters.ts'

interface Options extends ServiceOptions {
  readonly bundle: string
  readonly module?: string
  readonly set: readonly string[]
  readonly wait?: number
  readonly consent?: 'allow' | 'deny' | 'timeout'
  readonly loseParameters?: boolean
  readonly junit?: string
}

/** `vpnext aa test`: the suites of a project (`ohosTest`) in a process of its bundle, reported as on the device. */
export function addAaTest(aa: Command, context: CliContext): void {
  const command = aa
    .command('test')
    .description('run the tests of a bundle (ohosTest, written for @ohos/hypium)')
    .requiredOption('-b, --bundle <name>', 'the bundle')
    .option('-m, --module <name>', 'the module that is tested, or that of its tests: entry, entry_test')
    .option(
      '-s, --set <name value>',
      'for the tests: unittest, class, notClass, suite, itName, level, size, testType, timeout, …; may be repeated',
      collect,
      [],
    )
    .option('-p, --package <name>', 'accepted: of an older model')
    .option('-D, --debug', 'accepted: no debugger is waited for')
    .option('-w, --wait <seconds>', 'how long the run may take', wholeNumber(1, 86_400, 'of seconds '))
    .addOption(
      new Option(
        '--consent <answer>',
        'how questions for consent are answered, whatever is on record',
      ).argParser(consentAnswer),
    )
    .option('--lose-parameters', 'the first start of the extension loses its want.parameters')
    .option('--junit <file>', 'writes the results for CI systems')
  const example =
    'vpnext aa test -b io.vpnext.status -m entry_test -s unittest OpenHarmonyTestRunner --consent allow'
  withExample(withServiceOptions(command), example).action((options: Options) => test(context, options))
}

async function test(context: CliContext, options: Options): Promise<void> {
  const request: TestRequest = {
    bundleName: options.bundle,
    parameters: Object.fromEntries(splitPairs('-s', options.set)),
    loseParameters: options.loseParameters === true,
    ...(options.module !== undefined && { moduleName: options.module }),
    ...(options.consent !== undefined && { consent: options.consent }),
  }
  const reader = new ReportReader()
  const { bundle, junit } = options
  const failed = 'error: failed to start user test.'
  const outcome = await inDeviceWords(
    failed,
    () => run(context, options, request, reader),
    bundleCodes,
  ).catch((error: unknown) => {
    const message = errorText(error).replace(`${failed}\n`, '')
    // Whoever reads the file must not find that of an earlier run.
    if (junit !== undefined) writeJunit(junit, bundle, { code: -1, message, report: reader })
    throw error
  })
  const { code, message } = outcome
  context.stdout.write(
    `TestFinished-ResultCode: ${code}\nTestFinished-ResultMsg: ${visibleText(message)}\nuser test finished.\n`,
  )
  if (junit !== undefined) writeJunit(junit, bundle, outcome)
  if (!isGreen(outcome)) throw new CliFailure(exitCodes.failure, tell(outcome))
}

async function run(
  context: CliContext,
  options: Options,
  request: TestRequest,
  reader: ReportReader,
): Promise<TestOutcome> {
  await using client = await connectService(context, options)
  const limit = new AbortController()
  const timer =
    options.wait === undefined
      ? undefined
      : setTimeout(
          () =>
            limit.abort(
              new CliFailure(
                exitCodes.failure,
                'Timeout: user test is not completed within the specified time.',
              ),
            ),
          options.wait * 1000,
        )
  const perform = async (signal: AbortSignal): Promise<TestOutcome> =>
    await runTests(client, context, request, reader, AbortSignal.any([signal, limit.signal]))
  try {
    // A run that answers questions itself asks nobody.
    if (options.consent !== undefined) return await perform(context.signal)
    return await withConsent(context, options, options.bundle, perform)
  } finally {
    clearTimeout(timer)
  }
}

function tell({ code, message, report: { cases, running } }: TestOutcome): string {
  if (code !== 0) {
    const where = running === undefined ? '' : `, in ${running.suite}#${running.name}`
    return `the tests did not come to their end: ${message.split('\n')[0] ?? ''}${where}`
  }
  const wrong = cases.filter(({ status }) => status === 'failed' || status === 'error')
  if (wrong.length === 0) return `no case ran: ${message}`
  return `${wrong.length} of ${cases.length} failed: ${wrong.map(({ suite, name }) => `${suite}#${name}`).join(', ')}`
}

function consentAnswer(text: string): string {
  if (/^(allow|deny|timeout)$/.test(text)) return text
  throw new InvalidArgumentError('allow, deny or timeout is needed.')
}
