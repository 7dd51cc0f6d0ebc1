import { spawn } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { processCapabilities } from '@vpnext/native'
import type { CliContext } from '../context.ts'
import { tunUdevRule } from '../doctor/machine-checks.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { CliFailure } from '../failure.ts'

/** To make network devices, and to make namespaces. */
const needed = ['CAP_NET_ADMIN', 'CAP_SYS_ADMIN']

/** Whether this process may make network namespaces and devices without help. */
export function hasPrivilege(): boolean {
  const { effective } = processCapabilities()
  return needed.every((capability) => effective.includes(capability))
}

/**
 * Runs this very command line again as root of a new user, network, mount and pid namespace.
 *
 * @returns the exit code of that run
 * @throws CliFailure saying which rule or setting opens the way, when the kernel refuses
 */
export async function reenterInUserNamespace(context: CliContext): Promise<ExitCode> {
  try {
    accessSync('/dev/net/tun', constants.R_OK | constants.W_OK)
  } catch (error) {
    throw new CliFailure(exitCodes.refused, '/dev/net/tun is not open to ordinary users', {
      hint: `as root, once: put this line into /etc/udev/rules.d/99-tun.rules, then run \`udevadm trigger /dev/net/tun\`\n    ${tunUdevRule}`,
      cause: error,
    })
  }
  const flags = [
    '--user',
    '--map-root-user',
    '--net',
    '--mount',
    '--pid',
    '--fork',
    '--mount-proc',
    '--kill-child',
  ]
  const child = spawn('unshare', [...flags, process.execPath, ...process.argv.slice(1)], { stdio: 'inherit' })
  context.signal.addEventListener('abort', () => child.kill('SIGTERM'), { once: true })
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', resolve)
  })
  const known = Object.values(exitCodes).find((value) => value === code)
  return known ?? exitCodes.failure
}
