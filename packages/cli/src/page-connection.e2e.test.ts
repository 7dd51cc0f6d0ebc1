import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createSplitProject, splitBundle } from '../test/split-project.ts'
import { serviceForAll } from '../test/service-for-all.ts'

// A page and an extension on a busy machine.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

/** A page that has a connection as a field, as the official sample's has, and ends the VPN by it. */
const page = `import { UIAbility, common } from '@kit.AbilityKit'
import { vpnExtension } from '@kit.NetworkKit'

export default class StopAbility extends UIAbility {
  private connection = vpnExtension.createVpnConnection(getContext(this) as common.VpnExtensionContext)

  async onCreate(): Promise<void> {
    const addresses = [{ address: { address: '10.99.2.1', family: 1 }, prefixLength: 24 }]
    await this.connection.create({ addresses }).catch((error: Error) => console.info('create ' + JSON.stringify(error)))
    await this.connection.destroy()
    await this.connection.destroy()
    const application = vpnExtension.createVpnConnection(this.context.getApplicationContext() as object as common.VpnExtensionContext)
    console.info('destroyed by the page ' + JSON.stringify(application))
  }
}
`
/** As applications of a framework write it, in a project without the framework's package. */
const withoutBase = `import { FrameworkAbility } from '@example/framework'
export default class OtherAbility extends FrameworkAbility {}
`
const modules = `{
  module: {
    name: 'entry',
    type: 'entry',
    abilities: [
      { name: 'StopAbility', srcEntry: './ets/StopAbility.ets' },
      { name: 'OtherAbility', srcEntry: './ets/OtherAbility.ets' },
    ],
    extensionAbilities: [{ name: 'SplitAbility', srcEntry: './ets/SplitAbility.ets', type: 'vpn' }],
    requestPermissions: [{ name: 'ohos.permission.INTERNET' }],
  },
}
`

const shared = serviceForAll()
const project = createSplitProject({ 'entry/src/main/module.json5': () => modules })
writeFileSync(join(project.folder, 'entry/src/main/ets/StopAbility.ets'), page)
writeFileSync(join(project.folder, 'entry/src/main/ets/OtherAbility.ets'), withoutBase)
afterAll(() => project[Symbol.dispose]())

interface Status {
  readonly hosts: readonly { readonly abilityName: string }[]
  readonly tunnels: readonly unknown[]
}
const status = async (): Promise<Status> =>
  JSON.parse((await shared.service.run(['status', '--json'])).stdout) as Status

beforeAll(async () => {
  const installed = await shared.service.run(['install', project.folder])
  expect(installed, installed.stderr).toMatchObject({ code: 0 })
  expect(installed.stderr).toContain('OtherAbility.ets:1:34: @example/framework is neither')
})

test('a page that was left out says so when it is started', async () => {
  const started = await shared.service.run(['aa', 'start', '-b', splitBundle, '-a', 'OtherAbility'])
  expect(started.code).not.toBe(0)
  expect(started.stdout + started.stderr).toContain('the page cannot be loaded: it was left out')
})

test('a page has a connection of its own, which ends the tunnel of the bundle and makes none', async () => {
  expect(await shared.service.run(['start', splitBundle, '--yes'])).toMatchObject({ code: 0 })
  expect((await status()).tunnels).toHaveLength(1)
  const started = await shared.service.run(['aa', 'start', '-b', splitBundle, '-a', 'StopAbility'])
  expect(started).toMatchObject({ code: 0 })
  const logs = async (): Promise<string> => (await shared.service.run(['logs', splitBundle])).stdout
  await vi.waitFor(async () => expect(await logs()).toContain('destroyed by the page {}'), {
    timeout: 120_000,
    interval: 100,
  })
  expect(await logs()).toMatch(/create \{.*"code":201.*this process runs no VPN extension/)
  const { tunnels, hosts } = await status()
  expect(tunnels).toEqual([])
  expect(hosts.map(({ abilityName }) => abilityName)).toContain('SplitAbility')
  expect(await shared.service.run(['aa', 'force-stop', splitBundle])).toMatchObject({ code: 0 })
})
