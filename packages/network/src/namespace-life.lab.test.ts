import { execFileSync } from 'node:child_process'
import { mkdtempSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createNetworkNamespace, type Fd, networkNamespaceCookie, withNetworkNamespace } from '@vpnext/native'
import { expect, test } from 'vitest'
import { namespaceLives } from './namespace-life.ts'

function nameOf(namespace: Fd): string {
  return readlinkSync(`/proc/self/fd/${namespace.number}`)
}

function cookieOf(namespace: Fd): bigint {
  return withNetworkNamespace(namespace, networkNamespaceCookie)
}

test('a network namespace lives while a descriptor holds it, and another one of its number is not it', () => {
  using namespace = createNetworkNamespace()
  const name = nameOf(namespace)
  const cookie = cookieOf(namespace)
  expect(namespaceLives(name)).toBe(true)
  expect(namespaceLives(name, String(cookie))).toBe(true)
  expect(namespaceLives(name, String(cookie - 1n))).toBe(false)
})

test('one that nothing but a mount holds lives, whatever its path', () => {
  using parent = {
    path: mkdtempSync(join(tmpdir(), 'vpnext namespace-')),
    [Symbol.dispose]() {
      rmSync(this.path, { recursive: true })
    },
  }
  const file = join(parent.path, 'net of "a"')
  writeFileSync(file, '')
  let name: string
  let cookie: string
  {
    using namespace = createNetworkNamespace()
    name = nameOf(namespace)
    cookie = String(cookieOf(namespace))
    execFileSync('mount', ['--bind', `/proc/${process.pid}/fd/${namespace.number}`, file])
  }
  try {
    expect(namespaceLives(name, cookie)).toBe(true)
    expect(namespaceLives(name, `${cookie}0`)).toBe(false)
  } finally {
    execFileSync('umount', [file])
  }
  expect(namespaceLives(name, cookie)).toBe(false)
})
