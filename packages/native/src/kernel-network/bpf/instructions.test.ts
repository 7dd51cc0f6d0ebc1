import { expect, test } from 'vitest'

import { cgroupHookNames } from './hooks.ts'
import { Assembler } from './instructions.ts'
import { lockDeviceProgram, markSocketsProgram, markSocketsPrograms } from './ready-programs.ts'
import { redirectPrograms } from './redirect-programs.ts'

const hex = (bytes: Uint8Array): string[] => Buffer.from(bytes).toString('hex').match(/.{16}/g) ?? []

test('each instruction has the bytes of the instruction set', () => {
  const code = new Assembler()
    .loadWord(2, 1, 16)
    .jumpUnless(2, -1, 'end')
    .and(2, 0xffff_fffe)
    .or(2, 1)
    .jump('end')
    .storeWord(1, 16, 2)
    .label('end')
    .exit(1)
    .assemble()
  expect(hex(code)).toEqual([
    '6112100000000000',
    '56020400ffffffff',
    '54020000feffffff',
    '4402000001000000',
    '0500010000000000',
    '6321100000000000',
    'b700000001000000',
    '9500000000000000',
  ])
})

test('a jump backwards, to nowhere, or a doubled label is refused', () => {
  expect(() => new Assembler().label('a').exit(1).jump('a').assemble()).toThrow(/^label: a/)
  expect(() => new Assembler().jump('b').assemble()).toThrow(/^label: b/)
  expect(() => new Assembler().label('c').exit(0).label('c')).toThrow(/^label: c/)
})

test('a mark outside of its mask is refused', () => {
  expect(() => markSocketsProgram('m', 0x3, 0x1)).toThrow(/^mark: /)
  expect(markSocketsProgram('m', 0x8000_0000, 0xc000_0000).hook).toBe('sock-create')
  expect(() => markSocketsPrograms('m', 0x3, 0x1)).toThrow(/^mark: /)
  expect(markSocketsPrograms('m', 1, 1).map(({ hook }) => hook)).toEqual(cgroupHookNames.slice(0, 3))
  expect(lockDeviceProgram('l').hook).toBe('setsockopt')
})

function redirect(from: string, fromPort: number, to: string, toPort: number) {
  return () =>
    redirectPrograms('r', [{ from: { address: from, port: fromPort }, to: { address: to, port: toPort } }])
}

test('redirects are checked by field', () => {
  expect(redirect('127.0.0.53', 53, 'fd00::1', 53)).toThrow(/^redirects\[0\]\.to\.address: /)
  expect(redirect('127.0.0.53', 0, '10.0.0.1', 53)).toThrow(/^redirects\[0\]\.from\.port: /)
  expect(redirect('127.0.0.53', 53, '10.0.0.1', 65536)).toThrow(/^redirects\[0\]\.to\.port: /)
  expect(() => redirectPrograms('r', [])).toThrow(/^redirects: /)
  expect(redirect('127.0.0.53', 53, '10.0.0.1', 53)().map(({ hook }) => hook)).toEqual(
    cgroupHookNames.slice(1, 9),
  )
})
