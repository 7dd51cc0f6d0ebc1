import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const script = fileURLToPath(new URL('../../sdk/compile.sh', import.meta.url))

/** What a compiler is given of some options. */
function given(...options: string[]): string[] {
  const args = ['printf', String.raw`%s\n`, ...options]
  const output = execFileSync(script, args, {
    encoding: 'utf8',
    env: { ...process.env, VPNEXT_PROJECT: '/p' },
  })
  const [rest, own] = [output.split('\n').slice(0, -3), output.split('\n').slice(-3)]
  expect(own).toEqual(['-ffile-prefix-map=/p=.', '-Wl,-rpath,$ORIGIN,--disable-new-dtags', ''])
  return rest
}

test('what only clang knows is left out', () => {
  expect(
    given(
      '-c',
      '-Wthread-safety',
      '-Xclang',
      '-fno-x',
      '-mllvm',
      '-y',
      '-ferror-limit=3',
      '-stdlib=libc++',
      '-target',
      'aarch64-linux-ohos',
      '-fsanitize=cfi-icall,bounds',
      '-fsanitize=address',
      '-fno-slp-vectorize',
      'a b.cpp',
    ),
  ).toEqual(['-c', '-fsanitize=address', 'a b.cpp'])
})

test('what only lld knows is left out, of a list too, and the rest stays as it is', () => {
  expect(
    given(
      '-Wl,--icf=all',
      '-Wl,--gc-sections,--icf=safe,-z,now',
      '-Wl,-O1,-mllvm,-x=*,-rpath,$ORIGIN',
      '-Wl,--threads=4',
      '*',
    ),
  ).toEqual(['-Wl,--gc-sections,-z,now', '-Wl,-O1,-rpath,$ORIGIN', '*'])
})

test('what is for the processor of phones alone is left out elsewhere', () => {
  const options = ['-march=armv8-a+crypto', '-mcpu=cortex-a76', '-mfpu=neon', '-mbranch-protection=standard']
  expect(given('-O2', ...options)).toEqual(process.arch === 'x64' ? ['-O2'] : ['-O2', ...options])
})

test('warnings are left out, and what turns one off is not: it may be an error else', () => {
  expect(given('-Wall', '-Werror', '-Wno-narrowing', '-Wno-error=int-conversion')).toEqual([
    '-Wno-narrowing',
    '-Wno-int-conversion',
  ])
})

test('what is for the linker, the assembler and the code stays', () => {
  const options = [
    '-Wl,-z,now',
    '-Wa,--noexecstack',
    '-O2',
    '-fno-exceptions',
    '-fvisibility-inlines-hidden',
    '-o',
    'x.o',
    '',
  ]
  expect(given(...options)).toEqual(options)
})
