import { openSync, closeSync } from 'node:fs'
import { expect, test } from 'vitest'

import { discardInput } from './terminal.ts'

test('what is no terminal is refused by its error', () => {
  const fd = openSync('/dev/null', 'r')
  try {
    expect(() => discardInput(fd)).toThrow(expect.objectContaining({ code: 'ENOTTY' }))
  } finally {
    closeSync(fd)
  }
})

test('a terminal without anything typed stays as it is', () => {
  const fd = openSync('/dev/ptmx', 'r+')
  try {
    expect(() => discardInput(fd)).not.toThrow()
  } finally {
    closeSync(fd)
  }
})
