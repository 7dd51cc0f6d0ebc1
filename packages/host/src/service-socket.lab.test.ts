import { openFds, unshare } from '@vpnext/native'
import { rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { bundleProgram } from '../../service/test/bundle-program.ts'
import { archiveBytes, sampleArchive } from '../../service/test/sample-archive.ts'
import { type TemporaryFolder, temporaryFolder } from '../../service/test/temporary-folder.ts'
import { type TestService, startTestService } from '../../service/test/test-service.ts'
import { attemptExtension, attemptOutsideLater } from '../test/attempts.ts'
import { buildTestImage, hostUid } from '../test/host-harness.ts'
import { installArchive, startAbility, takeResult } from '../test/real-machine.ts'

/** An extension that would like to give itself consent, over the service's own socket. */
const bundleName = 'com.example.vpn'
let image: string
let programs: TemporaryFolder
let folder: TemporaryFolder
let machine: TestService
let descriptors: number

beforeAll(async () => {
  descriptors = openFds()
  unshare({ network: true })
  image = buildTestImage()
  programs = temporaryFolder()
  await bundleProgram('call-as', programs.path, 'call-as.mjs')
  folder = temporaryFolder()
  machine = await startTestService(folder, programs.path, { hostImage: image })
  const scripts = { vpn: { code: attemptExtension, map: '' }, page: { code: '', map: '' } }
  await installArchive(machine, archiveBytes(sampleArchive({ scripts })))
  await machine.allow()
})
afterAll(async () => {
  await machine[Symbol.asyncDispose]()
  expect(openFds()).toBe(descriptors)
  folder[Symbol.dispose]()
  programs[Symbol.dispose]()
  rmSync(dirname(image), { recursive: true })
})

let attempts = 0
async function attemptInside(code: string): Promise<string> {
  attempts += 1
  await startAbility(machine, bundleName, 'VpnAbility', { code, number: attempts })
  const start = `${attempts} `
  return (await takeResult(machine, start, 'attempt')).slice(start.length)
}

/** `consent allow`, as a program of the user would send it. */
const allow = (path: string): string => `
  return await new Promise((resolve, reject) => {
    const socket = node('net').connect(${JSON.stringify(path)})
    const parameters = { bundleName: ${JSON.stringify(bundleName)}, allow: true }
    socket.on('error', reject)
    socket.on('connect', () => socket.write(JSON.stringify({ method: 'io.vpnext.AnswerConsent', parameters }) + '\\0'))
    socket.on('data', (bytes) => resolve(JSON.parse(bytes.toString().slice(0, -1))))
  })`

test('from inside a host the socket of the service is not there', async () => {
  expect(await attemptInside(allow(machine.socket))).toBe('ENOENT')
  expect(await attemptInside(allow('/run/vpnext/io.vpnext'))).toBe('ENOENT')
  // Not even what the kernel shows of it: no other process is in /proc, so there is no way around the path.
  expect(await attemptInside(allow(`/proc/${process.pid}/root${machine.socket}`))).toBe('ENOENT')
  // The control: the same bytes, outside, are an answer.
  expect(await attemptOutsideLater(allow(machine.socket))).toContain('"decision":"allowed"')
})

test("the host's uid is turned away even outside of the sandbox", async () => {
  const answer = { bundleName, allow: true }
  expect(await machine.callAs(hostUid, 'AnswerConsent', answer)).toMatchObject({
    error: expect.stringMatching(/NotPermitted|closed|gone/) as unknown,
  })
  expect(await machine.callAs({ uid: 1000, gid: hostUid }, 'AnswerConsent', answer)).toMatchObject({
    error: expect.stringMatching(/NotPermitted|closed|gone/) as unknown,
  })
  expect(await machine.callAs(1000, 'AnswerConsent', answer)).toMatchObject({
    error: 'io.vpnext.NoSuchBundle',
  })
  expect(machine.log.filter((entry) => entry.message.startsWith('turned away'))).toHaveLength(2)
})
