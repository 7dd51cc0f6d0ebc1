import { Fd, execve, isSystemError, setNonBlocking } from '@vpnext/native'
import { publicInterface } from '@vpnext/service/protocol'
import type { Command } from 'commander'
import { findCommand } from '../command-path.ts'
import { connectService } from '../connect.ts'
import type { CliContext, ServiceOptions } from '../context.ts'
import { withExample, withServiceOptions } from './options.ts'

/** `vpnext exec <bundle> -- <command…>`: runs a command as a program of an application, in the place of this one. */
export function addExecVerb(program: Command, context: CliContext): void {
  const command = program
    .command('exec <bundle> <command...>')
    .description('run a command as a program of an application, as lists of a VPN name them')
  withExample(withServiceOptions(command), 'vpnext exec org.mozilla.firefox -- firefox --new-window').action(
    async (bundleName: string, [name = '', ...args]: readonly string[], options: ServiceOptions) => {
      // Looked for first, so that a mistake changes nothing.
      const path = findCommand(name, context.env['PATH'])
      await using client = await connectService(context, options)
      await client.call(publicInterface, 'JoinBundle', { bundleName }, { signal: context.signal })
      await client.close()
      replaceWith(path, [name, ...args], context.env)
    },
  )
}

/** Gives the command the terminal or pipes as this process found them: node makes pipes non-blocking. */
function replaceWith(path: string, argv: readonly string[], env: CliContext['env']): never {
  for (const number of [0, 1, 2]) {
    const fd = Fd.adopt(number)
    try {
      setNonBlocking(fd, false)
    } finally {
      // It belongs to the command.
      fd.release()
    }
  }
  const present = Object.entries(env).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, value] as const],
  )
  const environment = Object.fromEntries(present)
  try {
    return execve(path, argv, environment)
  } catch (error) {
    if (!isSystemError(error, 'ENOEXEC')) throw error
    // A script without its first line; execvp(3) does the same.
    return execve('/bin/sh', ['sh', path, ...argv.slice(1)], environment)
  }
}
