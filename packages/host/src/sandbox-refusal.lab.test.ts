import { hostInterface } from '@vpnext/service/protocol'
import { varlinkError } from '@vpnext/varlink'
import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { attemptExtension, attemptInside, attemptOutside } from '../test/attempts.ts'
import { type TestHost, buildTestImage, startHost } from '../test/host-harness.ts'

let image: string
beforeAll(() => {
  image = buildTestImage()
})
afterAll(() => rmSync(dirname(image), { recursive: true }))

const script = "exports.default = class extends require('@kit.NetworkKit').VpnExtensionAbility {}"

test('without the right to mount nothing starts', async () => {
  const wrapper = ['setpriv', '--bounding-set', '-sys_admin', '--inh-caps', '-sys_admin']
  await using host = startHost({ image, script, wrapper })
  expect(await host.exited).toEqual({ code: 71, signal: null })
  expect(host.output()).toMatch(/^vpnext host: root: unshare: EPERM/)
})

test("the machine's root runs no host", async () => {
  await using host = startHost({ image, script, launch: { identity: undefined } })
  expect(await host.exited).toEqual({ code: 72, signal: null })
  expect(host.output()).toContain('root may not run a host')
})

test('a capability that cannot be dropped ends the start', async () => {
  const wrapper = ['setpriv', '--bounding-set', '-setpcap']
  await using host = startHost({ image, script, wrapper })
  expect(await host.exited).toEqual({ code: 72, signal: null })
  expect(host.output()).toMatch(/^vpnext host: identity: prctl: EPERM/)
})

test.each([
  ['nodePath', { nodePath: 'node' }, 'nodePath: is not an absolute path'],
  ['bundleFolder', { bundleFolder: '/tmp/../etc' }, 'bundleFolder: is not an absolute path'],
  ['identity', { identity: { uid: 0, gid: 1 } }, 'identity.uid: is not an id above 0'],
])('a wrong %s is refused before anything is done', async (_name, launch, message) => {
  await using host = startHost({ image, script, launch })
  expect(await host.exited).toEqual({ code: 70, signal: null })
  expect(host.output()).toContain(message)
})

test('a missing folder ends the start', async () => {
  await using host = startHost({ image, script, launch: { bundleFolder: '/nonexistent' } })
  expect(await host.exited).toEqual({ code: 71, signal: null })
})

test('a service that refuses to be attached to ends the start', async () => {
  await using host = startHost({
    image,
    script,
    handlers: {
      Attach: () => {
        throw varlinkError(hostInterface, 'BusinessError', { code: 201, message: 'Permission denied.' })
      },
    },
  })
  expect(await host.exited).toEqual({ code: 76, signal: null })
})

describe('inside a user namespace', () => {
  let host: TestHost
  beforeAll(() => {
    const wrapper = ['unshare', '--user', '--map-root-user', '--mount']
    host = startHost({ image, script: attemptExtension, wrapper, launch: { identity: undefined } })
  })
  afterAll(() => host[Symbol.asyncDispose]())

  test('the host starts, and says what is missing', async () => {
    const { sandbox, missing } = await host.attached
    expect(missing).toEqual([
      expect.stringMatching(/^own \/proc: .*EPERM/),
      expect.stringMatching(/^own uid: /),
    ])
    expect(sandbox).toEqual(
      expect.arrayContaining(['private file tree', 'no capabilities', 'no new privileges', 'seccomp']),
    )
    await host.create()
  })

  test('other processes of the same user are out of reach all the same', async () => {
    const victim = spawn('sleep', ['300'])
    try {
      for (const code of [
        `process.kill(${victim.pid}, 0)`,
        `node('fs').readFileSync('/proc/${victim.pid}/environ')`,
      ]) {
        expect(['EPERM', 'EACCES']).toContain(await attemptInside(host, code))
        expect(attemptOutside(code)).toMatch(/^done/)
      }
      expect(await attemptInside(host, "return node('fs').readdirSync('/')")).toBe('EACCES')
    } finally {
      victim.kill('SIGKILL')
    }
  })
})

test('ids that the user namespace does not have are missed, not fatal', async () => {
  await using host = startHost({
    image,
    script,
    wrapper: ['unshare', '--user', '--map-root-user', '--mount'],
  })
  const { missing } = await host.attached
  expect(missing[1]).toMatch(/^own uid: .*EINVAL|^own uid: .*EPERM/)
})
