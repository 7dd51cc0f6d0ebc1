import { expect, test } from 'vitest'
import { checkNft } from './machine-checks.ts'

const kinds = (kernel: boolean, library: boolean): string[] =>
  checkNft({ kernel, library }).map(({ name, state }) => `${name}: ${state.kind}`)

test('a machine without libnftables makes tunnels: what goes missing is noted', () => {
  expect(kinds(true, true)).toEqual(['packet filter: fine', 'nft library: fine'])
  expect(kinds(true, false)).toEqual(['packet filter: fine', 'nft library: note'])
  expect(checkNft({ kernel: true, library: false })[1]?.state.detail).toMatch(/explain .*npm start/)
})

test('a kernel without nf_tables makes none', () => {
  expect(kinds(false, true)).toEqual(['packet filter: lacking', 'nft library: fine'])
})
