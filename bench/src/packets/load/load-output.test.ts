import { describe, expect, it } from 'vitest'
import { readFeatures } from '../link.ts'
import { readIperf } from './iperf.ts'
import { readPing } from './ping.ts'

describe('what other programs print', () => {
  it('iperf3: both directions are added up', () => {
    const sum = (bytes: number, retransmits?: number): object => ({
      bytes,
      bits_per_second: bytes * 8,
      retransmits,
    })
    const end = {
      sum_sent: sum(1e9, 3),
      sum_received: sum(1e9),
      sum_sent_bidir_reverse: sum(5e8, 4),
      sum_received_bidir_reverse: sum(5e8),
    }
    expect(readIperf({ end })).toEqual({ gbitPerSecond: 12, gbit: 12, retransmits: 7 })
  })

  it('iperf3: its error is told, and a run without a result is one', () => {
    expect(() => readIperf({ error: 'the server is busy' })).toThrow('the server is busy')
    expect(() => readIperf({ end: {} })).toThrow('no result')
  })

  it('ping: the times of the answers, in ms', () => {
    const text = `64 bytes from 10.0.0.2: icmp_seq=1 ttl=64 time=0.061 ms
64 bytes from 10.0.0.2: icmp_seq=3 ttl=64 time=12 ms
rtt min/avg/max/mdev = 0.061/6.1/12/5.9 ms`
    expect(readPing(text)).toEqual([0.061, 12])
  })

  it('ethtool: the features that matter', () => {
    const text =
      'Features for under-a:\ntx-udp-segmentation: on\ngeneric-receive-offload: off [requested on]\n'
    expect(readFeatures(text)).toEqual({
      'tx-udp-segmentation': 'on',
      'generic-receive-offload': 'off [requested on]',
      'tcp-segmentation-offload': 'unknown',
    })
  })
})
