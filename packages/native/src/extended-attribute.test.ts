import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { extendedAttribute, setExtendedAttribute } from './extended-attribute.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vpnext-attribute-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

test('an attribute is read as it was set, replaced, empty or long; what is not there is an error', () => {
  const path = join(folder, 'x')
  writeFileSync(path, '')
  // ext4 keeps attributes within one block.
  for (const value of ['one', 'another', '', 'l'.repeat(1000)]) {
    setExtendedAttribute(path, 'user.test', Buffer.from(value))
    expect(Buffer.from(extendedAttribute(path, 'user.test')).toString()).toBe(value)
  }
  expect(() => extendedAttribute(path, 'user.none')).toThrow(expect.objectContaining({ code: 'ENODATA' }))
  expect(() => setExtendedAttribute(`${path}y`, 'user.test', new Uint8Array(1))).toThrow(
    expect.objectContaining({ code: 'ENOENT' }),
  )
  expect(() => setExtendedAttribute(path, 'nonsense', new Uint8Array(1))).toThrow(
    expect.objectContaining({ code: 'EOPNOTSUPP' }),
  )
})
