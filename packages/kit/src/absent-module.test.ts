import { runInNewContext } from 'node:vm'
import { transformSync } from 'esbuild'
import { expect, test } from 'vitest'

import { absentModule } from './absent-module.ts'

/** Runs TypeScript as a bundle of an extension is run. */
function run(code: string): unknown {
  const { code: script } = transformSync(code, { loader: 'ts', format: 'cjs' })
  const module = { exports: {} as { result?: unknown } }
  runInNewContext(script, { module, require: absentModule })
  return module.exports.result
}

const imports = `import { router, window as win } from '@kit.ArkUI'
import http from '@ohos.net.http'
import * as all from '@ohos.telephony.sim'
import axios from 'absent:@ohos/axios'
`

test('a module that is not provided can be imported and passed on', () => {
  expect(run(`${imports}export const result = [typeof router, [win, http, all].length]`)).toEqual([
    'function',
    3,
  ])
})

test.each([
  ['router.back()', '@kit.ArkUI.router.back'],
  ['new win.Window()', '@kit.ArkUI.window.Window'],
  ['win()', '@kit.ArkUI.window'],
  ['new router()', '@kit.ArkUI.router'],
  ['class Page extends router {}', '@kit.ArkUI.router'],
  ['http.createHttp()', '@ohos.net.http.createHttp'],
  ['http()', '@ohos.net.http'],
  ['axios.get()', '@ohos/axios.get'],
  ['all.default.getSimCount()', '@ohos.telephony.sim.getSimCount'],
])('use fails 801 with the name: %s', (use, field) => {
  expect(() => run(`${imports}${use}`)).toThrow(
    expect.objectContaining({ code: 801, data: expect.objectContaining({ field }) }),
  )
})

test("what files of ArkUI's constants call as they load gives inert objects", () => {
  const code = `import { curves, LengthMetrics, SymbolGlyphModifier } from '@kit.ArkUI'
import old from '@ohos.curves'
const calls = [curves.springMotion(1), old.interpolatingSpring(0, 1), LengthMetrics.vp(3), new SymbolGlyphModifier('x').fontSize(3)]
export const result = calls.map((value) => typeof value)`
  expect(run(code)).toEqual(['object', 'object', 'object', 'object'])
})

test('enumerations that abilities name when they make their window ready are their own names', () => {
  const code = `import { window, KeyboardAvoidMode } from '@kit.ArkUI'
import display from '@ohos.display'
export const result = [window.AvoidAreaType.TYPE_SYSTEM, KeyboardAvoidMode.RESIZE, display.FoldStatus.FOLD_STATUS_FOLDED]`
  expect(run(code)).toEqual(['TYPE_SYSTEM', 'RESIZE', 'FOLD_STATUS_FOLDED'])
})

test('storages of ArkUI hold one object for a key', () => {
  const code = `import { AppStorageV2, PersistenceV2, UIUtils } from '@kit.ArkUI'
import { AppStorageV2 as same } from '@ohos.arkui.StateManagement'
class Settings { port = 1 }
const first = AppStorageV2.connect(Settings, () => new Settings())
first.port = 2
const named = AppStorageV2.connect(Settings, 'other', () => new Settings())
const kept = PersistenceV2.globalConnect({ type: Settings, defaultCreator: () => new Settings() })
PersistenceV2.save(Settings)
const before = AppStorageV2.keys()
AppStorageV2.remove(Settings)
export const result = [same.connect(Settings, 'other') === named, first.port, named.port, kept.port, before,
  AppStorageV2.connect(Settings), UIUtils.getTarget(first) === first]`
  expect(run(code)).toEqual([true, 2, 1, 1, ['Settings', 'other'], undefined, true])
})

test('each name that is used is heard of once, whatever becomes of the error', () => {
  const used: string[] = []
  const module = absentModule('libcore.so', (path) => used.push(path)) as {
    default: Record<string, () => void>
  }
  for (const name of ['start', 'start', 'stop']) expect(() => module.default[name]?.()).toThrow()
  expect(used).toEqual(['libcore.so.start', 'libcore.so.stop'])
})

test('what tools look up on anything is no use', async () => {
  const module = absentModule('@kit.ArkUI') as { router: object }
  expect(await Promise.resolve(module)).toBe(module)
  expect(await Promise.resolve(module.router)).toBe(module.router)
})

test.each(['node:fs', 'left-pad', '@ohos/hypium', '/etc/passwd'])('no module of the platform: %s', (name) => {
  expect(absentModule(name)).toBeUndefined()
})
