import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { table } from './table.ts'

test('columns are as wide as their widest cell, two blanks apart', () => {
  expect(
    table(
      ['NAME', 'N'],
      [
        ['a', '1'],
        ['longer', '22'],
        ['', '3'],
      ],
    ),
  ).toEqual(['NAME    N', 'a       1', 'longer  22', '        3'])
})

test('every cell stands at the place of its column', () => {
  const cell = fc.stringMatching(/^[a-z]{1,9}$/)
  const rows = fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 9 })
  fc.assert(
    fc.property(rows, (cells) => {
      const [header = '', ...lines] = table(['A', 'B', 'C'], cells)
      const places = ['A', 'B', 'C'].map((letter) => header.indexOf(letter))
      for (const [index, line] of lines.entries()) {
        const words = places.map((place) => line.slice(place).split(' ')[0])
        expect(words).toEqual(cells[index])
        expect(line).toBe(line.trimEnd())
      }
    }),
  )
})
