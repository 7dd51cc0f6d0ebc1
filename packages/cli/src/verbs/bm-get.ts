import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { CliFailure } from '../cli-failure.ts'
import { type CliContext, type ServiceOptions, printResult } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { withExample } from './options.ts'

type Options = Pick<ServiceOptions, 'json'> & { readonly udid?: boolean }

/**
 * `vpnext bm get -u`: what tells this machine from others, for scripts that ask a device for it.
 *
 * @param machineIdFile machine-id(5), which is not told: whoever knows the answer does not know it
 */
export function addBmGet(bm: Command, context: CliContext, machineIdFile: string = '/etc/machine-id'): void {
  const command = bm
    .command('get')
    .description('what tells this machine from others')
    .option('-u, --udid', 'as 64 digits')
  withExample(command.option('--json', 'as JSON'), 'vpnext bm get -u').action((options: Options) => {
    if (options.udid !== true) throw new CliFailure(exitCodes.usage, 'say what to get: -u')
    const udid = readUdid(machineIdFile)
    printResult(context, options, { udid }, () => ['udid of current device is :', udid])
  })
}

function readUdid(file: string): string {
  let id = ''
  try {
    id = readFileSync(file, 'utf8').trim()
  } catch {
    // A machine without systemd may have none.
  }
  if (!/^[0-9a-f]{32}$/.test(id))
    throw new CliFailure(
      exitCodes.failure,
      `error: failed to get udid\n${file} holds no id of this machine`,
      {
        plain: true,
      },
    )
  return createHmac('sha256', Buffer.from(id, 'hex')).update('vpnext udid').digest('hex').toUpperCase()
}
