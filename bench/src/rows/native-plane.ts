import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Namespace } from '@vpnext/lab'
import { type Comparison, type Contender, compare, planOf } from '../compare.ts'
import type { MeasuredRow } from '../row.ts'
import { Shell } from '../site/shell.ts'
import { runVerb } from '../site/run-verb.ts'

/** A multiple of what the load sends at a time. */
const packets = 128_000
/** Of a packet's payload: a small one, in which what each packet costs weighs most. */
const payloadBytes = 64

const project = fileURLToPath(new URL('../../projects/native-plane', import.meta.url))
const bundleName = 'io.vpnext.nativeplane'

const comparison = {
  id: 'native-plane',
  what: `packets per second through an extension whose data plane is C++ in a .so (${packets} packets there and back)`,
  against: 'the same C++ in a program of its own on a TUN device of the same kind, in the same network',
  aim: { kind: 'faster', ratio: 0.95 },
  rounds: 20,
  warmUp: 3,
} as const satisfies Partial<Comparison>

export const nativePlane: MeasuredRow = {
  plan: planOf(comparison),
  async measure(site) {
    const { folder, lab, shell } = site
    const signal = new AbortController().signal
    const runDir = join(folder, 'run')
    const programs = await compilePrograms(folder)
    await runVerb(['install', project], runDir, signal)
    await runVerb(['start', bundleName, '--yes'], runDir, signal)
    await using _program = await startProgram(lab.client, shell, programs.outside, '10.98')
    await using elsewhere = Shell.open(lab.internet)
    await using _elsewhere = await startProgram(lab.internet, elsewhere, programs.outside, '10.97')
    const load = (address: string): string => `${programs.load} ${address} ${packets} ${payloadBytes}`
    const contender = (name: string, from: Shell, address: string): Contender => ({
      name,
      sample: () => from.time(load(address)),
    })
    try {
      return await compare(
        {
          ...comparison,
          ours: contender('extension', shell, '10.99.1.1'),
          theirs: contender('program', shell, '10.98.1.1'),
          // Where no packet filter of vpnext's looks at every packet of the machine.
          beside: [contender('program, in a network without vpnext', elsewhere, '10.97.1.1')],
        },
        (done, of) => site.progress.part(done, of),
      )
    } finally {
      await runVerb(['uninstall', bundleName], runDir, signal)
    }
  },
}

/** As cmake's release builds are compiled. */
async function compilePrograms(folder: string): Promise<{ outside: string; load: string }> {
  const programs = { outside: join(folder, 'outside'), load: join(folder, 'load') }
  await compile(['outside/outside.cpp', 'entry/src/main/cpp/plane.cpp'], programs.outside)
  await compile(['outside/load.cpp'], programs.load)
  return programs
}

/** Starts the program and gives its TUN device addresses as the extension's has. */
async function startProgram(
  namespace: Namespace,
  shell: Shell,
  program: string,
  network: string,
): Promise<AsyncDisposable> {
  const child = namespace.spawn(program, ['outside'], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  if (child.stdout === null) throw new TypeError('no pipe from the program')
  await once(child.stdout, 'data')
  await shell.time(`ip address add ${network}.0.2/24 dev outside && ip link set outside mtu 1500 up`)
  await shell.time(`ip route add ${network}.1.0/24 dev outside`)
  return {
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

async function compile(sources: readonly string[], output: string): Promise<void> {
  const paths = sources.map((source) => join(project, source))
  await promisify(execFile)('g++', ['-O3', '-DNDEBUG', '-fPIC', '-pthread', ...paths, '-o', output])
}
