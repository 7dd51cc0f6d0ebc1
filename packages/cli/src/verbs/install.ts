import { ProjectError, compileProject, packBundle, readProject } from '@vpnext/arkts'
import { memfdSealed } from '@vpnext/native'
import { publicInterface } from '@vpnext/service/protocol'
import type { Command } from 'commander'
import { connectService } from '../connect.ts'
import { type CliContext, type ServiceOptions, printResult } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { CliFailure } from '../failure.ts'
import { withExample, withServiceOptions } from './options.ts'

/** `vpnext install <project>`: compiles a HarmonyOS project as the user and hands the service one sealed file. */
export function addInstallVerb(program: Command, context: CliContext): void {
  const command = program.command('install <project>').description('compile and install a HarmonyOS project folder')
  withExample(withServiceOptions(command), 'vpnext install ./apps/hello-vpn').action(
    async (project: string, options: ServiceOptions) => {
      const archive = await compile(project)
      await using client = await connectService(context, options)
      using file = memfdSealed('vpnext-bundle', archive)
      const { parameters } = await client.call(publicInterface, 'Install', {}, { signal: context.signal, fds: [file] })
      const { bundle, replaced } = parameters
      printResult(context, options, { bundle, replaced }, () => [
        `${replaced ? 'replaced' : 'installed'} ${bundle.bundleName} ${bundle.versionName} (${bundle.label})`,
        `  code ${bundle.codeHash.slice(0, 16)}…, imports ${bundle.kits.join(', ') || 'no kit'}`,
        ...bundle.abilities.map((ability) => `  ${ability.kind} ${ability.name} ${ability.type}`.trimEnd()),
        `start it:  vpnext start ${bundle.bundleName}`,
      ])
    },
  )
}

/** @throws CliFailure naming file, line and key when the project is not what it should be */
async function compile(project: string): Promise<Uint8Array> {
  try {
    return packBundle(await compileProject(await readProject(project)))
  } catch (error) {
    if (!(error instanceof ProjectError)) throw error
    throw new CliFailure(exitCodes.failure, error.message, { details: { problems: error.problems }, cause: error })
  }
}
