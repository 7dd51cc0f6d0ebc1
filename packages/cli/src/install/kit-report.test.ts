import { expect, test } from 'vitest'
import { blocking, lackingLine, reportKits, usedLines } from './kit-report.ts'

/** A compiled project of one extension that uses these. */
function project(
  ...uses: [module: string, path: string[], line: number][]
): Parameters<typeof reportKits>[0] {
  const kitUses = uses.map(([module, path, line]) => ({
    module,
    path,
    place: () => ({ file: 'entry/src/main/ets/A.ets', line, column: 5 }),
  }))
  const entry = {
    code: '',
    map: '',
    exports: [],
    kits: [],
    natives: [],
    warnings: [],
    exportName: '',
    kitUses,
  }
  return { entries: new Map([['A', entry]]) }
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
      ['@ohos.net.webSocket', [], 1],
      ['@ohos.net.webSocket', ['default', 'createWebSocket'], 2],
      ['@ohos.net.webSocket', ['default', 'createWebSocket'], 9],
      ['@kit.ArkUI', ['promptAction', 'showToast'], 3],
      ['@kit.NetworkKit', ['connection', 'enableAirplaneMode'], 4],
      ['@kit.Nonsense', [], 5],
    ),
  )
  expect(report.lacking.map(lackingLine)).toEqual([
    'entry/src/main/ets/A.ets:2:5: @ohos.net.webSocket.createWebSocket',
    'entry/src/main/ets/A.ets:3:5: @kit.ArkUI.promptAction (for pages only)',
    'entry/src/main/ets/A.ets:4:5: @kit.NetworkKit.connection.enableAirplaneMode',
    'entry/src/main/ets/A.ets:5:5: @kit.Nonsense',
  ])
  expect(blocking(report).map(({ name }) => name)).toEqual([
    '@ohos.net.webSocket.createWebSocket',
    '@kit.Nonsense',
  ])
})
