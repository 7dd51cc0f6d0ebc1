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
