import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { claims, mayClaim } from '../permissions.ts'

test('docs/security.md has the same table of claims', () => {
  const path = fileURLToPath(new URL('../../../../docs/security.md', import.meta.url))
  const rows = readFileSync(path, 'utf8')
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .filter((cells) => cells.length === 7 && /^(?:yes|no)$/.test(cells[2] ?? ''))
    .map(([, name = '', ...cells]) => {
      const [admin, user, system, host] = cells.map((cell) => cell === 'yes')
      return [name, { admin, user, system, host }]
    })
  expect(rows).toHaveLength(2)
  expect(Object.fromEntries(rows)).toEqual(claims)
})

test('only administrators step out of a tunnel that is for everybody', () => {
  expect(mayClaim('admin', 'left out of a device tunnel, or excludable')).toBe(true)
  expect(mayClaim('user', 'left out of a device tunnel, or excludable')).toBe(false)
  expect(mayClaim('user', 'any other')).toBe(true)
})
