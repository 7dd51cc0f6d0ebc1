import type { CompiledEntry } from '@vpnext/arkts'
import { expect, test } from 'vitest'
import { blocking, lackingLine, reportKits, usedLines } from './kit-report.ts'

type Use = [module: string, path: string[], line: number]

/** A compiled project of one extension that uses these. */
function project(...uses: Use[]): Parameters<typeof reportKits>[0] {
  return { entries: new Map([['A', script('A.ets', uses)]]), workers: new Map() }
}

function script(file: string, uses: Use[]): CompiledEntry {
  const kitUses = uses.map(([module, path, line]) => ({
    module,
    path,
    place: () => ({ file: `entry/src/main/ets/${file}`, line, column: 5 }),
  }))
  return { code: '', map: '', exports: [], kits: [], natives: [], warnings: [], exportName: '', kitUses }
}

test('tells what is used, kit by kit', () => {
  const report = reportKits(
    project(
      ['@ohos.hilog', [], 1],
      ['@ohos.hilog', ['default', 'info'], 2],
      ['@kit.NetworkKit', ['connection', 'getDefaultNet'], 3],
      ['@kit.NetworkKit', ['socket'], 4],
    ),
  )
  expect(usedLines(report)).toEqual(['@kit.NetworkKit: connection, socket', '@ohos.hilog: info'])
  expect(report.lacking).toEqual([])
})

test('what is lacking is told where it is used first, and only what an extension may need stands in its way', () => {
  const report = reportKits(
    project(
      ['@ohos.net.mdns', [], 1],
      ['@ohos.net.mdns', ['default', 'addLocalService'], 2],
      ['@ohos.net.mdns', ['default', 'addLocalService'], 9],
      ['@kit.ArkUI', ['promptAction', 'showToast'], 3],
      ['@kit.NetworkKit', ['connection', 'enableAirplaneMode'], 4],
      ['@kit.Nonsense', [], 5],
    ),
  )
  expect(report.lacking.map(lackingLine)).toEqual([
    'entry/src/main/ets/A.ets:2:5: @ohos.net.mdns.addLocalService',
    'entry/src/main/ets/A.ets:3:5: @kit.ArkUI.promptAction (for pages only)',
    'entry/src/main/ets/A.ets:4:5: @kit.NetworkKit.connection.enableAirplaneMode',
    'entry/src/main/ets/A.ets:5:5: @kit.Nonsense',
  ])
  expect(blocking(report).map(({ name }) => name)).toEqual([
    '@ohos.net.mdns.addLocalService',
    '@kit.Nonsense',
  ])
})

test('what the scripts of threads use is told too; what they alone lack stands in nobody’s way', () => {
  const report = reportKits({
    ...project(['@kit.Nonsense', ['a'], 1]),
    workers: new Map([
      [
        '1',
        script('W.ets', [
          ['@kit.Nonsense', ['a'], 2],
          ['@kit.Nonsense', ['b'], 3],
          ['@ohos.hilog', ['default', 'info'], 4],
        ]),
      ],
    ]),
  })
  expect(usedLines(report)).toEqual(['@kit.Nonsense: a, b', '@ohos.hilog: info'])
  expect(report.lacking.map(lackingLine)).toEqual([
    'entry/src/main/ets/A.ets:1:5: @kit.Nonsense.a',
    'entry/src/main/ets/W.ets:3:5: @kit.Nonsense.b (in a worker only)',
  ])
  expect(blocking(report).map(({ name }) => name)).toEqual(['@kit.Nonsense.a'])
})
