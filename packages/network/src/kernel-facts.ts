import { existsSync, readdirSync } from 'node:fs'
import { getSysctl, isErrno, Rtnetlink } from '@vpnext/native'
import { chooseDnsBackend } from './dns/choose.ts'
import { OccupiedError } from './errors.ts'
import type { DnsBackendName } from './plan/step.ts'
import { type NetworkSettings, prioritiesPerSlot, priorityOf, slotCount, tableOf } from './settings.ts'

/** The facts whose changes the kernel tells: see `openFactsReader`. */
export interface ToldFacts {
  /** Some uplink checks sources strictly (rp_filter 1), so that answers to protected packets would be dropped. */
  readonly strictSourceCheck: boolean
  /** net.ipv4.conf.all.rp_filter, 0..2, which a new interface cannot go below. */
  readonly rpFilterAll: number
  /** net.ipv4.conf.default.rp_filter, 0..2, what a new interface starts with. */
  readonly rpFilterDefault: number
  /** Names of all interfaces. */
  readonly interfaceNames: readonly string[]
  /** Preferences of rules within the settings' range. */
  readonly rulePriorities: readonly number[]
  /** Tables that rules look up. */
  readonly ruleTables: readonly number[]
}

/** What a plan depends on besides the request. Plain JSON, read by {@link readKernelFacts}. */
export interface KernelFacts extends ToldFacts {
  /** Whether the kernel has IPv6 at all. */
  readonly ipv6: boolean
  /** net.ipv6.conf.default.disable_ipv6: new interfaces start without IPv6. */
  readonly ipv6DisabledByDefault: boolean
  /** net.ipv4.conf.all.src_valid_mark, 0 or 1 */
  readonly srcValidMark: number
  /** net.ipv4.conf.all.arp_ignore */
  readonly arpIgnore: number
  /** Who decides where programs ask for names, see `chooseDnsBackend`. */
  readonly dns: DnsBackendName
}

const STRICT = 1
const IPV6 = '/proc/sys/net/ipv6/conf/default'

/** Settings that the facts are read from; undefined where the kernel has no IPv6. */
export interface FactSettings {
  readonly srcValidMark: () => string
  readonly arpIgnore: () => string
  readonly ipv6Disabled: () => string | undefined
}

const named: FactSettings = {
  srcValidMark: () => getSysctl('net/ipv4/conf/all/src_valid_mark'),
  arpIgnore: () => getSysctl('net/ipv4/conf/all/arp_ignore'),
  ipv6Disabled: () => (existsSync(IPV6) ? getSysctl('net/ipv6/conf/default/disable_ipv6') : undefined),
}

/**
 * Reads the facts of the network namespace that the calling thread is in. Changes nothing; needs no privilege.
 *
 * @param told of now, for a caller who knows them already
 * @param sysctls for a caller who has them open
 * @throws SystemError when rtnetlink does not answer, node's ENOENT without /proc/sys/net
 */
export function readKernelFacts(
  settings: NetworkSettings,
  told: ToldFacts = readToldFacts(settings),
  sysctls: FactSettings = named,
): KernelFacts {
  const ipv6Disabled = sysctls.ipv6Disabled()
  return {
    ...told,
    ipv6: ipv6Disabled !== undefined,
    ipv6DisabledByDefault: ipv6Disabled !== undefined && Number(ipv6Disabled) !== 0,
    srcValidMark: Number(sysctls.srcValidMark()),
    arpIgnore: Number(sysctls.arpIgnore()),
    dns: chooseDnsBackend(settings),
  }
}

/** @throws as {@link readKernelFacts} */
export function readToldFacts(settings: NetworkSettings): ToldFacts {
  using netlink = Rtnetlink.open()
  const rules = netlink.rules()
  const { first, last } = settings.rulePriorities
  const rpFilterAll = number('net/ipv4/conf/all/rp_filter')
  return {
    strictSourceCheck: isStrict(rpFilterAll),
    rpFilterAll,
    rpFilterDefault: number('net/ipv4/conf/default/rp_filter'),
    interfaceNames: netlink.links().map((link) => link.name),
    rulePriorities: rules.map((rule) => rule.priority).filter((value) => value >= first && value <= last),
    ruleTables: [...new Set(rules.flatMap((rule) => (rule.table === undefined ? [] : [rule.table])))],
  }
}

/**
 * The lowest slot that is free.
 *
 * @param taken slots of the caller's own tunnels
 * @throws OccupiedError when there is none
 */
export function chooseSlot(facts: KernelFacts, settings: NetworkSettings, taken: Iterable<number>): number {
  const own = new Set(taken)
  const tables = new Set(facts.ruleTables)
  for (let slot = 0; slot < slotCount(settings); slot += 1) {
    const first = priorityOf(settings, slot)
    const used = facts.rulePriorities.some((value) => value >= first && value < first + prioritiesPerSlot)
    if (!own.has(slot) && !used && !tables.has(tableOf(settings, slot))) return slot
  }
  throw new OccupiedError('every slot', 'other tunnels')
}

/** The kernel takes the larger of `all` and the interface's own value: 2, loose, beats 1, strict. */
function isStrict(all: number): boolean {
  if (all !== 0) return all === STRICT
  return readdirSync('/proc/sys/net/ipv4/conf').some(
    (name) => name !== 'all' && name !== 'lo' && rpFilterOf(name) === STRICT,
  )
}

/** An interface may go while its name is on the list. */
function rpFilterOf(interfaceName: string): number {
  try {
    return number(`net/ipv4/conf/${interfaceName}/rp_filter`)
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return 0
    throw error
  }
}

function number(name: string): number {
  return Number(getSysctl(name))
}
