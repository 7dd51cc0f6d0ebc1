import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'

import { testAbility, testKits } from '../test/test-runtime.ts'

type Calls = Record<string, (...args: unknown[]) => unknown>

const denied = expect.objectContaining({
  code: 201,
  message: 'Permission denied.',
  data: { reason: expect.stringContaining('ohos.permission.') },
})
const loopback = { address: '127.0.0.1', family: 1 }

/** The network kit of a bundle that asks for these permissions. */
function networkKit(...permissions: string[]): { connection: Calls; socket: Calls } {
  const { kits } = testKits({}, { ability: { ...testAbility, permissions } })
  return kits.load('@kit.NetworkKit') as { connection: Calls; socket: Calls }
}

test('without GET_NETWORK_INFO nothing is told of networks', async () => {
  const { connection } = networkKit('ohos.permission.INTERNET')
  await expect(connection['getDefaultNet']?.()).rejects.toEqual(denied)
  const error = await new Promise((resolve) => connection['getAllNets']?.(resolve))
  expect(error).toEqual(denied)
  expect(() => connection['hasDefaultNetSync']?.()).toThrow(denied)
  expect(() => connection['getConnectionPropertiesSync']?.({ netId: 100 })).toThrow(denied)
  const net = connection['createNetConnection']?.() as Calls
  await expect(net['register']?.()).rejects.toEqual(denied)
  // What cannot be an argument is said first.
  expect(() => connection['getConnectionPropertiesSync']?.('eth0')).toThrow(
    expect.objectContaining({ code: 401 }),
  )
})

test('without INTERNET there are no sockets but local ones, and no names', async () => {
  const { connection, socket } = networkKit('ohos.permission.GET_NETWORK_INFO')
  for (const kind of ['UDPSocket', 'TCPSocket', 'TLSSocket', 'MulticastSocket']) {
    const made = socket[`construct${kind}Instance`]?.() as Calls
    await expect(made['bind']?.(loopback), kind).rejects.toEqual(denied)
    expect(await made['getSocketFd']?.()).toBe(-1)
  }
  const server = socket['constructTCPSocketServerInstance']?.() as Calls
  await expect(server['listen']?.(loopback)).rejects.toEqual(denied)
  await expect(connection['getAddressesByName']?.('127.0.0.1')).rejects.toEqual(denied)
  await expect(connection['setAppNet']?.({ netId: 0 })).rejects.toEqual(denied)
  await expect(connection['clearCustomDnsRules']?.()).rejects.toEqual(denied)
  expect(() => connection['setPacUrl']?.('http://a.example/')).toThrow(denied)
  const folder = mkdtempSync(join(tmpdir(), 'vpnext-permitted-'))
  const local = socket['constructLocalSocketServerInstance']?.() as Calls
  await local['listen']?.({ address: join(folder, 'socket') })
  await local['close']?.()
  rmSync(folder, { recursive: true })
})

test('with them there are', async () => {
  const { connection, socket } = networkKit(
    'ohos.permission.INTERNET',
    'ohos.permission.GET_NETWORK_INFO',
    'ohos.permission.SET_PAC_URL',
  )
  expect(await connection['hasDefaultNet']?.()).toEqual(expect.any(Boolean))
  expect(await connection['getAddressesByName']?.('127.0.0.1')).toHaveLength(1)
  connection['setPacUrl']?.('http://a.example/')
  const udp = socket['constructUDPSocketInstance']?.() as Calls
  await udp['bind']?.(loopback)
  await udp['close']?.()
})
