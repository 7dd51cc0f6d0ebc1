import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { type Contender, portOf, tunnelMtu, waitFor } from '../contender.ts'
import { addressesOf, type Link } from '../link.ts'
import { generateKeys, toHex, type TunnelKeys } from '../tunnel-keys.ts'

const device = 'wgo'

/** wireguard-go at both ends. @param program its path */
export function wireguardGo(program: string): Contender {
  return {
    name: 'wireguard-go',
    async open(link, slot) {
      const keys = { a: generateKeys(), b: generateKeys() }
      const ends = { a: start(link, 'a', program), b: start(link, 'b', program) }
      for (const [end, other] of [
        ['a', 'b'],
        ['b', 'a'],
      ] as const) {
        const path = `/proc/${ends[end].pid}/root/run/wireguard/${device}-${end}.sock`
        const endpoint = `${link.addresses[other].v4}:${portOf(slot)}`
        await waitFor('the socket of wireguard-go', () =>
          command(path, settings(keys[end], keys[other], portOf(slot), endpoint)).catch(() => false),
        )
      }
      const addresses = addressesOf(slot)
      link.configure(device, addresses, tunnelMtu)
      return {
        addresses,
        pids: [ends.a.pid ?? -1, ends.b.pid ?? -1],
        async [Symbol.asyncDispose]() {
          await Promise.all([stop(ends.a), stop(ends.b)])
        },
      }
    },
  }
}

/** Its control socket lies in a /run of its own. */
function start(link: Link, end: 'a' | 'b', program: string): ChildProcess {
  const script = 'mount -t tmpfs none /run && exec "$0" --foreground "$1"'
  const env = { PATH: '/usr/bin:/bin:/usr/sbin:/sbin', LOG_LEVEL: 'error' }
  const args = ['--mount', 'bash', '-c', script, program, `${device}-${end}`]
  return link[end].spawn('unshare', args, { stdio: 'ignore', env })
}

async function stop(child: ChildProcess): Promise<void> {
  const exit = once(child, 'exit')
  child.kill('SIGTERM')
  await exit
}

/** https://www.wireguard.com/xplatform/#configuration-protocol */
function settings(own: TunnelKeys, peer: TunnelKeys, port: number, endpoint: string): string {
  return [
    'set=1',
    `private_key=${toHex(own.privateKey)}`,
    `listen_port=${port}`,
    'replace_peers=true',
    `public_key=${toHex(peer.publicKey)}`,
    `endpoint=${endpoint}`,
    'allowed_ip=0.0.0.0/0',
    'allowed_ip=::/0',
    '',
    '',
  ].join('\n')
}

/** @returns whether it said that all is well */
async function command(path: string, text: string): Promise<boolean> {
  const socket = connect(path)
  try {
    await once(socket, 'connect')
    socket.write(text)
    const [answer]: unknown[] = await once(socket, 'data')
    return String(answer).includes('errno=0')
  } finally {
    socket.destroy()
  }
}
