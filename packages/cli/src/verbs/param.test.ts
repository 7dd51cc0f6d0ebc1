import { deviceFacts } from '@vpnext/kit/surface'
import { expect, test } from 'vitest'
import { recordingContext } from '../../test/recording-context.ts'
import { exitCodes } from '../exit-codes.ts'
import { runCli } from '../run-cli.ts'

const run = async (...args: string[]): Promise<{ code: number; out: string; told: string }> => {
  const context = recordingContext()
  const code = await runCli(args, context)
  return { code, out: context.output(), told: context.errors() }
}

test('scripts learn what kind of device this is', async () => {
  const version = `${deviceFacts.sdkApiVersion}\n`
  expect(await run('param', 'get', 'const.ohos.apiversion')).toMatchObject({ code: 0, out: version })
  expect(await run('param', 'get', 'const.product.devicetype')).toMatchObject({ code: 0, out: '2in1\n' })
  const { code, out } = await run('param', 'get')
  expect([code, out]).toEqual([0, expect.stringContaining('const.security.developermode.state = true\n')])
})

test.each(['const.nobody.has.it', 'toString'])(
  'what there is not is told in the device’s words: %s',
  async (name) => {
    const { code, told } = await run('param', 'get', name)
    expect(code).toBe(exitCodes.notFound)
    expect(told).toBe(`Get parameter "${name}" fail! errNum is:106!\n`)
  },
)

test('none can be set', async () => {
  const { code, told } = await run('param', 'set', 'persist.x', '1')
  expect([code, told]).toEqual([
    1,
    expect.stringContaining('Set parameter persist.x 1 fail! errNum is:1001!\n'),
  ])
})
