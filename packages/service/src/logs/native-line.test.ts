import { expect, test } from 'vitest'
import { readNativeLine } from './native-line.ts'

test('a record of hilog has its level, domain, tag and lines', () => {
  expect(readNativeLine('\u001ewarn a01 Pump\u001fone\u001dtwo: \u001f%d')).toEqual({
    source: 'extension',
    level: 'warn',
    domain: 0xa01,
    tag: 'Pump',
    message: 'one\ntwo: \u001f%d',
  })
  expect(readNativeLine('\u001einfo 0 \u001f')).toMatchObject({ tag: '', message: '' })
})

test.each([
  'plain text',
  '',
  'info 0 tag\u001ftext',
  '\u001einfo 0 tag text',
  '\u001enotice 0 tag\u001ftext',
  '\u001einfo 10000 tag\u001ftext',
  '\u001einfo xyz tag\u001ftext',
])('%j is no record', (line) => {
  expect(readNativeLine(line)).toBeUndefined()
})
