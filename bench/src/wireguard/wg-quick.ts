import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Namespace } from '@vpnext/lab'
import type { Contender, Unavailable } from '../compare.ts'

/** `wg-quick up` as a contender, or why it cannot be had. */
export interface WgQuick extends AsyncDisposable {
  readonly contender: Contender | Unavailable
}

const name = '`wg-quick up` (wireguard-go, no DNS)'
const commands = ['wg-quick', 'wg', 'wireguard-go']
const folders = ['/usr/local/bin', '/usr/bin', '/usr/sbin', '/bin', '/sbin']

/**
 * Prepares `wg-quick up` with the same address and default route, in a namespace of its own. Without a resolver: it would
 * call resolvconf(8), which writes to the machine's own files.
 *
 * @param folder for its configuration; the key is made for this run and reaches nobody
 */
export function openWgQuick(folder: string): WgQuick {
  const missing = commands.find((command) => !folders.some((path) => existsSync(join(path, command))))
  if (missing !== undefined)
    return {
      contender: { name, unavailable: `${missing} is not installed` },
      async [Symbol.asyncDispose]() {},
    }
  const namespace = Namespace.create('wg-quick')
  connect(namespace)
  const path = join(folder, 'wg-bench.conf')
  writeFileSync(path, configuration(), { mode: 0o600 })
  return {
    contender: { name, sample: () => upAndDown(namespace, path) },
    [Symbol.asyncDispose]: () => namespace[Symbol.asyncDispose](),
  }
}

/** An uplink that leads nowhere. */
function connect(namespace: Namespace): void {
  using netlink = namespace.rtnetlink()
  netlink.apply([{ op: 'addLink', kind: 'veth', name: 'uplink', peer: { name: 'nowhere' } }])
  const index = namespace.linkIndex('uplink')
  const route = {
    family: 4,
    destination: '0.0.0.0/0',
    table: 254,
    type: 'unicast',
    index,
    gateway: '10.77.1.1',
  } as const
  netlink.apply([
    { op: 'setLink', index, up: true },
    { op: 'addAddress', index, address: '10.77.1.2', prefixLength: 24 },
    { op: 'addRoute', route },
  ])
}

function newKey(): string {
  return execFileSync('wg', ['genkey'], { encoding: 'utf8' }).trim()
}

function configuration(): string {
  const publicKey = execFileSync('wg', ['pubkey'], { encoding: 'utf8', input: newKey() }).trim()
  return `[Interface]
PrivateKey = ${newKey()}
Address = 10.8.0.5/24
MTU = 1400
[Peer]
PublicKey = ${publicKey}
AllowedIPs = 0.0.0.0/0
Endpoint = 10.77.2.2:51820
`
}

/** Its socket goes to a /run of its own. */
async function upAndDown(namespace: Namespace, path: string): Promise<number> {
  const script = `mount -t tmpfs none /run && begin=$EPOCHREALTIME && wg-quick up ${path} && end=$EPOCHREALTIME &&
    wg-quick down ${path} && echo "$begin $end" >&3`
  const env = {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    LC_ALL: 'C',
    WG_QUICK_USERSPACE_IMPLEMENTATION: 'wireguard-go',
    // It warns and waits otherwise.
    WG_I_PREFER_BUGGY_USERSPACE_TO_POLISHED_KMOD: '1',
  }
  const child = namespace.spawn('unshare', ['--mount', 'bash', '-c', script], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    env,
  })
  let answer = ''
  let said = ''
  child.stdio[3]?.on('data', (chunk: Buffer) => (answer += chunk.toString()))
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (said += chunk.toString()))
  await once(child, 'close')
  const [begin, end] = answer.trim().split(' ').map(Number)
  if (begin === undefined || end === undefined) throw new Error(`wg-quick failed: ${said.slice(-500)}`)
  return (end - begin) * 1000
}
