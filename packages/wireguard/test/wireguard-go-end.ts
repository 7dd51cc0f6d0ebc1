import type { ChildProcess } from 'node:child_process'
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { decodeKey } from '../src/index.ts'
import { type EndOptions, type EndStatus, port, type TunnelEnd } from './tunnel-end.ts'
import { inside } from './two-networks.ts'

/** The program, fetched when the system's is too old: see scripts/lib/wireguard-go.mjs. */
export function findWireGuardGo(): string {
  const script = join(import.meta.dirname, '../../../scripts/lib/wireguard-go.mjs')
  return execFileSync(process.execPath, [script], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  }).trim()
}

const startMs = 10_000

/** wireguard-go as an end of a tunnel, spoken to by its own protocol (https://www.wireguard.com/xplatform). */
export class WireGuardGoEnd implements TunnelEnd {
  readonly #child: ChildProcess
  readonly #options: EndOptions

  private constructor(child: ChildProcess, options: EndOptions) {
    this.#child = child
    this.#options = options
  }

  /** @param program from {@link findWireGuardGo} */
  static async start(program: string, options: EndOptions): Promise<WireGuardGoEnd> {
    const { mtu = 1420, networks, side } = options
    // Its socket goes to /var/run/wireguard: a private one, which is seen through /proc.
    const script = 'mount -t tmpfs tmpfs /run && exec "$0" -f wg0'
    const child = networks[side].spawn('unshare', ['--mount', 'sh', '-c', script, program], {
      stdio: 'ignore',
      env: { ...process.env, LOG_LEVEL: 'silent' },
    })
    const end = new WireGuardGoEnd(child, options)
    try {
      const deadline = performance.now() + startMs
      while (!(await end.#listens())) {
        if (child.exitCode !== null || performance.now() > deadline)
          throw new Error('wireguard-go did not start')
        await sleep(5)
      }
      networks.setUpTunnel(side, 'wg0', mtu)
      await end.#configure([`private_key=${hex(options.key.reveal())}`, `listen_port=${port}`])
      await end.addPeer()
      return end
    } catch (error) {
      await end[Symbol.asyncDispose]()
      throw error
    }
  }

  async addPeer(): Promise<void> {
    const { endpoint, keepalive, peerKey, presharedKey, side } = this.#options
    const far = side === 'left' ? 'right' : 'left'
    const host = endpoint?.host.includes(':') === true ? `[${endpoint.host}]` : endpoint?.host
    await this.#configure([
      `public_key=${hex(peerKey)}`,
      ...(presharedKey === undefined ? [] : [`preshared_key=${hex(presharedKey.reveal())}`]),
      ...(endpoint === undefined ? [] : [`endpoint=${host}:${endpoint.port}`]),
      ...(keepalive === undefined ? [] : [`persistent_keepalive_interval=${keepalive}`]),
      `allowed_ip=${inside(far, 4)}/32`,
      `allowed_ip=${inside(far, 6)}/128`,
    ])
  }

  /** Forgets the peer and its sessions. */
  async removePeer(): Promise<void> {
    await this.#configure([`public_key=${hex(this.#options.peerKey)}`, 'remove=true'])
  }

  async status(): Promise<EndStatus> {
    const answer = await this.#ask('get=1\n\n')
    const field = (name: string): string | undefined =>
      answer
        .split('\n')
        .find((line) => line.startsWith(`${name}=`))
        ?.slice(name.length + 1)
    return {
      endpoint: field('endpoint'),
      rxBytes: Number(field('rx_bytes')),
      txBytes: Number(field('tx_bytes')),
      shookHands: field('last_handshake_time_sec') !== '0',
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const ended = once(this.#child, 'exit')
    this.#child.kill('SIGKILL')
    await ended
  }

  /** Its socket is there a moment before it listens. */
  async #listens(): Promise<boolean> {
    const socket = connect(this.#socket)
    try {
      await once(socket, 'connect')
      return true
    } catch {
      return false
    } finally {
      socket.destroy()
    }
  }

  get #socket(): string {
    return `/proc/${this.#child.pid}/root/run/wireguard/wg0.sock`
  }

  async #configure(lines: readonly string[]): Promise<void> {
    const answer = await this.#ask(`set=1\n${lines.join('\n')}\n\n`)
    if (!answer.startsWith('errno=0')) throw new Error(`wireguard-go: ${answer}`)
  }

  async #ask(question: string): Promise<string> {
    const socket = connect(this.#socket)
    socket.end(question)
    return text(socket)
  }
}

function hex(key: string): string {
  return Buffer.from(decodeKey(key) ?? []).toString('hex')
}
