import { errorText, tcpTraffic } from '@vpnext/native'
import { readFileSync } from 'node:fs'

import { asyncForm, noInput } from '../call-forms.ts'
import { withBorrowed } from '../file/borrowed-fd.ts'
import { integerParameter, parameterError, textParameter } from '../parameters.ts'
import { provide } from '../provided.ts'
import { type Traffic, udpTraffic } from '../socket/udp-traffic.ts'
import { netError } from './net-error.ts'

/** Bytes of one interface since it exists. */
interface Counters {
  readonly rx: number
  readonly tx: number
}

/** Traffic that was counted on another interface already. */
const isVirtual = /^(lo|vpn-tun\d*|multitun-vpn\d+)$/
const isCellular = /^(wwan|rmnet|ppp)/

/**
 * `statistics` of `@kit.NetworkKit`, from the kernel's counters of interfaces and of TCP connections; UDP sockets of the kits count for themselves.
 * The service has the kernel count for the own user, from the first question on.
 *
 * @param own the user of the process, and what counts for it
 */
export function statisticsNamespace(own: OwnTraffic): object {
  return provide('statistics', {
    getIfaceRxBytes: ofInterface('rx'),
    getIfaceTxBytes: ofInterface('tx'),
    getCellularRxBytes: total('rx', (name) => isCellular.test(name)),
    getCellularTxBytes: total('tx', (name) => isCellular.test(name)),
    getAllRxBytes: total('rx', (name) => !isVirtual.test(name)),
    getAllTxBytes: total('tx', (name) => !isVirtual.test(name)),
    getUidRxBytes: ofUser(own, 'received'),
    getUidTxBytes: ofUser(own, 'sent'),
    getSockfdRxBytes: ofSocket('received'),
    getSockfdTxBytes: ofSocket('sent'),
  })
}

export interface OwnTraffic {
  readonly uid: number
  readonly count: () => Promise<Readonly<Traffic>>
}

type Answer = (...args: unknown[]) => Promise<number> | undefined

function ofInterface(direction: keyof Counters): Answer {
  return asyncForm(
    ([nic]) => {
      const name = textParameter(nic, 'nic')
      if (name === '') throw parameterError('nic', 'is empty')
      return name
    },
    async (nic) => {
      const counters = readCounters().get(nic)
      if (counters === undefined) throw netError(2103012, `there is no interface ${nic}`)
      return counters[direction]
    },
  )
}

/** Of other users nothing is told. */
function ofUser({ uid, count }: OwnTraffic, direction: keyof Traffic): Answer {
  return asyncForm(
    ([asked]) => integerParameter(asked, 'uid', 0),
    async (asked) => {
      if (asked !== uid) throw netError(2103005, `nothing is told of the user ${asked}`)
      try {
        return (await count())[direction]
      } catch (error) {
        throw netError(2103005, errorText(error), error)
      }
    },
  )
}

/** Payload alone: headers are not counted by socket. */
function ofSocket(direction: keyof Traffic): Answer {
  return asyncForm(
    ([fd]) => integerParameter(fd, 'sockfd', 0, 0x7fff_ffff),
    async (fd) => {
      try {
        return (udpTraffic(fd) ?? withBorrowed(fd, tcpTraffic))[direction]
      } catch (error) {
        throw netError(2103005, `nothing is counted for the descriptor ${fd}`, error)
      }
    },
  )
}

function total(direction: keyof Counters, counts: (name: string) => boolean): Answer {
  return asyncForm(noInput, async () =>
    [...readCounters()]
      .filter(([name]) => counts(name))
      .reduce((sum, [, counters]) => sum + counters[direction], 0),
  )
}

/** /proc/net/dev: two lines of heading, then `name: rx-bytes …` with tx-bytes as the ninth number. */
function readCounters(): Map<string, Counters> {
  const counters = new Map<string, Counters>()
  for (const line of readFileSync('/proc/net/dev', 'utf8').split('\n').slice(2)) {
    const colon = line.indexOf(':')
    if (colon === -1) continue
    const numbers = line
      .slice(colon + 1)
      .trim()
      .split(/\s+/)
      .map(Number)
    counters.set(line.slice(0, colon).trim(), { rx: numbers[0] ?? 0, tx: numbers[8] ?? 0 })
  }
  return counters
}
