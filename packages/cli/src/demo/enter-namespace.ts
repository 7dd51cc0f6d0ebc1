import { spawn } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { text } from 'node:stream/consumers'
import { isErrno, processCapabilities } from '@vpnext/native'
import type { CliContext } from '../context.ts'
import { tunUdevRule } from '../doctor/machine-checks.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { CliFailure } from '../cli-failure.ts'

/** To make network devices, and to make namespaces. */
const needed = ['CAP_NET_ADMIN', 'CAP_SYS_ADMIN']
/** unshare(1): what makes an ordinary user root of a small world of their own. */
const namespaces = [
  '--user',
  '--map-root-user',
  '--net',
  '--mount',
  '--pid',
  '--fork',
  '--mount-proc',
  '--kill-child',
]

/** Whether this process may make network namespaces and devices without help. */
export function hasPrivilege(): boolean {
  const { effective } = processCapabilities()
  return needed.every((capability) => effective.includes(capability))
}

/**
 * Runs this very command line again as root of a new user, network, mount and pid namespace.
 *
 * @returns the exit code of that run, which has said everything itself
 * @throws CliFailure saying which rule or setting opens the way, when the kernel refuses
 */
export async function reenterInUserNamespace(context: CliContext): Promise<ExitCode> {
  checkTun()
  await checkUserNamespaces()
  // unshare(1) passes no signals on; the end of the channel tells the run inside to stop, however this process ends.
  const child = spawn('unshare', [...namespaces, process.execPath, ...process.argv.slice(1)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  })
  context.signal.addEventListener('abort', () => child.connected && child.disconnect(), { once: true })
  const code = await exitOf(child)
  return Object.values(exitCodes).find((value) => value === code) ?? exitCodes.failure
}

/** @throws CliFailure with the udev rule that opens the device */
function checkTun(): void {
  try {
    accessSync('/dev/net/tun', constants.R_OK | constants.W_OK)
  } catch (error) {
    if (isErrno(error, 'ENOENT')) {
      throw new CliFailure(exitCodes.refused, '/dev/net/tun does not exist', {
        hint: 'as root: modprobe tun',
        cause: error,
      })
    }
    throw new CliFailure(exitCodes.refused, '/dev/net/tun is not open to ordinary users', {
      hint: `as root, once: put this line into /etc/udev/rules.d/99-tun.rules, then run \`udevadm control --reload && udevadm trigger /dev/net/tun\`\n    ${tunUdevRule}`,
      cause: error,
    })
  }
}

/** @throws CliFailure with unshare's own words and the settings that are usually the reason */
async function checkUserNamespaces(): Promise<void> {
  const child = spawn('unshare', [...namespaces, 'true'], { stdio: ['ignore', 'ignore', 'pipe'] })
  const [reason, code] = await Promise.all([text(child.stderr), exitOf(child)])
  if (code === 0) return
  throw new CliFailure(
    exitCodes.refused,
    `the kernel gives ordinary users no namespaces here: ${reason.trim()}`,
    {
      hint: [
        'run it as root, or as root, once, whichever of these exists:',
        '  sysctl -w kernel.unprivileged_userns_clone=1',
        '  sysctl -w kernel.apparmor_restrict_unprivileged_userns=0',
        '  sysctl -w user.max_user_namespaces=15000',
      ].join('\n  '),
    },
  )
}

/** @throws CliFailure when there is no unshare(1) */
function exitOf(child: ReturnType<typeof spawn>): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once('error', (error) => {
      const message = `unshare(1) cannot be run: ${error.message}`
      reject(new CliFailure(exitCodes.failure, message, { hint: 'apt-get install util-linux', cause: error }))
    })
    child.once('exit', resolve)
  })
}
