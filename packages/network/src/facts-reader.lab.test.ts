import { Namespace } from '@vpnext/lab'
import { setSysctl } from '@vpnext/native'
import { expect, test } from 'vitest'
import { openFactsReader } from './facts-reader.ts'
import { readKernelFacts } from './kernel-facts.ts'
import { defaultSettings } from './settings.ts'

const settings = defaultSettings()
const rule = { family: 4, priority: settings.rulePriorities.first, table: 100, action: 'lookup' } as const

test.each([
  ['a link', (host: Namespace) => apply(host, { op: 'addLink', kind: 'bridge', name: 'other' })],
  ['a rule', (host: Namespace) => apply(host, { op: 'addRule', rule })],
  ['rp_filter of all', () => setSysctl('net.ipv4.conf.all.rp_filter', 1)],
  ['rp_filter of new interfaces', () => setSysctl('net.ipv4.conf.default.rp_filter', 2)],
  ['rp_filter of one interface', () => setSysctl('net.ipv4.conf.uplink.rp_filter', 1)],
  ['src_valid_mark', () => setSysctl('net.ipv4.conf.all.src_valid_mark', 1)],
  ['arp_ignore', () => setSysctl('net.ipv4.conf.all.arp_ignore', 1)],
  ['IPv6 of new interfaces', () => setSysctl('net.ipv6.conf.default.disable_ipv6', 1)],
])('%s that changes is seen at once', async (_what, change) => {
  await using host = Namespace.create('client')
  apply(host, { op: 'addLink', kind: 'bridge', name: 'uplink' })
  host.run(() => {
    for (const which of ['all', 'default', 'uplink']) setSysctl(`net.ipv4.conf.${which}.rp_filter`, 0)
    using reader = openFactsReader(settings)
    const before = reader.read()
    expect(before).toEqual(readKernelFacts(settings))
    expect(reader.read()).toEqual(before)
    change(host)
    const after = reader.read()
    expect(after).not.toEqual(before)
    expect(after).toEqual(readKernelFacts(settings))
  })
})

function apply(
  host: Namespace,
  request: Parameters<ReturnType<Namespace['rtnetlink']>['apply']>[0][number],
): void {
  using rtnetlink = host.rtnetlink()
  rtnetlink.apply([request])
}
