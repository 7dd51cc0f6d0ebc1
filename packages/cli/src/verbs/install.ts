import type { Command } from 'commander'
import { type CliContext, type ServiceOptions, printResult } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { CliFailure } from '../cli-failure.ts'
import type { HandedOver } from '../install/hand-over.ts'
import { type KitReport, blocking, lackingLine, reportKits, usedLines } from '../install/kit-report.ts'
import { type NativeReport, missingNatives, nativeLine, reportNatives } from '../install/native-report.ts'
import { visible } from '../text/visible.ts'
import { buildAnnouncement } from './build.ts'
import { withExample, withServiceOptions } from './options.ts'

interface InstallOptions extends ServiceOptions {
  readonly allowMissing?: boolean
}

/** `vpnext install <project>`: compiles a HarmonyOS project as the user and hands the service one sealed file. */
export function addInstallVerb(program: Command, context: CliContext): void {
  const command = program
    .command('install <project>')
    .summary('compile and install a HarmonyOS project: its folder, or a zip of it')
    .description(
      'compile and install a HarmonyOS project: its folder, or a zip of it. Of one with C or C++, CMakeLists.txt runs with your rights: look at that of a stranger first, and do not install it as root',
    )
    .option('--allow-missing', 'install although it imports what vpnext lacks; using that fails 801')
  withExample(withServiceOptions(command), 'vpnext install ./apps/hello-vpn').action(
    async (project: string, options: InstallOptions) => {
      const { signal } = context
      const { HeadStart, startCompiler } = await import('../install/start-compiler.ts')
      using _compiler = startCompiler()
      using headStart = HeadStart.begin(project)
      await headStart?.begun
      // What compiles takes as long to load as everything else together, and most verbs do without.
      const { compileArchive, importedNatives } = await import('../harmony-project.ts')
      const { compiled, native, archive, warnings } = await compileArchive(project, signal, {
        onBuild: buildAnnouncement(context),
        allowMissing: options.allowMissing === true,
        ...(headStart !== undefined && { headStart }),
        meanwhile: () => void import('../install/hand-over.ts'),
      })
      for (const warning of warnings) context.stderr.write(`warning: ${warning}\n`)
      const kits = reportKits(compiled)
      const natives = reportNatives(native, importedNatives(compiled))
      if (options.allowMissing !== true) {
        refuseMissing(kits)
        refuseMissingNatives(natives)
      }
      const { handOver } = await import('../install/hand-over.ts')
      const { bundle, done } = await handOver(context, options, archive)
      printResult(context, options, { bundle, replaced: done === 'replaced', kits, natives }, () => [
        `${done === 'unchanged' ? 'unchanged:' : done} ${bundleTitle(bundle)}`,
        ...bundleLines(bundle, kits, natives),
      ])
    },
  )
}

/** @throws CliFailure naming what cannot be imported, and where it is */
function refuseMissing(kits: KitReport): void {
  const missing = blocking(kits)
  if (missing.length === 0) return
  const lines = missing.map((use) => `\n  ${lackingLine(use)}`).join('')
  throw new CliFailure(exitCodes.failure, `the extension imports what vpnext does not provide:${lines}`, {
    hint: 'docs/kits.md lists what is provided; --allow-missing installs it all the same, and using that fails 801',
    details: { kits },
  })
}

/** @throws CliFailure naming the native modules that this machine has not, and why */
function refuseMissingNatives(natives: NativeReport): void {
  const missing = missingNatives(natives)
  if (missing.length === 0) return
  const lines = natives.filter(({ imported }) => imported).map((module) => `\n  ${nativeLine(module)}`)
  throw new CliFailure(
    exitCodes.failure,
    `the extension needs a native module that is not there:${lines.join('')}`,
    {
      hint: 'vpnext.config.ts can name a stand-in, see docs/extensions.md; --allow-missing installs it all the same, and using the module fails 801',
      details: { natives },
    },
  )
}

function bundleTitle(bundle: HandedOver['bundle']): string {
  return `${bundle.bundleName} ${visible(bundle.versionName)} (${visible(bundle.label)})`
}

function bundleLines(bundle: HandedOver['bundle'], kits: KitReport, natives: NativeReport): string[] {
  const lacking = kits.lacking.map((use) => `    ${lackingLine(use)}`)
  return [
    `  code ${bundle.codeHash.slice(0, 16)}…, imports${kits.uses.length === 0 ? ' no kit' : ''}`,
    ...usedLines(kits).map((line) => `    ${line}`),
    ...(lacking.length === 0 ? [] : ['  not provided; using it fails 801:', ...lacking]),
    ...(natives.length === 0 ? [] : ['  native modules']),
    ...natives.map((module) => `    ${nativeLine(module)}`),
    ...bundle.abilities.map(({ kind, name, type }) => `  ${kind} ${name} ${visible(type)}`.trimEnd()),
    bundle.abilities.some(({ type }) => type === 'vpn')
      ? `start it:  vpnext start ${bundle.bundleName}`
      : 'nothing to start: it has no extension of type vpn',
  ]
}
