import { publicInterface } from '@vpnext/service/protocol'
import { type Command, InvalidArgumentError } from 'commander'
import { connectService } from '../connect.ts'
import { type CliContext, type ServiceOptions, printResult } from '../context.ts'
import { table } from '../text/table.ts'
import { formatAge } from '../text/units.ts'
import { withExample, withServiceOptions } from './options.ts'

/** `vpnext consent allow|deny|revoke|list`. */
export function addConsentVerb(program: Command, context: CliContext): void {
  const consent = program.command('consent').description('who may carry your traffic')
  withExample(consent, 'vpnext consent list')
  addAnswer(consent, context, 'allow')
  addAnswer(consent, context, 'deny')
  addRevoke(consent, context)
  addList(consent, context)
}

function addAnswer(consent: Command, context: CliContext, verb: 'allow' | 'deny'): void {
  const command = consent
    .command(`${verb} <bundle>`)
    .description(`${verb} a bundle, now or before it asks`)
    .option('--code <hash>', 'only this code, 64 hexadecimal digits', parseCodeHash)
  withExample(withServiceOptions(command), `vpnext consent ${verb} io.vpnext.hello`).action(
    async (bundleName: string, options: ServiceOptions & { readonly code?: string }) => {
      await using client = await connectService(context, options)
      const code = options.code === undefined ? {} : { codeHash: options.code }
      const parameters = { bundleName, allow: verb === 'allow', ...code }
      const answer = await client.call(publicInterface, 'AnswerConsent', parameters, {
        signal: context.signal,
      })
      const { grant } = answer.parameters
      printResult(context, options, { grant }, () => [`${grant.decision} ${bundleName}`])
    },
  )
}

function addRevoke(consent: Command, context: CliContext): void {
  const command = consent
    .command('revoke <bundle>')
    .description('forget the decision on a bundle and stop it')
  withExample(withServiceOptions(command), 'vpnext consent revoke io.vpnext.hello').action(
    async (bundleName: string, options: ServiceOptions) => {
      await using client = await connectService(context, options)
      await client.call(publicInterface, 'RevokeConsent', { bundleName }, { signal: context.signal })
      printResult(context, options, { bundleName }, () => [`revoked ${bundleName}`])
    },
  )
}

function addList(consent: Command, context: CliContext): void {
  const command = consent
    .command('list')
    .description('decisions, of users and of the policy, and questions that wait')
  withExample(withServiceOptions(command), 'vpnext consent list').action(async (options: ServiceOptions) => {
    await using client = await connectService(context, options)
    const answer = await client.call(publicInterface, 'ListConsents', {}, { signal: context.signal })
    const { grants, policy, pending } = answer.parameters
    printResult(context, options, { grants, policy, pending }, () => {
      const now = Date.now()
      const rows = [
        ...pending.map((request) => row(request, 'waiting', now - request.askedAt)),
        ...policy.map((each) => row(each, `${each.decision} by policy`)),
        ...grants.map((grant) => row(grant, grant.decision, now - grant.decidedAt)),
      ]
      return rows.length === 0
        ? ['no decision is on record']
        : table(['BUNDLE', 'USER', 'STATE', 'CODE', 'AGE'], rows)
    })
  })
}

function row(
  { bundleName, ownerUid, codeHash }: { bundleName: string; ownerUid: number; codeHash: string },
  state: string,
  age?: number,
): string[] {
  const since = age === undefined ? '-' : formatAge(age)
  return [bundleName, String(ownerUid), state, codeHash.slice(0, 16), since]
}

function parseCodeHash(text: string): string {
  if (/^[0-9a-f]{64}$/.test(text)) return text
  throw new InvalidArgumentError('64 of 0-9 and a-f are needed, as `vpnext list --json` shows them.')
}
