import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { testKits } from '../test/test-runtime.ts'

const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc')
const kit = fileURLToPath(new URL('..', import.meta.url))

let project: string
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'vpnext-types-'))
  writeFileSync(
    join(project, 'tsconfig.json'),
    JSON.stringify({ extends: join(kit, 'tsconfig.extension.json') }),
  )
})
afterEach(() => rmSync(project, { recursive: true }))

/** What tsc says of a project of which the only setting is the one-line `extends`, as `line code`. */
function complaints(name: string): string[] {
  copyFileSync(join(kit, 'corpus', name), join(project, 'ability.ts'))
  const { stdout } = spawnSync(process.execPath, [compiler, '-p', project, '--pretty', 'false'], {
    encoding: 'utf8',
  })
  return [...stdout.matchAll(/ability\.ts\((\d+),\d+\): error TS(\d+)|error TS(\d+)/g)].map(
    ([, line, code, other]) => `${line ?? 'config'} ${code ?? other}`,
  )
}

test.each([
  'good-ability.ets',
  'later-api.ets',
  'good-kits.ets',
  'good-tools.ets',
  'good-natives.ets',
  'good-more.ets',
  'good-projects.ets',
])('what uses only what is provided compiles: %s', (name) => {
  expect(complaints(name)).toEqual([])
})

test.each(['bad-ability.ets', 'bad-kits.ets', 'bad-tools.ets'])(
  'each mistake is found where it is: %s',
  (name) => {
    const expected = readFileSync(join(kit, 'corpus', name), 'utf8')
      .split('\n')
      .flatMap((line, index) => {
        const code = /\/\/ error (\d+)$/.exec(line)?.[1]
        return code === undefined ? [] : [`${index + 1} ${code}`]
      })
    expect(expected.length).toBeGreaterThan(10)
    expect(complaints(name)).toEqual(expected)
  },
)

test('vpnext’s own kits bring their declarations', () => {
  const lines = [
    "import { openUdp, startPump, TunDevice } from '@vpnext/packet'",
    "import { openWireGuard, parseWgQuick, vpnConfigOf } from '@vpnext/wireguard'",
    "import { vpnExtension } from '@kit.NetworkKit'",
    'export async function run(connection: vpnExtension.VpnConnection, text: string): Promise<void> {',
    "  const settings = parseWgQuick(text, 'wg0')",
    '  const tunFd = await connection.create({ ...vpnConfigOf(settings), vpnext: { offload: true } })',
    '  const protect = (fd: number): Promise<void> => connection.protect(fd)',
    '  const engine = await openWireGuard({ settings, tunFd, protect })',
    '  console.log(`${(await engine.status()).peers[0]?.handshakeAge}`)',
    "  const pump = await startPump({ tunFd, udpFd: openUdp(), transform: new URL('file:///bundle/t.mjs') })",
    '  pump.counters().tun.received.packets.toFixed()',
    '  for await (const batch of TunDevice.open(tunFd).batches()) batch.nextOne()',
    '  await openWireGuard({ settings, tunFd })',
    '}',
  ]
  writeFileSync(join(project, 'ability.ts'), lines.join('\n'))
  const { stdout } = spawnSync(process.execPath, [compiler, '-p', project, '--pretty', 'false'], {
    encoding: 'utf8',
  })
  const found = [...stdout.matchAll(/ability\.ts\((\d+),\d+\): error TS(\d+)/g)].map(([, line, code]) => [
    line,
    code,
  ])
  expect(found).toEqual([
    ['12', '2339'],
    ['13', '2741'],
  ])
})

test('the WireGuard that comes with vpnext is sound by the declarations that everybody has', () => {
  const sources = join(kit, '../../apps/wireguard/entry/src/main/ets/vpnability')
  for (const name of readdirSync(sources))
    copyFileSync(join(sources, name), join(project, name.replace(/\.ets$/, '.ts')))
  const { stdout } = spawnSync(process.execPath, [compiler, '-p', project, '--pretty', 'false'], {
    encoding: 'utf8',
  })
  expect(stdout).toBe('')
})

test('the declarations themselves hold together', () => {
  writeFileSync(
    join(project, 'tsconfig.json'),
    JSON.stringify({
      extends: join(kit, 'tsconfig.extension.json'),
      compilerOptions: { skipLibCheck: false },
    }),
  )
  writeFileSync(join(project, 'ability.ts'), 'export {}')
  const { stdout } = spawnSync(process.execPath, [compiler, '-p', project, '--pretty', 'false'], {
    encoding: 'utf8',
  })
  expect(stdout).toBe('')
})

/** What exists at run time under an older name, or as a class of which authors only get instances. */
const undeclared: Readonly<Record<string, readonly string[]>> = {
  '@ohos.file.fs': ['File'],
  '@ohos.process': ['exit'],
  '@ohos.url': ['URLSearchParams'],
  '@ohos.util': ['Base64', 'LruBuffer', 'Scope', 'printf'],
}

const onlyTypes: ReadonlySet<string> = new Set(
  [
    'AbilityLifecycleCallback',
    'ApplicationStateChangeCallback',
    'Configuration',
    'EnvironmentCallback',
    'Want',
    'common',
  ].map((name) => `@ohos.app.ability.${name}`),
)

test('what is declared is there, and what is there is declared', () => {
  const { kits } = testKits()
  const lines: string[] = []
  for (const [index, name] of kits.names.entries()) {
    const namespace: unknown = Reflect.get(kits.load(name) ?? {}, 'default')
    if (!name.startsWith('@ohos.') || typeof namespace !== 'object' || namespace === null) continue
    if (onlyTypes.has(name)) continue
    const keys = Object.keys(namespace).filter((key) => undeclared[name]?.includes(key) !== true)
    lines.push(
      `import m${index} from '${name}'`,
      `const r${index}: Record<keyof typeof m${index}, 1> = { ${keys.map((key) => `${key}: 1`).join(', ')} }`,
      `export const e${index} = r${index}`,
    )
  }
  expect(lines.length).toBeGreaterThan(60)
  writeFileSync(join(project, 'ability.ts'), lines.join('\n'))
  const { stdout } = spawnSync(process.execPath, [compiler, '-p', project, '--pretty', 'false'], {
    encoding: 'utf8',
  })
  expect(stdout).toBe('')
})
