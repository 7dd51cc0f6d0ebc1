import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { type Contender, portOf, tunnelMtu, waitFor } from '../contender.ts'
import { addressesOf, type Link } from '../link.ts'

const device = 'ovpn'

/**
 * Debian's openvpn at both ends, in user space (`--disable-dco`), with the same cipher as the others and TLS between two
 * self-signed certificates made for this run.
 *
 * @param folder for certificates and keys
 */
export function openvpn(folder: string): Contender {
  return {
    name: 'openvpn',
    async open(link, slot) {
      const certificates = { a: makeCertificate(folder, 'a'), b: makeCertificate(folder, 'b') }
      const args = (end: 'a' | 'b', other: 'a' | 'b'): string[] =>
        [
          `--dev ${device}-${end} --dev-type tun --disable-dco --ifconfig-noexec`,
          `--tun-mtu ${tunnelMtu} --data-ciphers CHACHA20-POLY1305 --ping 10 --verb 1`,
          `--proto udp4 --local ${link.addresses[end].v4} --lport ${portOf(slot)}`,
          `--remote ${link.addresses[other].v4} --rport ${portOf(slot)}`,
          end === 'a' ? '--tls-client' : '--tls-server --dh none',
          `--cert ${certificates[end].path}.crt --key ${certificates[end].path}.key`,
          `--peer-fingerprint ${certificates[other].fingerprint}`,
        ].flatMap((line) => line.split(' '))
      const b = start(link, 'b', args('b', 'a'))
      const a = start(link, 'a', args('a', 'b'))
      await waitFor('openvpn', () => a.ready() && b.ready())
      const addresses = addressesOf(slot)
      link.configure(device, addresses, tunnelMtu)
      return {
        addresses,
        pids: [a.pid, b.pid],
        async [Symbol.asyncDispose]() {
          await Promise.all([a.stop(), b.stop()])
        },
      }
    },
  }
}

interface Running {
  readonly pid: number
  /** @throws Error with what it said when it has ended */
  ready(): boolean
  stop(): Promise<void>
}

function start(link: Link, end: 'a' | 'b', args: readonly string[]): Running {
  const child = link[end].spawn('openvpn', args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (said = `${said}${chunk.toString()}`.slice(-4000)))
  return {
    pid: child.pid ?? -1,
    ready() {
      if (child.exitCode !== null) throw new Error(`openvpn ended: ${said.slice(-500)}`)
      return said.includes('Initialization Sequence Completed')
    },
    async stop() {
      if (child.exitCode !== null) return
      const exit = once(child, 'exit')
      child.kill('SIGTERM')
      await exit
    },
  }
}

/** @returns the path without its extension, and what the other end must see */
function makeCertificate(
  folder: string,
  end: string,
): { readonly path: string; readonly fingerprint: string } {
  const path = join(folder, `openvpn-${end}`)
  const make = `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=bench-${end}`
  execFileSync('openssl', [...make.split(' '), '-keyout', `${path}.key`, '-out', `${path}.crt`], {
    stdio: 'pipe',
  })
  const text = execFileSync('openssl', ['x509', '-in', `${path}.crt`, '-noout', '-fingerprint', '-sha256'], {
    encoding: 'utf8',
  })
  return { path, fingerprint: text.split('=')[1]?.trim() ?? '' }
}
