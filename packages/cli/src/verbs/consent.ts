import { publicInterface } from '@vpnext/service/protocol'
import type { Command } from 'commander'
import { connectService } from '../connect.ts'
import { type CliContext, type ServiceOptions, printResult } from '../context.ts'
import { table } from '../text/table.ts'
import { formatAge } from '../text/units.ts'
import { withExample, withServiceOptions } from './options.ts'

/** `vpnext consent allow|deny|revoke|list`. */
export function addConsentVerb(program: Command, context: CliContext): void {
  const consent = program.command('consent').description('who may carry your traffic')
  for (const allow of [true, false]) {
    const verb = allow ? 'allow' : 'deny'
    const command = consent
      .command(`${verb} <bundle>`)
      .description(`${verb} a bundle, now or before it asks`)
      .option('--code <hash>', 'only this code, 64 hexadecimal digits')
    withExample(withServiceOptions(command), `vpnext consent ${verb} io.vpnext.hello`).action(
      async (bundleName: string, options: ServiceOptions & { readonly code?: string }) => {
        await using client = await connectService(context, options)
        const parameters = { bundleName, allow, ...(options.code === undefined ? {} : { codeHash: options.code }) }
        const answer = await client.call(publicInterface, 'AnswerConsent', parameters, { signal: context.signal })
        const { grant } = answer.parameters
        printResult(context, options, { grant }, () => [`${grant.decision} ${bundleName}`])
      },
    )
  }
  addRevoke(consent, context)
  addList(consent, context)
}

function addRevoke(consent: Command, context: CliContext): void {
  const command = consent.command('revoke <bundle>').description('forget the decision on a bundle and stop it')
  withExample(withServiceOptions(command), 'vpnext consent revoke io.vpnext.hello').action(
    async (bundleName: string, options: ServiceOptions) => {
      await using client = await connectService(context, options)
      await client.call(publicInterface, 'RevokeConsent', { bundleName }, { signal: context.signal })
      printResult(context, options, { bundleName }, () => [`revoked ${bundleName}`])
    },
  )
}

function addList(consent: Command, context: CliContext): void {
  const command = consent.command('list').description('decisions on record and questions that wait')
  withExample(withServiceOptions(command), 'vpnext consent list').action(async (options: ServiceOptions) => {
    await using client = await connectService(context, options)
    const answer = await client.call(publicInterface, 'ListConsents', {}, { signal: context.signal })
    const { grants, pending } = answer.parameters
    printResult(context, options, { grants, pending }, () => {
      const now = Date.now()
      const rows = [
        ...pending.map((request) => [
          request.bundleName,
          String(request.ownerUid),
          'waiting',
          request.codeHash.slice(0, 16),
          formatAge(now - request.askedAt),
        ]),
        ...grants.map((grant) => [
          grant.bundleName,
          String(grant.ownerUid),
          grant.decision,
          grant.codeHash.slice(0, 16),
          formatAge(now - grant.decidedAt),
        ]),
      ]
      return rows.length === 0 ? ['no decision is on record'] : table(['BUNDLE', 'USER', 'STATE', 'CODE', 'AGE'], rows)
    })
  })
}
