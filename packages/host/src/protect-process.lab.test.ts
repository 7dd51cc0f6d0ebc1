import {
  type Inventory,
  type Lab,
  createLab,
  expectNothingLeft,
  labAddresses,
  takeInventory,
} from '@vpnext/lab'
import { rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

import type { TemporaryFolder } from '../../service/test/temporary-folder.ts'
import { archiveOf, extensionText } from '../test/extension-project.ts'
import { buildTestImage } from '../test/host-harness.ts'
import { serviceProgram, startLabService } from '../test/lab-service.ts'

/** protectProcessNet under a full tunnel that carries nothing: an answer can only have come by the uplink. */
const { client, internet } = labAddresses
const bundleName = 'com.example.processnet'
let image: string
let archive: Uint8Array
let program: TemporaryFolder
let before: Inventory
let lab: Lab

beforeAll(async () => {
  program = await serviceProgram()
  image = buildTestImage()
  const extensions = {
    ProcessNetAbility: extensionText('ProcessNet.ets'),
    ProtectAbility: extensionText('Protect.ets'),
  }
  archive = await archiveOf({ bundleName, extensions })
  before = takeInventory()
  lab = await createLab()
})
afterAll(async () => {
  await lab[Symbol.asyncDispose]()
  program[Symbol.dispose]()
  rmSync(dirname(image), { recursive: true })
  await expectNothingLeft(before)
})

const expected = [
  `before ${internet.v4} nothing nothing`,
  `before ${internet.v6} nothing nothing`,
  `after ${internet.v4} ${client.v4} ${client.v4}`,
  `after ${internet.v6} ${client.v6} ${client.v6}`,
  'done',
]

test.each([
  ['by the kernel, where there is a control group', [], []],
  [
    'by its uid, where there is none',
    ['unshare', '-m', 'sh', '-c', 'umount -a -t cgroup2 && exec "$@"', 'sh'],
    [],
  ],
])('sockets of after protectProcessNet leave by the uplink: %s', async (_how, wrapper, warnings) => {
  await using service = await startLabService(lab.client, program, image, wrapper)
  const parameters = { servers: [internet.v4, internet.v6] }
  await service.run(archive, { bundleName, abilityName: 'ProcessNetAbility', parameters })
  const lines = await service.lines('done')
  expect(lines.filter(({ tag }) => tag === 'result').map(({ message }) => message)).toEqual(expected)
  expect(
    lines.map(({ message }) => message).filter((message) => message.startsWith('protectProcessNet')),
  ).toEqual(warnings)
})

test('protect, before connect, for TCP and UDP, IPv4 and IPv6: the far end sees the uplink’s address', async () => {
  await using service = await startLabService(lab.client, program, image)
  const parameters = { servers: [internet.v4, internet.v6] }
  await service.run(archive, { bundleName, abilityName: 'ProtectAbility', parameters })
  const lines = await service.lines('done')
  expect(lines.filter(({ tag }) => tag === 'result').map(({ message }) => message)).toEqual([
    `plain ${internet.v4} nothing nothing`,
    `plain ${internet.v6} nothing nothing`,
    `protected ${internet.v4} ${client.v4} ${client.v4}`,
    `protected ${internet.v6} ${client.v6} ${client.v6}`,
    'done',
  ])
})
