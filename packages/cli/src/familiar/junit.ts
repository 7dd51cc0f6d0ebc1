/** What a run says of one case. */
export interface ReportedCase {
  readonly suite: string
  readonly name: string
  readonly status: 'passed' | 'failed' | 'error' | 'ignored'
  /** Of a failure or error. */
  readonly stack: string
  /** Of a failure, in words of its author; of a case that was left out, why. */
  readonly words?: string
  readonly durationMs: number
}

const statuses: Readonly<Record<string, ReportedCase['status']>> = {
  '0': 'passed',
  '-1': 'error',
  '-2': 'failed',
  '-3': 'ignored',
}

/** Reads the report of a test run as it comes, in the lines that HarmonyOS's test framework prints. */
export class ReportReader {
  readonly #cases: ReportedCase[] = []
  #fields = new Map<string, string>()
  #last = ''
  #running: Pick<ReportedCase, 'suite' | 'name'> | undefined

  /** The case that has begun and not ended. */
  get running(): Pick<ReportedCase, 'suite' | 'name'> | undefined {
    return this.#running
  }

  /** The cases that have ended, in their order. */
  get cases(): readonly ReportedCase[] {
    return this.#cases
  }

  /** @param text whole lines */
  add(text: string): void {
    for (const line of text.split('\n')) this.#line(line)
  }

  #line(line: string): void {
    const [, name, value = ''] = /^OHOS_REPORT_STATUS: (\w+)=(.*)$/.exec(line) ?? []
    if (name !== undefined) {
      this.#fields.set(name, value)
      this.#last = name
      if (name === 'consuming') this.#end()
      return
    }
    const code = /^OHOS_REPORT_STATUS_CODE: (-?\d+)$/.exec(line)?.[1]
    if (code !== undefined) this.#code(code)
    // A stack has several lines.
    else if (this.#last === 'stack' && line !== '')
      this.#fields.set('stack', `${this.#field('stack')}\n${line}`)
    if (line === '' || code !== undefined) this.#last = ''
  }

  /** @param code 1 for a case that begins */
  #code(code: string): void {
    this.#fields.set('code', code)
    if (code !== '1') return
    this.#running = { suite: this.#field('class'), name: this.#field('test') }
    this.#fields = new Map()
  }

  #field(name: string): string {
    return this.#fields.get(name) ?? ''
  }

  #end(): void {
    const status = statuses[this.#field('code')]
    if (status === undefined) return
    const words = /^message: (.*)/.exec(this.#field('stream'))?.[1] ?? this.#fields.get('skipReason')
    this.#cases.push({
      suite: this.#field('class'),
      name: this.#field('test'),
      status,
      stack: this.#field('stack'),
      durationMs: Number(this.#field('consuming')),
      ...(words !== undefined && { words }),
    })
    this.#fields = new Map()
    this.#running = undefined
  }
}

/**
 * The cases as JUnit has them, which CI systems read.
 *
 * @param name of the whole, e.g. the bundle
 * @param broken why the run ended before its end, if it did: an error of the case that was running, or a case of its own, so
 *   that nobody takes it for green
 */
export function junitReport(
  name: string,
  { cases, running }: Pick<ReportReader, 'cases' | 'running'>,
  broken: string | undefined,
): string {
  const ended = running ?? { suite: name, name: 'run' }
  const all: readonly ReportedCase[] =
    broken === undefined ? cases : [...cases, { ...ended, status: 'error', stack: broken, durationMs: 0 }]
  const suites = [...new Set(all.map((each) => each.suite))]
  const body = suites.map((suite) => {
    const own = all.filter((each) => each.suite === suite)
    return [
      `  <testsuite name="${escaped(suite)}"${counts(own)}>`,
      ...own.map(caseElement),
      '  </testsuite>',
    ].join('\n')
  })
  const head = '<?xml version="1.0" encoding="UTF-8"?>'
  return [head, `<testsuites name="${escaped(name)}"${counts(all)}>`, ...body, '</testsuites>', ''].join('\n')
}

function counts(cases: readonly ReportedCase[]): string {
  const of = (status: ReportedCase['status']): number => cases.filter((each) => each.status === status).length
  const time = seconds(cases.reduce((sum, { durationMs }) => sum + durationMs, 0))
  const [failures, errors, skipped] = [of('failed'), of('error'), of('ignored')]
  return ` tests="${cases.length}" failures="${failures}" errors="${errors}" skipped="${skipped}" time="${time}"`
}

function caseElement({ suite, name, status, stack, words, durationMs }: ReportedCase): string {
  const open = `    <testcase classname="${escaped(suite)}" name="${escaped(name)}" time="${seconds(durationMs)}"`
  if (status === 'passed') return `${open}/>`
  if (status === 'ignored') {
    const reason = words === undefined ? '' : ` message="${escaped(words)}"`
    return `${open}><skipped${reason}/></testcase>`
  }
  const tag = status === 'failed' ? 'failure' : 'error'
  const message = escaped(words ?? stack.split('\n')[0] ?? '')
  return `${open}><${tag} message="${message}">${escaped(stack)}</${tag}></testcase>`
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3)
}

/** Text in XML 1.0, which has no place for control characters. */
function escaped(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD]/g, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
