import { expect, test } from 'vitest'
import { checkLines } from './check.ts'

test('a sign, the name and what was found; the remedy below', () => {
  expect(
    checkLines([
      { name: 'Node.js', state: { kind: 'fine', detail: '20.20.2' } },
      { name: 'TUN device', state: { kind: 'lacking', detail: 'is closed', remedy: 'open it' } },
      { name: 'library', state: { kind: 'note', detail: 'is absent', remedy: 'install it' } },
      { name: 'leftovers', state: { kind: 'leftover', detail: 'tunnel vpn-tun' } },
    ]),
  ).toEqual([
    'ok  Node.js     20.20.2',
    '--  TUN device  is closed',
    '                → open it',
    '..  library     is absent',
    '                → install it',
    '!!  leftovers   tunnel vpn-tun',
  ])
})
