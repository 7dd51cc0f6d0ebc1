import { memfdSealed } from '@vpnext/native'
import { type bundleInfo, publicInterface } from '@vpnext/service/protocol'
import type { Infer } from '@vpnext/varlink'
import type { Command } from 'commander'
import { connectService } from '../connect.ts'
import { type CliContext, type ServiceOptions, printResult } from '../context.ts'
import { visible } from '../text/visible.ts'
import { withExample, withServiceOptions } from './options.ts'

/** `vpnext install <project>`: compiles a HarmonyOS project as the user and hands the service one sealed file. */
export function addInstallVerb(program: Command, context: CliContext): void {
  const command = program
    .command('install <project>')
    .description('compile and install a HarmonyOS project folder')
  withExample(withServiceOptions(command), 'vpnext install ./apps/hello-vpn').action(
    async (project: string, options: ServiceOptions) => {
      const { signal } = context
      // The compiler takes as long to load as everything else together, and most verbs do without.
      const { compileArchive } = await import('../harmony-project.ts')
      const archive = await compileArchive(project, signal)
      await using client = await connectService(context, options)
      using file = memfdSealed('vpnext-bundle', archive)
      const askedAt = Date.now()
      const { parameters } = await client.call(publicInterface, 'Install', {}, { signal, fds: [file] })
      const { bundle, replaced } = parameters
      const done = replaced ? 'replaced' : bundle.installedAt < askedAt ? 'unchanged:' : 'installed'
      printResult(context, options, { bundle, replaced }, () => [
        `${done} ${bundleTitle(bundle)}`,
        ...bundleLines(bundle),
      ])
    },
  )
}

function bundleTitle(bundle: Infer<typeof bundleInfo>): string {
  return `${bundle.bundleName} ${visible(bundle.versionName)} (${visible(bundle.label)})`
}

function bundleLines(bundle: Infer<typeof bundleInfo>): string[] {
  return [
    `  code ${bundle.codeHash.slice(0, 16)}…, imports ${visible(bundle.kits.join(', ')) || 'no kit'}`,
    ...bundle.abilities.map(({ kind, name, type }) => `  ${kind} ${name} ${visible(type)}`.trimEnd()),
    `start it:  vpnext start ${bundle.bundleName}`,
  ]
}
