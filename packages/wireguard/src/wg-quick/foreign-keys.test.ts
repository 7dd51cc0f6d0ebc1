import { expect, test } from 'vitest'
import { generatePrivateKey, publicKeyOf } from '../keys/key-tools.ts'
import { parseWgQuick } from './parse-wg-quick.ts'

const key = generatePrivateKey()
const file = (own: string, peer = ''): string =>
  `[Interface]\nPrivateKey = ${key.reveal()}\n${own}\n[Peer]\nPublicKey = ${publicKeyOf(generatePrivateKey())}\n${peer}`

test.each([
  ['Jc = 4', 'Jc: is AmneziaWG'],
  ['Jc = 0\njmin = 40', 'jmin: is AmneziaWG'],
  ['S1 = 0\nS2 = 68', 'S2: is AmneziaWG'],
  ['H1 = 1\nH2 = 2\nH3 = 1106457265', 'H3: is AmneziaWG'],
  ['H1 = 5-2147483647', 'H1: is AmneziaWG'],
  ['I1 = <b 0xc700000001>', 'I1: is AmneziaWG'],
  ['Reserved = [1, 2, 3]', 'Reserved: is for bytes of messages that are zero in WireGuard'],
])('a file that wants another protocol says so: %j', (own, text) => {
  expect(() => parseWgQuick(file(own), 'f')).toThrow(text)
})

test('the same keys of a peer', () => {
  expect(() => parseWgQuick(file('', 'AdvancedSecurity = on'), 'f')).toThrow(
    'f:6: AdvancedSecurity: is AmneziaWG',
  )
  expect(() => parseWgQuick(file('', 'Reserved = 12,34,56'), 'f')).toThrow('f:6: Reserved: is for bytes')
})

test('where such keys say what WireGuard is, the file is one of WireGuard', () => {
  const own =
    'Jc = 0\nJmin = 0\nJmax = 0\nS1 = 0\nS2 = 0\nH1 = 1\nH2 = 2\nH3 = 3\nH4 = 4\nI1 =\nReserved = 0,0,0'
  const { peers, warnings } = parseWgQuick(file(own, 'AdvancedSecurity = off\nreserved = [0, 0, 0]'), 'f')
  expect(peers).toHaveLength(1)
  expect(warnings).toEqual([])
})
