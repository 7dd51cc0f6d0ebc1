/**
 * Stands in for stage 1 of a host and gives `protect` what no honest host would: `want.parameters.what` names the
 * descriptor. It speaks the protocol itself, so that no check of the kits is in the way. No sandbox.
 */
import {
  Fd,
  createNetworkNamespace,
  getMark,
  inetSocket,
  memfdSealed,
  openTun,
  pidfdOpen,
  receiveMessage,
  socketPair,
  withNetworkNamespace,
} from '@vpnext/native'
import { abilityInterface, hostInterface } from '@vpnext/service/protocol'
import { createPeer, implement, isVarlinkError } from '@vpnext/varlink'
import { type ChildProcess, spawn } from 'node:child_process'
import { constants, openSync, readSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type Socket, connect, createServer } from 'node:net'
import { dirname, join } from 'node:path'

interface Call {
  (...args: unknown[]): number
  /** The same in a thread of node's pool; the last argument hears of its end. */
  readonly async: (...args: unknown[]) => void
}
interface Koffi {
  load(library: null): { func(prototype: string): Call }
}
// Calls that no honest program makes, so `native` has none of them.
const koffi = createRequire(import.meta.url)('koffi') as Koffi
const libc = koffi.load(null)
const socket = libc.func('int socket(int, int, int)')
const pipe = libc.func('int pipe(void *)')
const closeRaw = libc.func('int close(int)')
const epollCreate = libc.func('int epoll_create1(int)')
const setSocketOption = libc.func('int setsockopt(int, int, int, void *, int)')
const SOL_SOCKET = 1
const SO_LINGER = 13
/** How long the close of a lingering socket would take, in seconds. */
const lingerSeconds = 30

const O_PATH = 0o10000000
const opened: Disposable[] = []

/** Made to be harmless here and harmful for whoever takes them at their word. */
const descriptors: Readonly<Record<string, () => Fd | Promise<Fd>>> = {
  'a pipe': () => {
    const ends = Buffer.alloc(8)
    pipe(ends)
    opened.push(Fd.adopt(ends.readInt32LE(4)))
    return Fd.adopt(ends.readInt32LE(0))
  },
  'a file': () => Fd.adopt(openSync('/etc/hostname', 'r')),
  'a path': () => Fd.adopt(openSync('/etc/hostname', constants.O_RDONLY | O_PATH)),
  'a folder': () => Fd.adopt(openSync('/', 'r')),
  'a device that blocks': () => Fd.adopt(openSync('/dev/net/tun', 'r+')),
  'a memfd': () => memfdSealed('x', new Uint8Array(1)),
  'an epoll descriptor': () => Fd.adopt(epollCreate(0)),
  'a process': () => pidfdOpen(process.pid),
  'a TUN': () => openTun({ name: 'hostile%d' }).fd,
  'a Unix stream socket': () => ownEnd('stream'),
  'a Unix seqpacket socket': () => ownEnd('seqpacket'),
  'a raw socket': () => Fd.adopt(socket(2, 3, 1)),
  'a packet socket': () => Fd.adopt(socket(17, 3, 0)),
  'a netlink socket': () => Fd.adopt(socket(16, 3, 0)),
  'a socket of another network': () => {
    const network = createNetworkNamespace()
    opened.push(network)
    return withNetworkNamespace(network, () => inetSocket(4, 'dgram'))
  },
  'a file whose close never ends': fuseFile,
  'a lingering socket': lingering,
  'a good socket': () => inetSocket(6, 'stream'),
}

function ownEnd(type: 'stream' | 'seqpacket'): Fd {
  const [own, other] = socketPair(type)
  opened.push(other)
  return own
}

let fuse: ChildProcess | undefined

/** A file of a FUSE server that does not answer when the service closes it. */
async function fuseFile(): Promise<Fd> {
  const [own, other] = socketPair('stream')
  const server = join(dirname(process.argv[1] ?? ''), 'fuse-server.py')
  fuse = spawn('python3', [server, String(process.ppid)], {
    stdio: ['ignore', 'inherit', 'inherit', other.number],
  })
  other.close()
  const buffer = Buffer.alloc(1)
  for (;;) {
    const message = receiveMessage(own, buffer)
    if (message !== 'again') {
      own.close()
      const [file] = message.fds
      if (file === undefined) throw new Error('no file came')
      return file
    }
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

/** A connection whose peer does not read: its close waits until all is sent, or the time is over. */
async function lingering(): Promise<Fd> {
  const server = createServer((peer) => peer.pause())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const client: Socket = connect(port, '127.0.0.1')
  await new Promise((resolve) => client.once('connect', resolve))
  const original = Fd.adopt(Number(Reflect.get(Reflect.get(client, '_handle') as object, 'fd')))
  const copy = original.dup()
  original.release()
  const waits = Buffer.alloc(8)
  waits.writeInt32LE(1, 0)
  waits.writeInt32LE(lingerSeconds, 4)
  setSocketOption(copy.number, SOL_SOCKET, SO_LINGER, waits, 8)
  await new Promise<void>((resolve) => {
    const fill = (): void => {
      if (client.write(Buffer.alloc(1 << 20))) setImmediate(fill)
      else setTimeout(resolve, 100)
    }
    fill()
  })
  // The copy that goes to the service is the last one.
  opened.push({ [Symbol.dispose]: () => client.destroy() })
  return copy
}

readSync(3, Buffer.alloc(65_536))
const peer = createPeer(Fd.adopt(3), {
  interfaces: [
    implement(abilityInterface, {
      Create: () => ({}),
      Request: async ({ want }) => {
        const { what = '' } = (want as { parameters?: { what?: string } }).parameters ?? {}
        if (what !== '') log(`${what}: ${await protect(what)}`)
        return {}
      },
      Connect: () => ({}),
      Disconnect: () => ({}),
      Destroy: () => ({}),
      AuthorizationResult: () => ({}),
      DeliverEvent: () => ({ aborted: false }),
      HandleRequest: ({ data, objects }) => ({ result: 0, data, objects }),
      RemoteDied: () => ({}),
      ConnectionLost: () => ({}),
      PageEvent: () => ({}),
      TunnelGone: () => ({}),
    }),
  ],
})
void peer.closed.then(() => process.exit(0))
await peer.call(hostInterface, 'Attach', { sandbox: [], missing: [] })

/** Whether the lingering socket, closed as it is, makes close(2) wait. */
async function control(): Promise<string> {
  const fd = await lingering()
  for (const each of opened.splice(0)) each[Symbol.dispose]()
  let isClosed = false
  closeRaw.async(fd.release(), () => {
    isClosed = true
  })
  await new Promise((resolve) => setTimeout(resolve, 500))
  return isClosed ? 'closed' : 'hangs'
}

async function protect(what: string): Promise<string> {
  if (what === 'the control') return await control()
  if (what === 'the end of the file') {
    fuse?.kill('SIGKILL')
    return 'ended'
  }
  const fd = await descriptors[what]?.()
  if (fd === undefined) return 'unknown'
  const kept = fd.dup()
  try {
    const answer = peer.call(hostInterface, 'Protect', {}, { fds: [fd] })
    fd.close()
    if (what === 'a lingering socket') kept.close()
    await answer
    return kept.closed ? 'taken' : `mark ${getMark(kept)}`
  } catch (error) {
    return isVarlinkError(error, hostInterface, 'BusinessError')
      ? String(error.parameters.code)
      : String(error)
  } finally {
    kept.close()
    for (const each of opened.splice(0)) each[Symbol.dispose]()
  }
}

function log(message: string): void {
  peer.oneway(hostInterface, 'Log', { level: 'info', domain: 0, tag: 'result', message })
}
