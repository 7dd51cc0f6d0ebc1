import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, rmdirSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { openFds } from '../../fd.ts'
import type { Fd } from '../../fd.ts'
import { networkNamespaceCookie } from '../../inet-socket.ts'
import { createNetworkNamespace, withNetworkNamespace } from '../../namespace.ts'
import { Rtnetlink } from '../route/rtnetlink.ts'
import { attachToCgroup, cgroup2Mount, detachFromCgroup, queryCgroup } from './cgroup.ts'
import { loadProgram, openProgram, programInfo } from './program.ts'
import type { BpfProgram } from './program.ts'
import { lockDeviceProgram, markSocketsProgram, markSocketsPrograms } from './ready-programs.ts'
import { redirectPrograms } from './redirect-programs.ts'
import { TrafficCounter } from './traffic-counter.ts'

const PREAMBLE = 'import socket, threading\n'

let namespace: Fd
let inside: string
let outside: string

beforeEach(() => {
  namespace = createNetworkNamespace()
  withNetworkNamespace(namespace, () => {
    using netlink = Rtnetlink.open()
    netlink.apply([
      { op: 'setLink', index: 1, up: true },
      { op: 'addAddress', index: 1, address: 'fd53::53', prefixLength: 128, noDad: true },
      { op: 'addAddress', index: 1, address: 'fd08::1', prefixLength: 128, noDad: true },
    ])
  })
  const mount = cgroup2Mount()
  if (mount === undefined) throw new Error('cgroup2 is not mounted')
  inside = `${mount}/vpnext-native-test-${process.pid}`
  outside = `${inside}-other`
  mkdirSync(inside)
  mkdirSync(outside)
})

afterEach(() => {
  rmdirSync(inside)
  rmdirSync(outside)
  namespace.close()
  assert.equal(openFds(), 0)
})

/** Runs Python in a cgroup, in the test's network namespace. */
function run(cgroup: string, code: string): unknown {
  const command = 'echo $$ > "$0/cgroup.procs" && exec python3 -c "$1"'
  const output = withNetworkNamespace(namespace, () =>
    execFileSync('sh', ['-c', command, cgroup, PREAMBLE + code], { encoding: 'utf8' }),
  )
  return JSON.parse(output)
}

/** Attaches a program and returns its id. */
function attach(program: BpfProgram): number {
  using fd = loadProgram(program)
  attachToCgroup(inside, fd, program.hook)
  return programInfo(fd).id
}

const marks = `
kinds = [(f, k) for f in (socket.AF_INET, socket.AF_INET6) for k in (socket.SOCK_STREAM, socket.SOCK_DGRAM)]
print([socket.socket(f, k).getsockopt(socket.SOL_SOCKET, 36) for f, k in kinds])
`

test('every socket made in the cgroup has the mark, and only there', () => {
  expect(run(inside, marks)).toEqual([0, 0, 0, 0])
  const id = attach(markSocketsProgram('vpnext_t_mark', 0x0400_0000, 0x3e00_0000))
  expect(run(inside, marks)).toEqual([0x0400_0000, 0x0400_0000, 0x0400_0000, 0x0400_0000])
  expect(run(outside, marks)).toEqual([0, 0, 0, 0])
  expect(detachFromCgroup(inside, id, 'sock-create')).toBe(true)
  expect(run(inside, marks)).toEqual([0, 0, 0, 0])
})

test('a socket that has another mark gets it back as it connects, the other bits as they are', () => {
  const connected = `
servers = [socket.create_server((address, 0), family=f) for f, address in ((socket.AF_INET, '127.0.0.1'), (socket.AF_INET6, '::1'))]
def mark_of(server):
    s = socket.socket(server.family); s.setsockopt(socket.SOL_SOCKET, 36, 0x22000001); s.connect(server.getsockname())
    return s.getsockopt(socket.SOL_SOCKET, 36)
print([mark_of(server) for server in servers])
`
  for (const program of markSocketsPrograms('vpnext_t_mark', 0x0400_0000, 0x3e00_0000)) attach(program)
  expect(run(inside, marks)).toEqual([0x0400_0000, 0x0400_0000, 0x0400_0000, 0x0400_0000])
  expect(run(inside, connected)).toEqual([0x0400_0001, 0x0400_0001])
  expect(run(outside, connected)).toEqual([0x2200_0001, 0x2200_0001])
})

test('marks of several programs are combined bit by bit, the highest bit included', () => {
  attach(markSocketsProgram('vpnext_t_one', 0x8000_0000, 0xc000_0000))
  attach(markSocketsProgram('vpnext_t_two', 0x0000_0001, 0x0000_0003))
  expect(run(inside, marks)).toEqual(Array.from({ length: 4 }, () => 0x8000_0001 | 0))
})

test('bytes of a cgroup are counted in each direction, with their headers, and those of no other', () => {
  const send = `
one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
one.bind(('127.0.0.1', 0))
one.sendto(b'x' * 1000, one.getsockname())
one.recv(2000)
print(1)
`
  run(inside, send)
  using counter = TrafficCounter.attach(inside, 'vpnext_t_count')
  expect(counter.read()).toEqual({ received: 0, sent: 0 })
  run(inside, send)
  run(outside, send)
  expect(counter.read()).toEqual({ received: 1028, sent: 1028 })
})

test('attached programs are found again by cgroup, id and name, and are gone after', () => {
  expect(queryCgroup(inside, 'sock-create')).toEqual([])
  const ids = ['vpnext_t_one', 'vpnext_t_two'].map((name) => attach(markSocketsProgram(name, 1, 1)))
  expect(queryCgroup(inside, 'sock-create')).toEqual(ids)
  expect(queryCgroup(inside, 'connect4')).toEqual([])
  expect(queryCgroup(outside, 'sock-create')).toEqual([])
  expect(ids.map((id) => programInfo(id)?.name)).toEqual(['vpnext_t_one', 'vpnext_t_two'])
  for (const id of ids) expect(detachFromCgroup(inside, id, 'sock-create')).toBe(true)
  for (const id of ids) expect(detachFromCgroup(inside, id, 'sock-create')).toBe(false)
  expect(queryCgroup(inside, 'sock-create')).toEqual([])
})

test('a program nobody holds is gone', async () => {
  const fd = loadProgram(markSocketsProgram('vpnext_t_gone', 1, 1))
  const { id } = programInfo(fd)
  expect(programInfo(id)).toMatchObject({ name: 'vpnext_t_gone' })
  fd.close()
  await expect.poll(() => programInfo(id), { timeout: 10_000 }).toBeUndefined()
  expect(openProgram(id)).toBeUndefined()
})

test('a program that the verifier refuses is told with its words', () => {
  const reads = Buffer.from('6122e803000000009500000000000000', 'hex')
  expect(() => loadProgram({ name: 'vpnext_t_bad', hook: 'connect4', code: reads })).toThrow(
    expect.objectContaining({ code: 'EACCES', detail: expect.stringContaining('R2 !read_ok') }),
  )
  expect(() => loadProgram({ name: 'a name', hook: 'connect4', code: reads })).toThrow(/^name: /)
  expect(() => loadProgram({ name: 'x', hook: 'connect4', code: reads.subarray(1) })).toThrow(/^code: /)
})

const bind = `
import struct
def attempt(option, value):
    s = socket.socket()
    try: s.setsockopt(socket.SOL_SOCKET, option, value); return 0
    except OSError as error: return error.errno
print([attempt(25, b'lo'), attempt(62, struct.pack('i', 1)), attempt(9, struct.pack('i', 1)),
       attempt(9, struct.pack('i', 1) + bytes(9000))])
`

test('the lock refuses to bind to an interface, by name or by index, and nothing else', () => {
  expect(run(inside, bind)).toEqual([0, 0, 0, 0])
  attach(lockDeviceProgram('vpnext_t_lock'))
  expect(run(inside, bind)).toEqual([1, 1, 0, 0])
  expect(run(outside, bind)).toEqual([0, 0, 0, 0])
})

/** A UDP and a TCP service at an address, port 5300, that answer; and four ways to ask at another one, port 53. */
const services = `
import json, sys
kept = []
def family_of(address): return socket.AF_INET6 if ':' in address else socket.AF_INET
def answer_udp(s):
    while True: data, peer = s.recvfrom(9); s.sendto(b'hello', peer)
def answer_tcp(s):
    while True: one, peer = s.accept(); one.recv(9); one.sendall(b'hello'); kept.append(one)
def serve(kind, address, answer):
    s = socket.socket(family_of(address), kind); s.bind((address, 5300))
    if kind == socket.SOCK_STREAM: s.listen()
    threading.Thread(target=answer, args=(s,), daemon=True).start()
def ask(kind, asked, way):
    s = socket.socket(family_of(asked), kind); s.settimeout(20)
    try: return way(s, (asked, 53))
    except OSError as error: return error.errno
def connected(s, where):
    s.connect(where); s.send(b'?'); return [s.recv(9).decode(), *s.getpeername()[:2]]
def connected_from(s, where):
    s.connect(where); s.send(b'?'); data, peer = s.recvfrom(9); return [data.decode(), *peer[:2]]
def silently(s, where):
    s.settimeout(0.3)
    try: return unconnected(s, where)
    except TimeoutError: return 'silence'
def unconnected(s, where):
    s.sendto(b'?', where); data, peer = s.recvfrom(9); return [data.decode(), *peer[:2]]
`

function ask(cgroup: string, service: string, asked: string, ways: readonly string[]): unknown {
  return run(
    cgroup,
    `${services}
serve(socket.SOCK_DGRAM, '${service}', answer_udp); serve(socket.SOCK_STREAM, '${service}', answer_tcp)
ways = [${ways.map((way) => `(socket.SOCK_DGRAM, ${way})`).join(', ')}, (socket.SOCK_STREAM, connected)]
print(json.dumps([ask(kind, '${asked}', way) for kind, way in ways]))
`,
  )
}

const ECONNREFUSED = 111

test.each([
  ['IPv4', '127.0.0.53', '127.0.8.1', '127.0.0.53'],
  ['IPv6', 'fd53::53', 'fd08::1', 'fd53::53'],
  ['IPv4 through IPv6 sockets', '127.0.0.53', '127.0.8.1', '::ffff:127.0.0.53'],
])('%s: what is meant for one endpoint reaches the other, unnoticed', (_name, from, to, asked) => {
  expect(ask(inside, to, asked, ['connected'])).toEqual([ECONNREFUSED, ECONNREFUSED])
  const redirect = { from: { address: from, port: 53 }, to: { address: to, port: 5300 } }
  const other = { from: { address: '127.0.0.54', port: 53 }, to: { address: '127.0.8.2', port: 53 } }
  for (const program of redirectPrograms('vpnext_t_dns', [other, redirect])) attach(program)
  const unnoticed = ['hello', asked, 53]
  expect(ask(inside, to, asked, ['connected', 'connected_from', 'unconnected'])).toEqual(
    Array.from({ length: 4 }, () => unnoticed),
  )
  expect(ask(outside, to, asked, ['connected'])).toEqual([ECONNREFUSED, ECONNREFUSED])
})

test('a redirect holds only for the sockets of its condition', () => {
  const redirect = { from: { address: '127.0.0.53', port: 53 }, to: { address: '127.0.8.1', port: 5300 } }
  const cookie = withNetworkNamespace(namespace, networkNamespaceCookie)
  const unnoticed = Array.from({ length: 3 }, () => ['hello', '127.0.0.53', 53])
  const refused = [ECONNREFUSED, 'silence', ECONNREFUSED]
  attach(markSocketsProgram('vpnext_t_mark', 0x0200_0000, 0x3e00_0000))
  const identity = (match: 'any' | 'none', ...values: number[]) =>
    ({ marks: [{ mask: 0x3e00_0000, values, match }] }) as const
  const conditions = [
    [{ networkNamespace: cookie }, unnoticed],
    [{ networkNamespace: cookie + 1n }, refused],
    [{ networkNamespace: cookie + (1n << 32n) }, refused],
    [{ uid: 0 }, unnoticed],
    [{ uid: 4242 }, refused],
    [identity('any', 0x0200_0000), unnoticed],
    [identity('any', 0x0400_0000, 0x0200_0000), unnoticed],
    [identity('any', 0x0400_0000), refused],
    [identity('none', 0x0400_0000), unnoticed],
    [identity('none', 0x0400_0000, 0x0200_0000), refused],
    [{ networkNamespace: cookie, uid: 0, ...identity('any', 0x0200_0000) }, unnoticed],
  ] as const
  for (const [condition, expected] of conditions) {
    const ids = redirectPrograms('vpnext_t_dns', [redirect], condition).map(
      (program) => [attach(program), program.hook] as const,
    )
    expect([condition, ask(inside, '127.0.8.1', '127.0.0.53', ['connected', 'silently'])]).toEqual([
      condition,
      expected,
    ])
    for (const [id, hook] of ids) expect(detachFromCgroup(inside, id, hook)).toBe(true)
  }
})

test.each([
  ['IPv4', '127.0.0.53', '127.0.0.53'],
  ['IPv6', 'fd53::53', 'fd53::53'],
  ['IPv4 through IPv6 sockets', '127.0.0.53', '::ffff:127.0.0.53'],
])('%s: what is refused reaches nobody', (_name, from, asked) => {
  const redirect = { from: { address: from, port: 53 }, to: 'refuse' } as const
  for (const program of redirectPrograms('vpnext_t_dns', [redirect])) attach(program)
  expect(ask(inside, '127.0.8.1', asked, ['connected', 'unconnected'])).toEqual([1, 1, 1])
  expect(ask(outside, '127.0.8.1', asked, ['connected'])).toEqual([ECONNREFUSED, ECONNREFUSED])
})
