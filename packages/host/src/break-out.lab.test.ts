import { type Fd, createNetworkNamespace, openTun, withNetworkNamespace } from '@vpnext/native'
import { withFds } from '@vpnext/varlink'
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { type Server, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { attemptExtension, attemptInside, attemptOutside } from '../test/attempts.ts'
import { type TestHost, buildTestImage, hostUid, startHost } from '../test/host-harness.ts'

let image: string
let outside: string
let server: Server
let victim: ChildProcess
let host: TestHost
let network: Fd

beforeAll(async () => {
  image = buildTestImage()
  outside = mkdtempSync(join(tmpdir(), 'vpnext-outside-'))
  writeFileSync(join(outside, 'secret'), 'secret', { mode: 0o644 })
  server = createServer((socket) => socket.end())
  await new Promise<void>((resolve) => server.listen(join(outside, 'socket'), resolve))
  victim = spawn('sleep', ['300'])
  network = createNetworkNamespace()
  host = startHost({
    image,
    script: attemptExtension,
    handlers: {
      CreateVpn: () => {
        const { fd, name } = withNetworkNamespace(network, () => openTun({ name: 'vpn-tun' }))
        return withFds({ interfaceName: name, warnings: [] }, [fd])
      },
    },
  })
  await host.create()
})

afterAll(async () => {
  await host[Symbol.asyncDispose]()
  victim.kill('SIGKILL')
  server.close()
  network.close()
  rmSync(outside, { recursive: true })
  rmSync(dirname(image), { recursive: true })
})

/** Each must fail inside with one of these errors, and work outside. Strings in capitals are filled in. */
const table: readonly (readonly [name: string, code: string, errors: readonly string[]])[] = [
  ["read another user's file", "return node('fs').readFileSync('OUTSIDE/secret', 'utf8')", ['ENOENT']],
  [
    "read another user's file, asynchronously",
    "return node('fs').promises.readFile('OUTSIDE/secret', 'utf8')",
    ['ENOENT'],
  ],
  [
    "read another user's file, in a worker thread",
    inWorker("return node('fs').readFileSync('OUTSIDE/secret', 'utf8')"),
    ['ENOENT'],
  ],
  ['list /', "return node('fs').readdirSync('/').length", ['EACCES']],
  ['list / asynchronously', "return (await node('fs').promises.readdir('/')).length", ['EACCES']],
  ['list / in a worker thread', inWorker("return node('fs').readdirSync('/').length"), ['EACCES']],
  [
    "read another process's /proc",
    "return node('fs').readFileSync('/proc/VICTIM/status', 'utf8').length",
    ['ENOENT'],
  ],
  [
    'write below /usr',
    "const f = '/usr/vpnext-test'; node('fs').writeFileSync(f, ''); node('fs').unlinkSync(f)",
    ['EROFS'],
  ],
  ['open a TUN device', "node('fs').closeSync(node('fs').openSync('/dev/net/tun', 'r+'))", ['ENOENT']],
  [
    'start a program',
    "const { error } = node('child_process').spawnSync('/bin/true'); if (error) throw error",
    ['EPERM'],
  ],
  ['fork', "const pid = call('int fork()'); if (pid === 0) call('void _exit(int)', 0)", ['EPERM']],
  ['execve', "call('int execve(const char *, void *, void *)', '/nonexistent', null, null)", ['EPERM']],
  ['clone3', "call('long syscall(long, long, long)', 435, 0, 0)", ['ENOSYS']],
  ['raw socket', "call('int socket(int, int, int)', 2, 3, 1)", ['EPERM']],
  ['packet socket', "call('int socket(int, int, int)', 17, 3, 0)", ['EPERM']],
  ['netlink socket of the firewall', "call('int socket(int, int, int)', 16, 3, 12)", ['EPERM']],
  ['ptrace', "call('long ptrace(long, int, long, long)', 0, 0, 0, 0)", ['EPERM']],
  ['unshare, of nothing', "call('int unshare(int)', 0)", ['EPERM']],
  ['new namespace', "call('int unshare(int)', 0x04000000)", ['EPERM']],
  [
    'mount',
    `if (call('int getuid()') === 0) {
       call('int unshare(int)', 0x20000)
       call('int mount(const char *, const char *, const char *, unsigned long, void *)', 'none', '/', null, 0x44000, null)
     }
     call('int mount(const char *, const char *, const char *, unsigned long, void *)', 'x', '/tmp', 'tmpfs', 0, null)`,
    ['EPERM'],
  ],
  ['become root', 'process.setuid(0)', ['EPERM']],
  ['kill another process', 'process.kill(VICTIM, 0)', ['EPERM']],
  [
    "write another process's memory",
    "call('long syscall(long, long, long, long, long, long, long)', 311, VICTIM, 0, 0, 0, 0, 0)",
    ['EPERM'],
  ],
  [
    'io_uring',
    "call('int close(int)', call('long syscall(long, long, void *)', 425, 1, Buffer.alloc(120)))",
    ['EPERM'],
  ],
  [
    'bpf',
    "call('long syscall(long, long, void *, long)', 321, 0, Buffer.alloc(0x48, 0).fill(1, 0, 1).fill(4, 4, 5).fill(4, 8, 9).fill(1, 12, 13), 0x48)",
    ['EPERM'],
  ],
  [
    'connect to a Unix socket outside',
    `await new Promise((resolve, reject) =>
       node('net').connect('OUTSIDE/socket').on('error', reject).on('connect', resolve))`,
    ['ENOENT'],
  ],
  [
    'run a file that it wrote as code',
    `const f = '/tmp/vpnext-code-' + process.pid
     node('fs').writeFileSync(f, 'code')
     try { ${mapAsCode('f')} } finally { node('fs').unlinkSync(f) }`,
    ['EPERM'],
  ],
  // Threads of JavaScript, which need no native module.
  [
    'start a program, in a worker thread',
    inWorker("const { error } = node('child_process').spawnSync('/bin/true'); if (error) throw error"),
    ['EPERM'],
  ],
  [
    'open a TUN device, in a worker thread',
    inWorker("node('fs').closeSync(node('fs').openSync('/dev/net/tun', 'r+'))"),
    ['ENOENT'],
  ],
  ['kill another process, in a worker thread', inWorker('process.kill(VICTIM, 0)'), ['EPERM']],
  [
    "read another process's environment, in a worker thread",
    inWorker("return node('fs').readFileSync('/proc/VICTIM/environ').length >= 0"),
    ['ENOENT'],
  ],
  [
    'list a Unix socket outside, in a worker thread',
    inWorker("return node('fs').statSync('OUTSIDE/socket').size"),
    ['ENOENT'],
  ],
  // Threads of native code, which begin in the pool of the process.
  ['raw socket, in a native thread', "await pooled('int socket(int, int, int)', 2, 3, 1)", ['FAILED']],
  ['new namespace, in a native thread', "await pooled('int unshare(int)', 0x04000000)", ['FAILED']],
  [
    'open a TUN device, in a native thread',
    "await pooled('int open(const char *, int)', '/dev/net/tun', 2)",
    ['FAILED'],
  ],
  [
    "open another user's file, in a native thread",
    "await pooled('int open(const char *, int)', 'OUTSIDE/secret', 0)",
    ['FAILED'],
  ],
  [
    'ptrace, in a native thread',
    "await pooled('long ptrace(long, int, long, long)', 16, VICTIM, 0, 0)",
    ['FAILED'],
  ],
]

/** Maps a file, whose path the text of `path` gives, as a loader maps a library. */
function mapAsCode(path: string): string {
  return `const fd = node('fs').openSync(${path}, 'r')
    try { call('long mmap(long, long, int, int, int, long)', 0, 4096, 5, 2, fd, 0) } finally { node('fs').closeSync(fd) }`
}

function inWorker(code: string): string {
  return `return new Promise((resolve, reject) => {
    const program = "const node = require; try { require('worker_threads').parentPort.postMessage({ done: (() => { " +
      ${JSON.stringify(code)} + " })() }) } catch (error) { require('worker_threads').parentPort.postMessage({ code: error.code }) }"
    const worker = new (node('worker_threads').Worker)(program, { eval: true })
    worker.on('error', reject)
    worker.on('message', ({ code, done }) => code === undefined ? resolve(done) : reject({ code }))
  })`
}

function filledIn(code: string): string {
  return code.replaceAll('OUTSIDE', outside).replaceAll('VICTIM', String(victim.pid))
}

describe('an extension cannot', () => {
  test.each(table)('%s', async (name, code, errors) => {
    expect(errors).toContain(await attemptInside(host, filledIn(code)))
    const control = attemptOutside(filledIn(code))
    // Outside, the call itself is reached; these two have arguments that it then refuses.
    if (name === 'execve') expect(control).toBe('ENOENT')
    else if (name === 'clone3') expect(control).toBe('EINVAL')
    else expect(control).toMatch(/^done/)
  })
})

test('of a bundle, scripts are not mapped as code, as files of the system are', async () => {
  const script = "'/bundle/scripts/' + node('fs').readdirSync('/bundle/scripts')[0]"
  expect(await attemptInside(host, mapAsCode(script))).toBe('EPERM')
  expect(await attemptInside(host, mapAsCode('process.execPath'))).toMatch(/^done/)
})

test('an abstract Unix socket of another process cannot be reached', async () => {
  const name = `vpnext-${process.pid}`
  const connect = `
    const address = Buffer.concat([Buffer.from([1, 0, 0]), Buffer.from('${name}')])
    const fd = call('int socket(int, int, int)', 1, 1, 0)
    try { call('int connect(int, void *, int)', fd, address, address.length) } finally { call('int close(int)', fd) }`
  const listener = spawn(process.execPath, [
    '-e',
    `const koffi = require(${JSON.stringify(koffiPath())}); const libc = koffi.load(null)
     const address = Buffer.concat([Buffer.from([1, 0, 0]), Buffer.from('${name}')])
     const fd = libc.func('int socket(int, int, int)')(1, 1, 0)
     libc.func('int bind(int, void *, int)')(fd, address, address.length)
     libc.func('int listen(int, int)')(fd, 5)
     console.log('ready'); setInterval(() => {}, 1000)`,
  ])
  try {
    await new Promise((resolve) => listener.stdout.once('data', resolve))
    expect(await attemptInside(host, connect)).toBe('EPERM')
    expect(attemptOutside(connect)).toMatch(/^done/)
  } finally {
    listener.kill('SIGKILL')
  }
})

test('a tunnel cannot be made to outlive the service, but tells its name', async () => {
  const persist = "call('int ioctl(int, unsigned long, long)', FD, 0x400454cb, 1)"
  const fd = /^done (\d+)$/.exec(await attemptInside(host, 'return globalThis.createVpn()'))?.[1]
  expect(Number(fd)).toBeGreaterThan(0)
  expect(await attemptInside(host, persist.replace('FD', String(fd)))).toBe('EPERM')
  const name = `const request = Buffer.alloc(40); call('int ioctl(int, unsigned long, void *)', ${fd}, 0x800454d2, request)
    return request.toString('latin1', 0, 7)`
  expect(await attemptInside(host, name)).toBe('done "vpn-tun"')
  expect(
    attemptOutside(`
      call('int unshare(int)', 0x40000000)
      const fd = node('fs').openSync('/dev/net/tun', 'r+')
      const request = Buffer.alloc(40); request.write('control'); request.writeUInt16LE(0x1001, 16)
      call('int ioctl(int, unsigned long, void *)', fd, 0x400454ca, request)
      ${persist.replace('FD', 'fd')}
      call('int ioctl(int, unsigned long, long)', fd, 0x400454cb, 0)`),
  ).toMatch(/^done/)
})

test('the kernel confirms identity, capabilities, no_new_privs and seccomp, for every thread', async () => {
  const result = await attemptInside(
    host,
    `
    const { readdirSync, readFileSync } = node('fs')
    return readdirSync('/proc/self/task').map((task) => {
      const status = readFileSync('/proc/self/task/' + task + '/status', 'utf8')
      const field = (name) => new RegExp('^' + name + ':[ \\\\t]*(.*)$', 'm').exec(status)[1].trim()
      return ['Uid', 'Gid', 'Groups', 'CapEff', 'CapPrm', 'CapInh', 'CapBnd', 'CapAmb', 'NoNewPrivs', 'Seccomp'].map(field).join('|')
    })`,
  )
  const threads = JSON.parse(result.replace(/^done /, '')) as string[]
  const none = '0000000000000000'
  const ids = Array.from({ length: 4 }, () => hostUid).join('\t')
  expect(threads.length).toBeGreaterThan(4)
  expect(new Set(threads)).toEqual(
    new Set([[ids, ids, '', none, none, none, none, none, '1', '2'].join('|')]),
  )
})

test('only the own process is in /proc, and the environment says nothing of the service', async () => {
  expect(
    await attemptInside(
      host,
      "return node('fs').readdirSync('/proc').filter((name) => /^\\d+$/.test(name)).length",
    ),
  ).toBe('done 1')
  const environment = JSON.parse(
    (await attemptInside(host, 'return process.env')).replace(/^done /, ''),
  ) as object
  expect(environment).toEqual({
    HOME: '/data/storage',
    LANG: 'C.UTF-8',
    OPENSSL_CONF: '/dev/null',
    PATH: '/usr/bin:/bin',
  })
})

test.runIf(existsSync('/etc/ssl/certs/ca-certificates.crt'))(
  'native code finds the authorities of the machine',
  async () => {
    const names = ['certs/ca-certificates.crt', 'certs/cacert.pem', 'cert.pem']
    const sizes = `return ${JSON.stringify(names)}.map((name) => node('fs').readFileSync('/etc/ssl/' + name).length)`
    const { size } = statSync('/etc/ssl/certs/ca-certificates.crt')
    expect(await attemptInside(host, sizes)).toBe(`done [${size},${size},${size}]`)
  },
)

test('what an extension needs still works', async () => {
  expect(
    await attemptInside(
      host,
      "node('fs').writeFileSync('/tmp/x', 'x'); return node('fs').readFileSync('/tmp/x', 'utf8')",
    ),
  ).toBe('done "x"')
  expect(
    await attemptInside(host, "call('int close(int)', call('int socket(int, int, int)', 2, 2, 0))"),
  ).toMatch(/^done/)
  expect(
    await attemptInside(host, "call('int close(int)', call('int socket(int, int, int)', 10, 1, 0))"),
  ).toMatch(/^done/)
  expect(await attemptInside(host, inWorker('return 1 + 1'))).toBe('done 2')
  expect(
    await attemptInside(
      host,
      "process.kill(process.pid, 0); return node('os').networkInterfaces().lo?.length > 0",
    ),
  ).toBe('done true')
})

test('the only sockets of the host are its channel, stdout and stderr', async () => {
  const listed = await attemptInside(
    host,
    `
    const { readdirSync, readlinkSync } = node('fs')
    return readdirSync('/proc/self/fd').filter((fd) => {
      try { return readlinkSync('/proc/self/fd/' + fd).startsWith('socket:') } catch { return false }
    })`,
  )
  expect(listed).toBe('done ["1","2","3"]')
})

function koffiPath(): string {
  return join(dirname(new URL(import.meta.url).pathname), '../../../node_modules/koffi/index.cjs')
}
