import { expect, test } from 'vitest'

import { componentNames } from './compiler-options.ts'

test('components are what a page calls with a capital letter, and has not declared itself', () => {
  const page = `struct Index {
  build() {
    Column({ space: 1 }) { Row() { Own() }; Text(new Date(0).toString()) }
    helper.Row2()
  }
}
class Own { constructor() {} }
`
  expect(componentNames([page])).toEqual(['Column', 'Row', 'Text'])
})

test('a file without a page has none', () => {
  expect(componentNames(['export const size = Number(1)'])).toEqual([])
})
