import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { diffSnapshots, takeSnapshot } from '@vpnext/network'
import { expect, test } from 'vitest'
import { serviceForAll } from '../test/service-for-all.ts'
import type { Finished } from '../test/vpnext-process.ts'
import { exitCodes } from './exit-codes.ts'

const helloProject = fileURLToPath(new URL('../../../apps/hello-vpn', import.meta.url))

const shared = serviceForAll()

const config = {
  addresses: [{ address: { address: '10.8.0.5', family: 1 }, prefixLength: 24 }],
  dnsAddresses: ['10.8.0.1'],
  mtu: 9000,
}

/** Plans from standard input, and sees to it that nothing has changed. */
async function plan(input: string, ...args: string[]): Promise<Finished> {
  const before = shared.client.run(() => takeSnapshot())
  const finished = await shared.service.run(['plan', '-', ...args], { input })
  expect(
    diffSnapshots(
      before,
      shared.client.run(() => takeSnapshot()),
    ),
  ).toEqual([])
  return finished
}

test('the steps of create, numbered, in their order, then the warnings', async () => {
  const { code, stdout, stderr } = await plan(JSON.stringify(config))
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  const lines = stdout.trimEnd().split('\n')
  const steps = lines.filter((line) => /^ *\d+\. /.test(line))
  expect(steps.map((line) => Number.parseInt(line, 10))).toEqual(steps.map((_, index) => index + 1))
  const order = [
    'make TUN device vpn-tun',
    'fill table 52000',
    'add the guard',
    shared.place.resolvConf,
    'pref 9000',
  ]
  const found = order.map((text) => steps.findIndex((line) => line.includes(text)))
  expect(found).not.toContain(-1)
  expect(found).toEqual(found.toSorted((a, b) => a - b))
  expect(stdout).toMatch(/^warning: config\.mtu: /m)
  expect(lines.at(-1)).toMatch(/^nothing has been changed/)
})

test('a file, and JSON for programs', async () => {
  const path = join(shared.place.folder, 'config.json')
  writeFileSync(path, JSON.stringify(config))
  const { code, stdout } = await shared.service.run(['plan', path, '--json'])
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toEqual({
    steps: expect.arrayContaining([expect.stringContaining('make TUN device vpn-tun')]) as string[],
    warnings: [{ field: 'config.mtu', reason: expect.any(String) as string }],
  })
})

test.each([
  [
    '{"addresses": [{"address": {"address": "10.8.0.5"}, "prefixLength": 280}]}',
    '401',
    'config.addresses[0].prefixLength',
  ],
  ['{"addresses": [], "mtu": 20}', '2200001', 'config.mtu'],
  ['{}', '401', 'config.addresses'],
])('%s is refused with the path of the field', async (input, errorCode, field) => {
  const { code, stdout, stderr } = await plan(input)
  expect({ code, stdout }).toEqual({ code: exitCodes.failure, stdout: '' })
  expect(stderr).toMatch(/^vpnext: /)
  expect(stderr).toContain(`(${errorCode}): ${field}: `)
  expect(stderr).not.toContain('    at ')
  const json = await plan(input, '--json')
  expect(JSON.parse(json.stdout)).toMatchObject({ error: { exitCode: 1, code: Number(errorCode), field } })
})

test.each([
  ['{', 'standard input is no JSON: '],
  ['[]', 'standard input: a JSON object is needed'],
  ['', 'standard input is no JSON: '],
])('%j is told as what it is', async (input, text) => {
  const { code, stderr } = await plan(input)
  expect(code).toBe(exitCodes.failure)
  expect(stderr).toContain(`vpnext: ${text}`)
})

test('as a bundle: only one that is installed', async () => {
  const missing = await plan(JSON.stringify(config), '--bundle', 'io.vpnext.hello')
  expect(missing.code).toBe(exitCodes.notFound)
  await shared.service.run(['install', helloProject])
  expect(await plan(JSON.stringify(config), '--bundle', 'io.vpnext.hello')).toMatchObject({ code: 0 })
})

test('a file that is not there is 5, and no service is 3', async () => {
  expect(await shared.service.run(['plan', '/nowhere/config.json'])).toMatchObject({
    code: exitCodes.notFound,
  })
  const lonely = await shared.service.run(['plan', '-'], { input: '{}', env: { VPNEXT_RUN_DIR: '/nowhere' } })
  expect(lonely.code).toBe(exitCodes.noService)
})
