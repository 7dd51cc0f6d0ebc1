import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { removeFile } from '@vpnext/native'
import { chooseDnsBackend } from './choose.ts'
import { resolversOf } from './resolvers.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'vpnext-choose-'))
})
afterEach(() => {
  rmSync(directory, { recursive: true })
})

test('where systemd-resolved does not answer, or does not decide, the file is written', () => {
  const resolvConf = join(directory, 'resolv.conf')
  const choose = (): string => chooseDnsBackend({ resolvConf, resolvectl: '/bin/true' })
  expect(choose()).toBe('resolv.conf')
  symlinkSync('/run/systemd/resolve/stub-resolv.conf', resolvConf)
  expect(chooseDnsBackend({ resolvConf, resolvectl: '/nonexistent' })).toBe('resolv.conf')
  removeFile(resolvConf)
  writeFileSync(resolvConf, 'nameserver 192.0.2.1\nnameserver 127.0.0.53\n')
  expect(choose()).toBe('resolv.conf')
})

test.each([
  ['nameserver 192.0.2.1\n', ['192.0.2.1']],
  ['# nameserver 192.0.2.9\n nameserver\t2001:DB8::1 \nnameserver 192.0.2.1', ['2001:db8::1', '192.0.2.1']],
  ['nameserver 192.0.2.1\nnameserver 192.0.2.1\n', ['192.0.2.1']],
  ['nameserver fe80::1%eth0\n', ['fe80::1']],
  ['nameserver nonsense\nsearch nameserver 192.0.2.1\n', ['127.0.0.1', '::1']],
  ['', ['127.0.0.1', '::1']],
])('%j asks %j', (text, servers) => {
  expect(resolversOf(text)).toEqual(servers)
})
