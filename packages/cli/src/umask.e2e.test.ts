import { fileURLToPath } from 'node:url'
import { createLab } from '@vpnext/lab'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createPlace, startService } from '../test/test-service.ts'

const helloProject = fileURLToPath(new URL('../../../apps/hello-vpn', import.meta.url))

let former: number
beforeEach(() => (former = process.umask(0o077)))
afterEach(() => void process.umask(former))

test('a service that was started under umask 077, as careful administrators have it, runs extensions', async () => {
  await using lab = await createLab()
  using place = createPlace()
  await using service = await startService(lab.client, place)
  expect(await service.run(['install', helloProject])).toMatchObject({ code: 0 })
  expect(await service.run(['start', 'io.vpnext.hello', '--yes'])).toMatchObject({
    code: 0,
    stdout: 'started io.vpnext.hello (HelloVpnAbility)\n',
  })
})
