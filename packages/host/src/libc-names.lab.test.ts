import { rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { attemptExtension, attemptInside } from '../test/attempts.ts'
import { type TestHost, buildTestImage, startHost } from '../test/host-harness.ts'

/** What native code asks the C library for by name, in the sandbox. */
let image: string
const hosts: TestHost[] = []

beforeAll(() => {
  image = buildTestImage()
})
afterAll(async () => {
  for (const host of hosts) await host[Symbol.asyncDispose]()
  rmSync(dirname(image), { recursive: true })
})

/** @param machine a command that changes the machine as the host sees it before it starts */
async function running(machine?: string): Promise<TestHost> {
  const wrapper = ['unshare', '-m', 'sh', '-c', `${machine} && exec "$@"`, 'sh']
  const host = startHost({ image, script: attemptExtension, ...(machine !== undefined && { wrapper }) })
  hosts.push(host)
  await host.create()
  return host
}

/** getaddrinfo(3) is 0 or says what it lacks, getprotobyname(3) NULL when there is none. */
const names = `
  const ask = (service) => libc.func('int getaddrinfo(const char *, const char *, void *, _Out_ void **)')('127.0.0.1', service, null, [null])
  const protocol = libc.func('void *getprotobyname(const char *)')
  return [...['https', 'domain', 'ntp', 'no-such-service'].map((name) => ask(name) === 0), protocol('udp') !== null, protocol('none') !== null]`

test.each([
  ['the machine has', undefined],
  ['a machine without any', 'mount --bind /dev/null /etc/services && mount --bind /dev/null /etc/protocols'],
])('services and protocols have the numbers that %s', async (_what, machine) => {
  const outcome = await attemptInside(await running(machine), `const libc = call.library; ${names}`)
  expect(outcome).toBe('done [true,true,true,false,true,false]')
})

test('memory and semaphores with names are there for the threads of a host, and for no other host', async () => {
  const make = `const fd = call('int shm_open(const char *, int, int)', '/vpnext-test', 0o302, 0o600)
    call('int ftruncate(int, long)', fd, 4096)
    return call.library.func('void *sem_open(const char *, int, int, int)')('/vpnext-test', 0o100, 0o600, 1) !== null`
  const look = "return call('int shm_open(const char *, int, int)', '/vpnext-test', 2, 0o600) > 0"
  const host = await running()
  expect(await attemptInside(host, make)).toBe('done true')
  expect(await attemptInside(host, look)).toBe('done true')
  expect(await attemptInside(await running(), look)).toBe('ENOENT')
})
