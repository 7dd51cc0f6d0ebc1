import type { NativeBuild } from '@vpnext/arkts'
import type { Command } from 'commander'
import { type CliContext, printResult } from '../context.ts'
import { preludeNote } from '../install/native-report.ts'
import { visible } from '../text/visible.ts'
import { withExample } from './options.ts'

interface Options {
  readonly json?: boolean
}

/** `vpnext build <project>`: compiles the native modules of a project, as `install` does when they have changed. */
export function addBuildVerb(program: Command, context: CliContext): void {
  const command = program
    .command('build <project>')
    .summary('build the native modules (C and C++) of a HarmonyOS project')
    .description(
      'build the native modules (C and C++) of a HarmonyOS project. Its CMakeLists.txt runs with your rights: look at that of a stranger first, and do not build it as root',
    )
    .option('--json', 'print the result as JSON')
  withExample(command, 'vpnext build ./apps/packet-tunnel-cpp').action(
    async (project: string, options: Options) => {
      const { buildProject } = await import('../build-project.ts')
      const builds = await buildProject(project, context.signal, buildAnnouncement(context))
      printResult(context, options, { modules: builds.map(describe) }, () => buildLines(builds))
    },
  )
}

/** Tells of a build that begins, because it takes a while. */
export function buildAnnouncement({ stderr }: CliContext): (moduleName: string) => void {
  return (moduleName) => {
    stderr.write(`building the native code of ${visible(moduleName)} …\n`)
  }
}

function describe({ moduleName, cached, prelude, libraries }: NativeBuild): object {
  return {
    moduleName,
    cached,
    prelude,
    libraries: [...libraries].map(([name, bytes]) => ({ name, bytes: bytes.length })),
  }
}

function buildLines(builds: readonly NativeBuild[]): string[] {
  if (builds.length === 0) return ['no module of the project has native code']
  return builds.flatMap(({ moduleName, cached, prelude, libraries }) => [
    `${cached ? 'unchanged:' : 'built'} ${visible(moduleName)}${prelude ? preludeNote : ''}`,
    ...[...libraries].map(([name, bytes]) => `  ${visible(name)}, ${Math.ceil(bytes.length / 1024)} KiB`),
  ])
}
