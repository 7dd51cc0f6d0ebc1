import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readElf, withPlainNames } from './elf-file.ts'
import { ndkNeeds } from './ndk-needs.ts'
import { whyUnloadable } from './prebuilt-libraries.ts'

/** What an independent reader says. */
function neededByReadelf(path: string): string[] {
  const text = execFileSync('readelf', ['-d', path], { encoding: 'utf8' })
  return [...text.matchAll(/\(NEEDED\).*\[(.+)\]/g)].map(([, name]) => name ?? '')
}

test('a program has the machine it runs on, and needs what readelf says', () => {
  const own = process.arch === 'arm64' ? 'aarch64' : 'x86_64'
  const elf = readElf(readFileSync('/bin/sh'))
  expect(elf).toEqual({ machine: own, needed: neededByReadelf('/bin/sh'), forHarmony: false })
  expect(whyUnloadable({ elf })).toBeUndefined()
})

test('a library of HarmonyOS is known by what it needs', () => {
  const bytes = Uint8Array.from(readFileSync('/bin/sh'))
  const at = Buffer.from(bytes.buffer).indexOf('libc.so.6\0')
  expect(at).toBeGreaterThan(0)
  // musl's is called libc.so.
  bytes[at + 'libc.so'.length] = 0
  const elf = readElf(bytes)
  expect(elf).toMatchObject({ needed: ['libc.so'], forHarmony: true })
  expect(whyUnloadable({ elf })).toContain('is built for HarmonyOS')
})

test('a library that is needed by its path is needed by its name', () => {
  const bytes = Uint8Array.from(readFileSync('/bin/sh'))
  expect(withPlainNames(bytes)).toBe(bytes)
  const at = Buffer.from(bytes.buffer).indexOf('libc.so.6\0')
  bytes.set(Buffer.from('/a/b/c.so'), at)
  const before = Uint8Array.from(bytes)
  const plain = withPlainNames(bytes)
  expect(readElf(bytes)?.needed).toContain('/a/b/c.so')
  expect(readElf(plain)?.needed).toEqual(readElf(bytes)?.needed.map((name) => name.replace('/a/b/', '')))
  expect(bytes).toEqual(before)
  expect(plain.length).toBe(bytes.length)
})

test('another machine is named', () => {
  const bytes = Uint8Array.from(readFileSync('/bin/sh'))
  bytes[18] = 243
  expect(whyUnloadable({ elf: readElf(bytes) })).toContain('is built for machine 243')
})

test('whatever the bytes are, they are read or refused', () => {
  const sample = readFileSync('/bin/sh').subarray(0, 4096)
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(sample.length - 1), fc.integer({ min: 0, max: 255 })), { maxLength: 40 }),
      fc.nat(sample.length),
      (changes, length) => {
        const bytes = Uint8Array.from(sample)
        for (const [at, value] of changes) if (at > 5) bytes[at] = value
        readElf(bytes.subarray(0, length))
        ndkNeeds(bytes.subarray(0, length))
      },
    ),
  )
  expect(readElf(new TextEncoder().encode('no ELF file'.repeat(20)))).toBeUndefined()
})
