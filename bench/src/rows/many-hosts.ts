import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { publicInterface } from '@vpnext/service/protocol'
import { connectVarlink } from '@vpnext/varlink'
import type { MeasuredRow, RowPlan } from '../row.ts'
import { formatMemory, residentKiB } from '../site/process-facts.ts'
import { median } from '../statistics.ts'

const users = 20
const bundlesOfUser = 5
/** Nothing on the machine has them. */
const firstUid = 54_000
const wanted = users * bundlesOfUser

/** Compiled, whether this file is or not. */
const program = fileURLToPath(new URL('../hosts/user.js', import.meta.url)).replace(
  /\/src\/hosts\/user\.js$/,
  '/dist/hosts/user.js',
)

const plan: RowPlan = {
  id: 'many-hosts',
  what: `${wanted} extensions of ${users} users running at once, on 24 GiB: how many of them run`,
  against: '–',
  aim: `${wanted} run`,
}

export const manyHosts: MeasuredRow = {
  plan,
  async measure({ service, folder, progress }) {
    // Other users have to reach the socket.
    chmodSync(folder, 0o755)
    const runDir = join(folder, 'run')
    const begin = performance.now()
    for (let user = 0; user < users; user += 1) {
      await startAll(runDir, firstUid + user)
      progress.part(user + 1, users)
    }
    const took = performance.now() - begin
    const client = await connectVarlink(`${runDir}/io.vpnext`)
    const { status } = (await client.call(publicInterface, 'GetStatus', {})).parameters
    await client.close()
    const hosts = status.hosts.filter(({ state, ownerUid }) => state === 'running' && ownerUid >= firstUid)
    const resident = hosts.map(({ pid }) => residentKiB(pid))
    const proportional = hosts.map(({ pid }) => proportionalKiB(pid))
    const sum = proportional.reduce((total, kib) => total + kib, 0)
    return {
      ...plan,
      ratio: hosts.length,
      spread: [hosts.length, hosts.length],
      met: hosts.length === wanted,
      figures: {
        'resident, a host': `${formatMemory(median(resident))} (${formatMemory(Math.min(...resident))} … ${formatMemory(Math.max(...resident))})`,
        'of that its own share': `${formatMemory(median(proportional))} (PSS), ${formatMemory(sum)} together`,
        service: `${formatMemory(residentKiB(service.pid))} resident`,
        'install, consent and start': `${(took / wanted).toFixed(0)} ms each, one after the other`,
      },
    }
  },
}

/** @throws Error with what the user's program said */
async function startAll(runDir: string, uid: number): Promise<void> {
  const child = spawn(process.execPath, [program, runDir, String(uid), String(bundlesOfUser)], {
    stdio: ['ignore', 'inherit', 'pipe'],
  })
  let said = ''
  child.stderr.on('data', (bytes: Buffer) => {
    said += bytes.toString()
  })
  const [code]: unknown[] = await once(child, 'close')
  if (code !== 0) throw new Error(`user ${uid}: ${said}`)
}

/** Memory of a process, what it shares divided among those who share it, in KiB (proc_pid_smaps(5), Pss). */
function proportionalKiB(pid: number): number {
  return Number(/^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1])
}
