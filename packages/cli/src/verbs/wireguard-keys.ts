import { fstatSync } from 'node:fs'
import type { Command } from 'commander'
import type { CliContext } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { CliFailure } from '../cli-failure.ts'
import { readStandardInput } from '../json-input.ts'
import { withExample } from './options.ts'

const accessibleByOthers = 0o077

/** `vpnext genkey`, `pubkey` and `genpsk`: keys in base64, by standard input and output as wg(8) does it. */
export function addKeyVerbs(program: Command, context: CliContext): void {
  const genkey = program.command('genkey').description('a new private key of WireGuard, in base64')
  withExample(genkey, 'vpnext genkey').action(async () => {
    warnOfReaders(context)
    const { generatePrivateKey } = await import('@vpnext/wireguard')
    using key = generatePrivateKey()
    context.stdout.write(`${key.reveal()}\n`)
  })
  const pubkey = program.command('pubkey').description('the public key of a private key on standard input')
  withExample(pubkey, 'vpnext pubkey').action(async () => {
    const { publicKeyOf, SecretKey } = await import('@vpnext/wireguard')
    using key = SecretKey.parse((await readStandardInput(context)).trim())
    if (key === undefined) {
      throw new CliFailure(exitCodes.failure, 'standard input: not a key of 44 characters in base64')
    }
    context.stdout.write(`${publicKeyOf(key)}\n`)
  })
  const genpsk = program.command('genpsk').description('a new preshared key of WireGuard, in base64')
  withExample(genpsk, 'vpnext genpsk').action(async () => {
    warnOfReaders(context)
    const { generatePresharedKey } = await import('@vpnext/wireguard')
    using key = generatePresharedKey()
    context.stdout.write(`${key.reveal()}\n`)
  })
}

/** As wg(8) does, when a secret goes into a file that others may read. */
function warnOfReaders({ stderr, stdout }: CliContext): void {
  if (!('fd' in stdout) || typeof stdout.fd !== 'number') return
  const stat = fstatSync(stdout.fd)
  if (!stat.isFile() || (stat.mode & accessibleByOthers) === 0) return
  stderr.write('warning: others may read the file; begin with `umask 077`\n')
}
