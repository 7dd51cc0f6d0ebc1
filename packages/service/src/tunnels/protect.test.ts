import { openSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs'
import { Fd, inetSocket, openFds, socketPair } from '@vpnext/native'
import { defaultSettings } from '@vpnext/network'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../test/temporary-folder.ts'
import { sampleRun } from '../../test/sample-target.ts'
import type { TunnelEntry } from './tunnel-entry.ts'
import { protectSocket } from './protect.ts'

const settings = defaultSettings()
const run = sampleRun()
const tunnelOf = (other: ReturnType<typeof sampleRun>, scope: TunnelEntry['scope']): TunnelEntry =>
  ({ run: other, scope, config: { addresses: [] } }) as unknown as TunnelEntry
const device = { kind: 'device' } as const

test.each([
  ['a file', () => Fd.adopt(openSync('/dev/null', 'r'))],
  [
    'a unix socket',
    () => {
      const [one, two] = socketPair('stream')
      two.close()
      return one
    },
  ],
  [
    'a pipe-like seqpacket socket',
    () => {
      const [one, two] = socketPair('seqpacket')
      two.close()
      return one
    },
  ],
])('%s is refused with 2203004, and closed', (_what, make) => {
  const before = openFds()
  expect(() => protectSocket(make(), run, [], settings)).toThrow(expect.objectContaining({ code: 2203004 }))
  expect(openFds()).toBe(before)
})

test("under another bundle's tunnel nothing can be protected", () => {
  const other = sampleRun({ bundleName: 'com.example.other' })
  const stranger = sampleRun({ ownerUid: 1001 })
  const before = openFds()
  const refused = expect.objectContaining({ code: 201 })
  const attempt = (tunnels: TunnelEntry[]) => (): unknown =>
    protectSocket(inetSocket(4, 'dgram'), run, tunnels, settings)
  expect(attempt([tunnelOf(other, device)])).toThrow(refused)
  expect(attempt([tunnelOf(stranger, device)])).toThrow(refused)
  expect(attempt([tunnelOf(other, { kind: 'user', uid: 1000 })])).toThrow(refused)
  // Positive control: what does not cover the caller, or is its own, gets as far as the kernel.
  for (const tunnels of [[tunnelOf(run, device)], [tunnelOf(stranger, { kind: 'user', uid: 1001 })], []]) {
    expect(attempt(tunnels)).not.toThrow(refused)
  }
  expect(openFds()).toBe(before)
})

test('the descriptor is closed in the end', async () => {
  using folder = temporaryFolder()
  const path = folder.in('theirs')
  writeFileSync(path, '')
  const links = (): string[] => readdirSync('/proc/self/fd').map((name) => linkOf(name))
  const fd = Fd.adopt(openSync(path, 'r'))
  expect(links()).toContain(path)
  expect(() => protectSocket(fd, run, [], settings)).toThrow(expect.objectContaining({ code: 2203004 }))
  await expect.poll(links).not.toContain(path)
})

/** Where a descriptor leads; '' when it was closed since it was listed. */
function linkOf(name: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${name}`)
  } catch {
    return ''
  }
}
