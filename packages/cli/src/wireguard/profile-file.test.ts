import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generatePrivateKey } from '@vpnext/wireguard'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { profileName, readProfileFile } from './profile-file.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vpnext-profile-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

test('a file is called what its provider calls it', () => {
  expect(profileName('/home/me/Windscribe-Amsterdam-Tulip.conf')).toBe('Windscribe-Amsterdam-Tulip')
  expect(profileName('x'.repeat(64))).toHaveLength(64)
  for (const name of ['x'.repeat(65), 'wg0 (1).conf', '.conf', '../..'])
    expect(() => profileName(name)).toThrow('has 1 to 64 of A-Z')
})

test('that a file has no address is told', async () => {
  const path = join(folder, 'wg0.conf')
  writeFileSync(path, `[Interface]\nPrivateKey = ${generatePrivateKey().reveal()}\n`, { mode: 0o600 })
  using profile = await readProfileFile(path, new AbortController().signal)
  expect(profile.warnings).toEqual([
    `${path}: Address: is missing: what goes into the tunnel has no address to come from`,
  ])
})

test('what has no effect is told with its line', async () => {
  const path = join(folder, 'wg0.conf')
  const text = [
    '[Interface]',
    `PrivateKey = ${generatePrivateKey().reveal()}`,
    'Address = 10.0.0.2/32',
    'fwmark = 1',
    '# SaveConfig = true',
    'FwMark=0xca6c # the last one counts',
    '  saveconfig = TRUE',
  ].join('\n')
  writeFileSync(path, text, { mode: 0o600 })
  using profile = await readProfileFile(path, new AbortController().signal)
  expect(profile.warnings.filter((warning) => warning.includes('no effect'))).toEqual([
    `${path}:6: FwMark: has no effect: WireGuard's own packets are kept out of the tunnel anyway`,
    `${path}:7: SaveConfig: has no effect: the file is never written`,
  ])
})
