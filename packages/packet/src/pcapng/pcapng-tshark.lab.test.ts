import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { formatPacket } from '../headers/ip-packet.ts'
import { PcapngWriter } from './pcapng-writer.ts'

const v4 = {
  family: 4,
  trafficClass: 0,
  identification: 7,
  dontFragment: true,
  moreFragments: false,
  fragmentOffset: 0,
  hopLimit: 64,
  protocol: 17,
  source: '10.8.0.5',
  destination: '203.0.113.80',
  options: new Uint8Array(0),
} as const

const v6 = {
  family: 6,
  trafficClass: 0,
  flowLabel: 0,
  hopLimit: 64,
  protocol: 17,
  source: 'fd08::5',
  destination: '2001:db8:113::80',
  extensions: [],
} as const

/** With Wireshark's own eyes: `tshark -r`, which checks what it dissects. */
test('Wireshark reads the file: interfaces, times, comments, both families, and what was cut off', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vpnext-pcapng-'))
  try {
    const pcapng = new PcapngWriter([{ name: 'vpn-tun' }, { name: 'uplink' }])
    const udp = { kind: 'udp', sourcePort: 4000, destinationPort: 7, data: Buffer.from('hello') } as const
    const packet4 = formatPacket({ ip: v4, payload: udp })
    const packet6 = formatPacket({ ip: v6, payload: udp })
    const time = 1_700_000_000_123_456_789n
    const path = join(folder, 'trace.pcapng')
    writeFileSync(
      path,
      Buffer.concat([
        pcapng.header(),
        pcapng.packet(packet4, { time, comments: ['dropped: replayed'], direction: 'outbound' }),
        pcapng.packet(packet6, { time: time + 1n, interface: 1 }),
        pcapng.packet(packet4.subarray(0, 28), { time: time + 2n, originalLength: packet4.length }),
      ]),
    )
    const fields = [
      'frame.time_epoch',
      'frame.interface_name',
      'frame.len',
      'frame.cap_len',
      'ip.src',
      'ipv6.dst',
      'udp.dstport',
      'udp.checksum.status',
      'frame.comment',
    ]
    const wanted = fields.flatMap((field) => ['-e', field])
    const table = execFileSync(
      'tshark',
      ['-r', path, '-n', '-o', 'udp.check_checksum:TRUE', '-T', 'fields', '-E', 'separator=|', ...wanted],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
    )
    expect(table.trimEnd().split('\n')).toEqual([
      '1700000000.123456789|vpn-tun|33|33|10.8.0.5||7|1|dropped: replayed',
      '1700000000.123456790|uplink|53|53||2001:db8:113::80|7|1|',
      // It has no payload to check the sum over.
      '1700000000.123456791|vpn-tun|33|28|10.8.0.5||7|2|',
    ])
  } finally {
    rmSync(folder, { recursive: true })
  }
})
