import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { currentUserNamespaceIsInitial, listSockets } from '@vpnext/native'
import type { RtRule } from '@vpnext/native'

import { labAddresses, labLinks } from './addresses.ts'
import { capture } from './capture.ts'
import { createLab } from './lab.ts'
import type { Lab } from './lab.ts'
import { probeCommand, probeUid, tcpProbe, udpProbe } from './probe.ts'

let lab: Lab
beforeAll(async () => {
  lab = await createLab()
})
afterAll(async () => {
  await lab[Symbol.asyncDispose]()
})

/** Probes with a rule in the client that refuses what it matches. */
async function withRule<T>(
  rule: Omit<RtRule, 'family' | 'priority' | 'action'>,
  probe: () => Promise<T>,
): Promise<T> {
  using rtnetlink = lab.client.rtnetlink()
  const refusing = { family: 4, priority: 100, action: 'unreachable', ...rule } as const
  rtnetlink.apply([{ op: 'addRule', rule: refusing }])
  try {
    return await probe()
  } finally {
    rtnetlink.apply([{ op: 'deleteRule', rule: refusing }])
  }
}

const { v4 } = labAddresses.internet
const direct = labAddresses.client.v4

describe.each([
  ['tcpProbe', tcpProbe],
  ['udpProbe', udpProbe],
])('%s', (_name, probe) => {
  test('belongs to the unprivileged uid', async () => {
    const uidRange = { from: probeUid(), to: probeUid() }
    expect(await withRule({ uidRange }, () => probe(lab.client, v4))).toBe('ENETUNREACH')
  })

  test.runIf(currentUserNamespaceIsInitial())('belongs to the uid given', async () => {
    const uidRange = { from: 4711, to: 4711 }
    expect(await withRule({ uidRange }, () => probe(lab.client, v4, { uid: 4711 }))).toBe('ENETUNREACH')
    expect(await withRule({ uidRange }, () => probe(lab.client, v4))).toBe(direct)
  })

  test('carries its mark', async () => {
    const rule = { mark: 0x40, mask: 0xff }
    expect(await withRule(rule, () => probe(lab.client, v4, { mark: 0x40 }))).toBe('ENETUNREACH')
    expect(await withRule(rule, () => probe(lab.client, v4, { mark: 0x41 }))).toBe(direct)
  })

  test('keeps to its device', async () => {
    expect(await probe(lab.client, v4, { bindToDevice: labLinks.client })).toBe(direct)
    expect(await probe(lab.client, v4, { bindToDevice: 'eth9' })).toBe('ENODEV')
    using loopback = capture(lab.client, 'lo')
    await probe(lab.client, v4, { bindToDevice: 'lo', timeoutMs: 100 })
    expect(loopback.count({ destination: v4 })).toBeGreaterThan(0)
  })

  test('has the address it is bound to', async () => {
    expect(await probe(lab.client, v4, { bindAddress: direct })).toBe(direct)
    expect(await probe(lab.client, v4, { bindAddress: '192.0.2.1' })).toBe('EADDRNOTAVAIL')
  })

  test('gives up in time, and when the signal aborts', async () => {
    const nobodyThere = '203.0.113.99'
    expect(await probe(lab.client, nobodyThere, { timeoutMs: 50 })).toBe('ETIMEDOUT')
    const signal = AbortSignal.abort(new Error('enough'))
    await expect(probe(lab.client, v4, { signal })).rejects.toThrow('enough')
  })

  test('leaves no socket', async () => {
    const before = lab.client.run(() => listSockets()).length
    await probe(lab.client, v4, { port: 9, timeoutMs: 50 })
    expect(lab.client.run(() => listSockets()).length).toBe(before)
  })
})

test('a refused connection is named', async () => {
  expect(await tcpProbe(lab.client, v4, { port: 9 })).toBe('ECONNREFUSED')
  expect(await udpProbe(lab.client, v4, { port: 9, connect: true })).toBe('ECONNREFUSED')
  expect(await udpProbe(lab.client, v4, { port: 9, timeoutMs: 100 })).toBe('ETIMEDOUT')
  expect(await udpProbe(lab.client, v4, { connect: true })).toBe(direct)
})

test.each([
  ['tcp', 'v4'],
  ['udp', 'v4'],
  ['tcp', 'v6'],
  ['udp', 'v6'],
] as const)('a process of its own can probe (%s, IP%s)', async (protocol, version) => {
  const { command, args } = probeCommand(protocol, labAddresses.internet[version])
  const process = lab.client.spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const output: Buffer[] = []
  process.stdout?.on('data', (chunk: Buffer) => output.push(chunk))
  await once(process, 'close')
  expect(Buffer.concat(output).toString()).toBe(`${labAddresses.client[version]}\n`)
})
