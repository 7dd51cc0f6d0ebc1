import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { Socket } from 'node:net'

import { bindInet, bindToDevice, inetSocket, isSystemError, setMark, withFileIdentity } from '@vpnext/native'
import type { Fd } from '@vpnext/native'

import { labPorts } from './addresses.ts'
import type { Namespace } from './namespace.ts'

/** How a probe's socket is set up before it talks. */
export interface ProbeOptions {
  /** Of the echo server; 7 when absent. */
  readonly port?: number
  /** SO_BINDTODEVICE: an interface of the namespace. */
  readonly bindToDevice?: string
  /** The socket's own address. */
  readonly bindAddress?: string
  /** SO_MARK, 0 to 2^32-1. Set with the privileges of this process. */
  readonly mark?: number
  /** Whose socket it is; {@link probeUid} when absent. */
  readonly uid?: number
  /** UDP: connect(2) first, so that ICMP errors are reported. */
  readonly connect?: boolean
  /** 2000 when absent. */
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
}

const nobody = 65534
const defaultTimeoutMs = 2000
const allBits = 0xffffffff

/**
 * The owner of a probe's sockets: uid 65534, as the kernel sees it in routing rules, nftables and sock_diag. Inside a
 * user namespace that does not map it, this process's own uid.
 */
export function probeUid(): number {
  try {
    return withFileIdentity({ uid: nobody, gid: nobody }, () => nobody)
  } catch (error) {
    if (isSystemError(error, 'EINVAL', 'EPERM')) return process.getuid?.() ?? 0
    throw error
  }
}

/**
 * Opens a TCP connection from a namespace to an echo server.
 *
 * @param address IPv4 or IPv6
 * @returns the address the server saw, or the code of the error, e.g. `ECONNREFUSED`, `EHOSTUNREACH`; `ETIMEDOUT` when
 * nothing came within the time
 * @throws the signal's reason when it aborts
 */
export async function tcpProbe(
  namespace: Namespace,
  address: string,
  options: ProbeOptions = {},
): Promise<string> {
  return answerOrCode(options, async (end) => {
    const socket = new Socket({ fd: openSocket(namespace, address, 'stream', options).release() })
    try {
      const answer = once(socket, 'data', { signal: end })
      socket.connect({ host: address, port: options.port ?? labPorts.echo })
      return seenAddress(await answer)
    } finally {
      const closed = once(socket, 'close')
      socket.on('error', () => undefined).destroy()
      await closed
    }
  })
}

/**
 * Sends one datagram from a namespace to an echo server. Parameters and answers as for {@link tcpProbe}; without
 * `connect`, a refusal that comes back as ICMP is `ETIMEDOUT`, as it is for most programs.
 */
export async function udpProbe(
  namespace: Namespace,
  address: string,
  options: ProbeOptions = {},
): Promise<string> {
  return answerOrCode(options, async (end) => {
    const fd = openSocket(namespace, address, 'dgram', options).release()
    const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4').bind({ fd })
    try {
      const answer = once(socket, 'message', { signal: end })
      const onSent = (error: Error | null): void => {
        if (error !== null) socket.emit('error', error)
      }
      const port = options.port ?? labPorts.echo
      if (options.connect === true) {
        socket.connect(port, address, (error?: Error) => {
          if (error) socket.emit('error', error)
          else socket.send('?', onSent)
        })
      } else {
        socket.send('?', port, address, onSent)
      }
      return seenAddress(await answer)
    } finally {
      const closed = once(socket, 'close')
      socket.on('error', () => undefined).close()
      await closed
    }
  })
}

/**
 * A command for {@link Namespace.spawn} that does what a probe does, in a process of its own: it prints the address the
 * server saw, or nothing. For what depends on the process, such as its cgroup.
 */
export function probeCommand(
  protocol: 'tcp' | 'udp',
  address: string,
  port: number = labPorts.echo,
): { readonly command: string; readonly args: readonly string[] } {
  // head reads a datagram in one go; bash's own read takes single bytes, and the kernel throws the rest away.
  const script = `exec 3<>"/dev/$0/$1/$2" || exit
[ "$0" = tcp ] || echo "?" >&3
seen=$(timeout 2 head -n 1 <&3) && echo "\${seen%% *}"`
  return { command: 'bash', args: ['-c', script, protocol, address, String(port)] }
}

function openSocket(
  namespace: Namespace,
  address: string,
  kind: 'stream' | 'dgram',
  options: ProbeOptions,
): Fd {
  const uid = options.uid ?? probeUid()
  const open = (): Fd => inetSocket(address.includes(':') ? 6 : 4, kind)
  const isOwn = uid === process.getuid?.()
  const fd = namespace.run(() => (isOwn ? open() : withFileIdentity({ uid, gid: uid }, open)))
  try {
    if (options.mark !== undefined) setMark(fd, options.mark, allBits)
    if (options.bindToDevice !== undefined) bindToDevice(fd, options.bindToDevice)
    if (options.bindAddress !== undefined) bindInet(fd, options.bindAddress, 0)
    return fd
  } catch (error) {
    fd.close()
    throw error
  }
}

async function answerOrCode(
  options: ProbeOptions,
  ask: (end: AbortSignal) => Promise<string>,
): Promise<string> {
  const { signal, timeoutMs = defaultTimeoutMs } = options
  signal?.throwIfAborted()
  const timeout = new AbortController()
  const timer = setTimeout(() => timeout.abort(), timeoutMs)
  try {
    return await ask(signal === undefined ? timeout.signal : AbortSignal.any([timeout.signal, signal]))
  } catch (error) {
    signal?.throwIfAborted()
    if (timeout.signal.aborted) return 'ETIMEDOUT'
    if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code
    throw error
  } finally {
    clearTimeout(timer)
  }
}

/** The first argument of a `data` or `message` event is `<address> <port>\n`. */
function seenAddress(event: unknown[]): string {
  return String(event[0]).split(' ')[0] ?? ''
}
