import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { serviceForAll } from '../test/service-for-all.ts'
import { createSplitProject, splitBundle } from '../test/split-project.ts'
import type { Finished } from '../test/vpnext-process.ts'

const suites = `import { describe, it, expect, beforeEachIt, SkipError, SysTestKit, ArgumentMatchers } from '@ohos/hypium'
import { hilog } from '@kit.PerformanceAnalysisKit'
import { abilityDelegatorRegistry } from '@kit.TestKit'

export default function testsuite() {
  describe('Outer', () => {
    beforeEachIt(() => hilog.info(0, 'Suite', 'a case begins'))
    describe('Log', () => {
      it('is_alone', 0, async () => {
        const delegator = abilityDelegatorRegistry.getAbilityDelegator()
        let code = 0
        await delegator.getCurrentTopAbility().catch((error: Error) => { code = Reflect.get(error, 'code') })
        expect(code).assertEqual(16000100)
      })
      it('is_asked', 0, async () => {
        expect(await SysTestKit.existKeyword('A CASE BEGINS')).assertTrue()
        await SysTestKit.cleanLog()
        expect(await SysTestKit.existKeyword('a case begins')).assertFalse()
        hilog.info(0x0001, 'Core', 'handshake %{public}d', 7)
        expect(await SysTestKit.existKeyword('handshake 7', 2)).assertTrue()
      })
      it('is_skipped', 0, () => {
        throw new SkipError('no peer here')
      })
      it('matches', 0, () => {
        expect({ peer: 'a', port: 1 }).assertMatchObj({ port: ArgumentMatchers.anyNumber })
        expect(1).message('in words').assertEqual(2)
      })
    })
  })
}
`

const shared = serviceForAll(async ({ service }) => {
  using project = createSplitProject()
  const folder = join(project.folder, 'entry/src/ohosTest/ets/test')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'List.test.ets'), suites)
  expect(await service.run(['bm', 'install', '-p', project.folder])).toMatchObject({ code: 0 })
})

const tests = (...args: string[]): Promise<Finished> =>
  shared.service.run([
    'aa',
    'test',
    '-b',
    splitBundle,
    '-m',
    'entry_test',
    '-s',
    'unittest',
    'OpenHarmonyTestRunner',
    ...args,
  ])

test('a run begins without what ran before; a suite asks its log, leaves cases out, and says in its own words what is wrong', async () => {
  const junit = join(shared.place.folder, 'results.xml')
  expect(await shared.service.run(['start', splitBundle, '--yes'])).toMatchObject({ code: 0 })
  const { code, stdout } = await tests('--junit', junit)
  expect(code).toBe(1)
  expect(stdout).toContain('Tests run: 4, Failure: 1, Error: 0, Pass: 2, Ignore: 1')
  // As on the device, a run ends what is there before it begins.
  expect((await shared.service.run(['status', '--json'])).stdout).not.toContain('SplitAbility')
  expect(stdout).toContain('OHOS_REPORT_STATUS: skipReason=no peer here\n')
  expect(stdout).toContain(
    'OHOS_REPORT_STATUS: stream=message: in words, Error in matches, expect 1 equals 2\n',
  )
  const file = readFileSync(junit, 'utf8')
  expect(file).toContain('<skipped message="no peer here"/>')
  expect(file).toContain('<failure message="in words, Error in matches, expect 1 equals 2">')
})
