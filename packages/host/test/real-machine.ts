import { type Fd, memfdSealed } from '@vpnext/native'
import { publicInterface } from '@vpnext/service/protocol'
import { expect } from 'vitest'

import type { TestService } from '../../service/test/test-service.ts'

/** Installs an archive for root. @returns its code hash */
export async function installArchive({ client }: TestService, archive: Uint8Array): Promise<string> {
  using file: Fd = memfdSealed('archive', archive)
  const { parameters } = await client.call(publicInterface, 'Install', {}, { fds: [file] })
  return parameters.bundle.codeHash
}

/** Starts an extension of root, which gets the parameters. */
export async function startAbility(
  { client }: TestService,
  bundleName: string,
  abilityName: string,
  parameters: object = {},
): Promise<void> {
  await client.call(publicInterface, 'StartAbility', { want: { bundleName, abilityName, parameters } })
}

/** What extensions told under the tag `result` so far. */
export function results({ log }: Pick<TestService, 'log'>): string[] {
  return log.filter((entry) => entry.tag === 'result').map((entry) => entry.message)
}

/** Resolves with the first result that starts so, and forgets it; fails when none comes in time. */
export async function takeResult(
  machine: Pick<TestService, 'log'>,
  start: string,
  tag: string = 'result',
): Promise<string> {
  const find = (): number =>
    machine.log.findIndex((entry) => entry.tag === tag && entry.message.startsWith(start))
  await expect.poll(find, { timeout: 20_000, interval: 5 }).toBeGreaterThanOrEqual(0)
  const [entry] = machine.log.splice(find(), 1)
  return entry?.message ?? ''
}
