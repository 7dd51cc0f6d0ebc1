import { Writable } from 'node:stream'
import { discardInput } from '@vpnext/native'
import { type consentRequest, publicInterface } from '@vpnext/service/protocol'
import type { Infer, VarlinkClient } from '@vpnext/varlink'
import { connectService } from './connect.ts'
import type { CliContext, ServiceOptions } from './context.ts'
import { Interruption } from './interruption.ts'
import { visible } from './text/visible.ts'
import { TypedKeys } from './typed-keys.ts'

type ConsentRequest = Infer<typeof consentRequest>
type Options = ServiceOptions & { readonly yes?: boolean }

/**
 * Runs a start while it answers the questions about its bundle: with yes under `--yes`, by asking in a terminal, or, where
 * there is neither, by saying which command answers.
 *
 * @param action the start; its signal aborts when the person gives up or nobody can answer any more
 * @throws what the action throws, Interruption when the person gives up at the question, or why the answer did not arrive
 */
export async function withConsent<T>(
  context: CliContext,
  options: Options,
  bundleName: string,
  action: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  await using client = await connectService(context, options)
  const end = new AbortController()
  const signal = AbortSignal.any([context.signal, end.signal])
  const answering = answerQuestions(client, context, options, bundleName, signal).catch((error: unknown) => {
    // After the action has settled nothing is waited for, and nothing is news.
    end.abort(error)
  })
  try {
    return await action(signal)
  } finally {
    end.abort()
    await answering
  }
}

async function answerQuestions(
  client: VarlinkClient,
  context: CliContext,
  options: Options,
  bundleName: string,
  signal: AbortSignal,
): Promise<void> {
  for await (const { parameters } of client.stream(publicInterface, 'MonitorConsents', {}, { signal })) {
    const { request } = parameters
    if (request.bundleName !== bundleName) continue
    const allow = await decide(context, options, request, signal)
    if (allow === undefined) continue
    const { codeHash } = request
    await using answer = await connectService(context, options)
    await answer.call(publicInterface, 'AnswerConsent', { bundleName, allow, codeHash }, { signal })
  }
}

/** @returns undefined when nobody here can answer */
async function decide(
  context: CliContext,
  options: Options,
  request: ConsentRequest,
  signal: AbortSignal,
): Promise<boolean | undefined> {
  const { stderr, stdin } = context
  stderr.write(`${consentText(request)}\n`)
  if (options.yes === true) {
    stderr.write('  allowed by --yes\n')
    return true
  }
  if (stdin.isTTY !== true || stderr.isTTY !== true) {
    stderr.write(`  waiting for:  vpnext consent allow ${request.bundleName}   (or deny)\n`)
    return undefined
  }
  const { confirm, isCancel } = await import('@clack/prompts')
  discardTyped(stdin)
  using keys = new TypedKeys(stdin)
  const answer = await confirm({
    message: 'Allow this VPN?',
    active: 'Allow',
    inactive: 'Cancel',
    initialValue: false,
    input: keys,
    output: withColumns(stderr),
    signal: AbortSignal.any([signal, keys.ended]),
  })
  if (!isCancel(answer)) return answer
  signal.throwIfAborted()
  // Raw mode turns Ctrl-C into a key; giving up is no decision to put on record.
  throw new Interruption('no-answer')
}

/** A key that was hit before the question stood there is no answer to it. */
function discardTyped(stdin: CliContext['stdin'] & { readonly fd?: number }): void {
  while (stdin.read() !== null);
  if (stdin.fd !== undefined) discardInput(stdin.fd)
}

/** A serial line or a fresh pseudo-terminal says that it has no columns, and the question would be one letter wide. */
function withColumns(
  stream: CliContext['stderr'] & { readonly columns?: number; readonly rows?: number },
): Writable {
  if (stream.columns !== 0) return stream
  const wide = new Writable({
    // What goes wrong is told by the stream itself.
    write: (chunk, encoding, done) => void stream.write(chunk, encoding, () => done()),
  })
  return Object.assign(wide, { columns: 80, rows: 24, isTTY: true })
}

/** What a person should know before they answer. */
function consentText(request: ConsentRequest): string {
  return [
    `${visible(request.label)} (${request.bundleName}) asks to carry your network traffic.`,
    '  It will see where you connect to, and what you send unencrypted. Allow it only if you trust its maker.',
    `  ability ${request.abilityName}, code ${request.codeHash.slice(0, 16)}…, permissions ${visible(request.permissions.join(', ')) || 'none'}`,
  ].join('\n')
}
