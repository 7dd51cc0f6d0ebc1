import { openFds } from '@vpnext/native'
import { readdirSync, readlinkSync } from 'node:fs'
import { expect, test } from 'vitest'

import { rehearseCreate } from './rehearse-create.ts'
import { VpnConnection } from './vpn-connection.ts'

/** Those of the rehearsal: sockets, and /dev/null for the TUN. */
const descriptors = (): number[] => {
  const nulls = readdirSync('/proc/self/fd').filter((number) => leadsTo(number) === '/dev/null')
  return [openFds(), nulls.length]
}
const leadsTo = (number: string): string | undefined => {
  try {
    return readlinkSync(`/proc/self/fd/${number}`)
  } catch {
    // The one that listed them.
    return undefined
  }
}

test('goes all the way, again and again, and leaves no descriptor behind', async () => {
  const before = descriptors()
  const given: unknown[] = []
  const { create } = VpnConnection.prototype
  VpnConnection.prototype.create = function (...args) {
    const result = create.apply(this, args)
    void result?.then((descriptor) => given.push(descriptor))
    return result
  }
  try {
    await rehearseCreate(new AbortController().signal)
  } finally {
    VpnConnection.prototype.create = create
  }
  expect(given.length).toBeGreaterThan(1)
  expect(given.every((descriptor) => typeof descriptor === 'number' && descriptor > 0)).toBe(true)
  await expect.poll(descriptors).toEqual(before)
})

test('ends between two rounds when the host is wanted', async () => {
  const before = descriptors()
  const wanted = new AbortController()
  const rehearsal = rehearseCreate(wanted.signal)
  wanted.abort()
  await rehearsal
  await expect.poll(descriptors).toEqual(before)
})
