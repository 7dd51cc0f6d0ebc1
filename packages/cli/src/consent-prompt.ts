import { confirm, isCancel } from '@clack/prompts'
import { type consentRequest, publicInterface } from '@vpnext/service/protocol'
import type { Infer } from '@vpnext/varlink'
import { connectService } from './connect.ts'
import type { CliContext, ServiceOptions } from './context.ts'

type ConsentRequest = Infer<typeof consentRequest>

/**
 * Answers the questions about one bundle while the caller waits for its start: with yes under `--yes`, by asking in a
 * terminal, or, where there is neither, by saying which command answers. Runs until it is disposed of.
 */
export async function answerConsent(
  context: CliContext,
  options: ServiceOptions & { readonly yes?: boolean },
  bundleName: string,
): Promise<AsyncDisposable> {
  const client = await connectService(context, options)
  const stop = new AbortController()
  const signal = AbortSignal.any([context.signal, stop.signal])
  const watching = (async () => {
    for await (const { parameters } of client.stream(publicInterface, 'MonitorConsents', {}, { signal })) {
      const { request } = parameters
      if (request.bundleName !== bundleName) continue
      const allow = await decide(context, options, request, signal)
      if (allow === undefined) continue
      const { codeHash } = request
      await using answering = await connectService(context, options)
      await answering.call(publicInterface, 'AnswerConsent', { bundleName, allow, codeHash }, { signal })
    }
  })()
  const settled = watching.catch((error: unknown) => {
    if (!signal.aborted) throw error
  })
  settled.catch(() => undefined)
  return {
    async [Symbol.asyncDispose]() {
      stop.abort()
      await client[Symbol.asyncDispose]()
      await settled
    },
  }
}

/** @returns undefined when nobody here can answer */
async function decide(
  context: CliContext,
  options: { readonly yes?: boolean },
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
  const answer = await confirm({
    message: 'Allow this VPN?',
    active: 'Allow',
    inactive: 'Cancel',
    initialValue: false,
    input: stdin as NodeJS.ReadStream,
    output: stderr,
    signal,
  })
  return !isCancel(answer) && answer
}

/** What a person should know before they answer. */
function consentText(request: ConsentRequest): string {
  return [
    `${request.label} (${request.bundleName}) asks to carry your network traffic.`,
    '  It will see where you connect to, and what you send unencrypted. Allow it only if you trust its maker.',
    `  ability ${request.abilityName}, code ${request.codeHash.slice(0, 16)}…, permissions ${request.permissions.join(', ') || 'none'}`,
  ].join('\n')
}
