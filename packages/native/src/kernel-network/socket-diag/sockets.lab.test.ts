import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import type { ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { openFds } from '../../fd.ts'
import type { Fd } from '../../fd.ts'
import { createNetworkNamespace, withNetworkNamespace } from '../../namespace.ts'
import { Rtnetlink } from '../route/rtnetlink.ts'
import { destroySockets, listSockets } from './sockets.ts'
import type { SocketInfo } from './socket-info.ts'

/**
 * Opens a listener, connections through it, UDP sockets, and one marked socket; then reports on each line it is sent
 * what its first TCP client (`tcp`) or connected UDP socket (`udp`) feels.
 */
const script = `
import socket, sys, os
def pair(family, host):
    server = socket.socket(family); server.bind((host, 0)); server.listen()
    client = socket.socket(family); client.setsockopt(socket.SOL_SOCKET, 36, 0x1000001 if family == socket.AF_INET else 0)
    client.connect(server.getsockname()); accepted, _ = server.accept()
    return server, client, accepted
four = pair(socket.AF_INET, '127.0.0.1')
six = pair(socket.AF_INET6, '::1')
free = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); free.bind(('127.0.0.1', 0))
bound = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM); bound.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b'lo')
bound.bind(('::1', 0)); bound.connect(('::1', 9999))
mapped = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM); mapped.connect(('::ffff:127.0.0.1', 9998))
mine = {'tcp': four[1], 'udp': bound, 'free': free}
print('ready', flush=True)
for line in sys.stdin:
    try:
        one = mine[line.strip()]; one.setblocking(False); one.recv(1); print('closed', flush=True)
    except OSError as error: print(error.errno, flush=True)
`

let namespace: Fd
let child: ChildProcessByStdio<Writable, Readable, null>
let lines: AsyncIterator<string>

beforeEach(async () => {
  namespace = createNetworkNamespace()
  withNetworkNamespace(namespace, () => {
    using netlink = Rtnetlink.open()
    netlink.apply([{ op: 'setLink', index: 1, up: true }])
    child = spawn('python3', ['-c', script], { stdio: ['pipe', 'pipe', 'inherit'] })
  })
  lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  assert.equal(await line(), 'ready')
})

afterEach(async () => {
  child.kill('SIGKILL')
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  namespace.close()
  assert.equal(openFds(), 0)
})

async function line(): Promise<string> {
  const next = await lines.next()
  if (next.done === true) throw new Error('the child ended')
  return next.value
}

async function feels(which: 'tcp' | 'udp' | 'free'): Promise<string> {
  child.stdin.write(`${which}\n`)
  return await line()
}

const list = (): SocketInfo[] => withNetworkNamespace(namespace, listSockets)
const destroy = (filter: (socket: SocketInfo) => boolean): number =>
  withNetworkNamespace(namespace, () => destroySockets(() => filter))

/** `protocol local remote inode mark` of each socket as ss tells it, sorted. */
function ssLines(): string[] {
  const text = withNetworkNamespace(namespace, () =>
    execFileSync('ss', ['-H', '-n', '-a', '-t', '-u', '-e'], { encoding: 'utf8' }),
  )
  return text
    .trim()
    .split('\n')
    .map((row) => {
      const [protocol, , , , local, remote] = row.split(/\s+/)
      const inode = /ino:(\d+)/.exec(row)?.[1] ?? '0'
      const mark = /fwmark:0x([0-9a-f]+)/.exec(row)?.[1] ?? '0'
      return `${protocol} ${local} ${remote} ${inode} ${Number.parseInt(mark, 16)}`
    })
    .toSorted()
}

function inSsWords(socket: SocketInfo): string {
  const end = ({ address, port }: SocketInfo['local'], bound: boolean): string => {
    const host = socket.family === 6 ? `[${address}]` : address
    return `${host}${bound && socket.interfaceIndex === 1 ? '%lo' : ''}:${port === 0 ? '*' : port}`
  }
  return `${socket.protocol} ${end(socket.local, true)} ${end(socket.remote, false)} ${socket.inode} ${socket.mark}`
}

test('sockets are told as ss tells them', () => {
  const sockets = list()
  expect(sockets).toHaveLength(9)
  expect(sockets.map(inSsWords).toSorted()).toEqual(ssLines())
  const states = sockets.map(({ protocol, state }) => `${protocol} ${state}`).toSorted()
  expect(states).toEqual([
    'tcp established',
    'tcp established',
    'tcp established',
    'tcp established',
    'tcp listen',
    'tcp listen',
    'udp close',
    'udp established',
    'udp established',
  ])
  expect(sockets.find(({ remote }) => remote.port === 9998)?.remote.address).toBe('::ffff:127.0.0.1')
  expect(sockets.filter(({ mark }) => mark === 0x0100_0001).map(({ state }) => state)).toEqual([
    'established',
  ])
  expect(
    sockets.every(({ cgroupId, uid }) => typeof cgroupId === 'bigint' && uid === process.getuid?.()),
  ).toBe(true)
})

test('a TCP socket chosen by its mark is destroyed at once, and no other', async () => {
  const before = list().length
  expect(await feels('tcp')).toBe('11')
  expect(destroy(({ mark }) => mark === 0x0100_0001)).toBe(1)
  expect(await feels('tcp')).toBe('103')
  expect(await feels('udp')).toBe('11')
  // The peer, on the same machine, got a reset.
  expect(list().length).toBe(before - 2)
})

test('UDP sockets are destroyed by predicate, connected or not', async () => {
  expect(destroy(({ protocol }) => protocol === 'udp')).toBe(3)
  expect(await feels('udp')).toBe('103')
  expect(await feels('free')).toBe('103')
  expect(await feels('tcp')).toBe('11')
})

test('nothing that matches is nothing destroyed, and the namespace is the one of the call', async () => {
  expect(destroy(() => false)).toBe(0)
  using other = createNetworkNamespace()
  expect(withNetworkNamespace(other, listSockets)).toEqual([])
  expect(withNetworkNamespace(other, () => destroySockets(() => () => true))).toBe(0)
  expect(await feels('tcp')).toBe('11')
})
