import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bindMount, makeMountsPrivate, unmount, unshare } from '@vpnext/native'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { resolvConfBackend } from './resolv-conf.ts'

let directory: string

beforeAll(() => {
  // Only this process sees the mount.
  unshare({ mount: true })
  makeMountsPrivate()
  directory = mkdtempSync(join(tmpdir(), 'vpnext-dns-'))
})
afterAll(() => {
  rmSync(directory, { recursive: true })
})

test('on a mount point, as in a container, the content is replaced and restored in place', () => {
  const path = join(directory, 'resolv.conf')
  const source = join(directory, 'source')
  writeFileSync(path, '')
  writeFileSync(source, '# made by the container engine\nnameserver 192.0.2.1\n')
  bindMount(source, path)
  const data = {
    backend: 'resolv.conf',
    path,
    interfaceName: 'vpn-tun',
    resolvectl: '/nonexistent',
    instance: 'test',
    servers: ['10.8.0.1'],
    searchDomains: [],
  } as const
  const undo = resolvConfBackend.capture(data, [])
  resolvConfBackend.apply(data, undo)
  expect(readFileSync(source, 'utf8')).toBe(undo.ours)
  expect(resolvConfBackend.restore(undo, [])).toBe('restored')
  expect(readFileSync(source, 'utf8')).toBe('# made by the container engine\nnameserver 192.0.2.1\n')
  unmount(path)
})
