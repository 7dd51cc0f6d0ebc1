import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { checkOwners } from './machine.ts'

// /tmp itself is open to everybody, but sticky: what is root's in it cannot be replaced by others.
let folder: string
let program: string

beforeEach(() => {
  folder = mkdtempSync('/tmp/vpnext-owners-')
  chmodSync(folder, 0o755)
  mkdirSync(join(folder, 'bin'), { mode: 0o755 })
  program = join(folder, 'bin', 'main.js')
  writeFileSync(program, '', { mode: 0o644 })
})
afterEach(() => rmSync(folder, { recursive: true }))

test('a program that only root can change is fine', () => {
  expect(() => checkOwners(program)).not.toThrow()
})

test.each<[string, (path: string) => void, RegExp]>([
  ['somebody else owns it', (path) => chownSync(path, 1000, 1000), /main\.js can be changed by uid 1000/],
  ['others can write to it', (path) => chmodSync(path, 0o666), /main\.js can be changed by others than root/],
  [
    'a group can write to it',
    (path) => chmodSync(path, 0o664),
    /main\.js can be changed by others than root/,
  ],
  [
    'somebody else owns its folder',
    (path) => chownSync(join(path, '..'), 1000, 0),
    /bin can be changed by uid 1000/,
  ],
  [
    'others can write to a folder above',
    (path) => chmodSync(join(path, '../..'), 0o777),
    /vpnext-owners-\w+ can be/,
  ],
])('refused when %s', (_why, spoil, message) => {
  spoil(program)
  expect(() => checkOwners(program)).toThrow(message)
})
