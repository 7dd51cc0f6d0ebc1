import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, stop } from 'esbuild'
import { type Comparison, compare, planOf } from '../compare.ts'
import { fiftyFilesBundle, fiftyFilesEntry, writeFiftyFiles } from '../install/fifty-files.ts'
import type { MeasuredRow } from '../row.ts'
import { runVerb } from '../site/run-verb.ts'
import type { Site } from '../site/site.ts'

const aim = { kind: 'at-most', ratio: 1.5 } as const

const warm = {
  id: 'install-warm',
  what: '`install` of a 50-file project, in a process that has the compiler loaded: read, compiled, packed, taken by the service, which has it already',
  against:
    'esbuild bundling the same files, in the same process (its own process started and ended, as ours)',
  aim,
  rounds: 12,
  warmUp: 3,
} as const satisfies Partial<Comparison>

const cold = {
  id: 'install-cold',
  what: '`vpnext install` of a 50-file project that is not installed, as a process of its own',
  against:
    'the `esbuild` command on the same files, as npm installs it without scripts: node starts its program',
  aim,
  rounds: 8,
  warmUp: 2,
} as const satisfies Partial<Comparison>

/** As vpnext compiles: fields are assigned, decorators are TypeScript's own. */
const tsconfigRaw = '{"compilerOptions":{"experimentalDecorators":true,"useDefineForClassFields":false}}'

const vpnext = fileURLToPath(new URL('../../../packages/cli/bin/vpnext.cjs', import.meta.url))
const require = createRequire(import.meta.url)
const esbuildCommand = join(dirname(require.resolve('esbuild/package.json')), 'bin/esbuild')
/** What the command starts. */
const esbuildProgram = require.resolve(`@esbuild/linux-${process.arch}/bin/esbuild`)

export const installWarm: MeasuredRow = {
  plan: planOf(warm),
  async measure(site) {
    const { folder, runDir, signal } = project(site)
    const theirs = async (): Promise<void> => {
      await build({
        absWorkingDir: folder,
        entryPoints: [fiftyFilesEntry],
        bundle: true,
        write: false,
        outfile: 'out.cjs',
        format: 'cjs',
        platform: 'neutral',
        target: 'node20',
        loader: { '.ets': 'ts' },
        resolveExtensions: ['.ets', '.ts'],
        external: ['@kit.*'],
        tsconfigRaw,
        keepNames: true,
        sourcemap: 'linked',
        charset: 'utf8',
        logLevel: 'silent',
      })
      await stop()
    }
    return await compare(
      {
        ...warm,
        ours: {
          name: 'install',
          sample: () => timed(() => runVerb(['install', folder], runDir, signal)),
        },
        theirs: { name: 'esbuild', sample: () => timed(theirs) },
      },
      (done, of) => site.progress.part(done, of),
    )
  },
}

export const installCold: MeasuredRow = {
  plan: planOf(cold),
  async measure(site) {
    const { folder, runDir, signal } = project(site)
    const env = { ...process.env, VPNEXT_RUN_DIR: runDir }
    const out = join(site.folder, 'esbuild-out.cjs')
    const esbuildArguments = [
      fiftyFilesEntry,
      '--bundle',
      '--loader:.ets=ts',
      '--resolve-extensions=.ets,.ts',
      '--external:@kit.*',
      '--format=cjs',
      '--platform=neutral',
      '--target=node20',
      `--tsconfig-raw=${tsconfigRaw}`,
      '--keep-names',
      '--sourcemap',
      '--charset=utf8',
      '--log-level=error',
      `--outfile=${out}`,
    ]
    return await compare(
      {
        ...cold,
        ours: {
          name: 'vpnext install',
          async sample() {
            await runVerb(['uninstall', fiftyFilesBundle], runDir, signal).catch(() => undefined)
            return await timed(() => run(process.execPath, [vpnext, 'install', folder], { env }))
          },
        },
        theirs: {
          name: 'esbuild',
          sample: () =>
            timed(() => run(process.execPath, [esbuildCommand, ...esbuildArguments], { cwd: folder })),
        },
        beside: [
          {
            name: 'its program alone, without node',
            sample: () => timed(() => run(esbuildProgram, esbuildArguments, { cwd: folder })),
          },
          {
            name: 'node -e 0',
            sample: () => timed(() => run(process.execPath, ['-e', '0'], {})),
          },
        ],
      },
      (done, of) => site.progress.part(done, of),
    )
  },
}

function project(site: Site): { folder: string; runDir: string; signal: AbortSignal } {
  const folder = join(site.folder, 'fifty')
  writeFiftyFiles(folder)
  return { folder, runDir: join(site.folder, 'run'), signal: new AbortController().signal }
}

/** @returns ms */
async function timed(action: () => Promise<void> | void): Promise<number> {
  const start = performance.now()
  await action()
  return performance.now() - start
}

function run(
  command: string,
  args: readonly string[],
  options: { env?: NodeJS.ProcessEnv; cwd?: string },
): void {
  const { status, stderr } = spawnSync(command, args, { ...options, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${args.join(' ')} failed: ${stderr}`)
}
