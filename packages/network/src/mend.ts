import { Rtnetlink } from '@vpnext/native'
import type { Journal } from './journal.ts'
import { describeRule } from './plan/describe-step.ts'
import type { PlanStep } from './plan/step.ts'
import { ensureClosing, ensureLink } from './steps/ensure.ts'
import { currentPlace, otherEntries } from './undo-entry.ts'

/** A tunnel as its maker knows it. */
export interface MendTarget {
  readonly slot: number
  readonly interfaceName: string
  readonly steps: readonly PlanStep[]
}

/**
 * Puts back what somebody has taken from tunnels that are up or closed: filter, rules, routes, addresses, MTU, the link's being
 * up. An interface that is gone is left to its owner. Idempotent. Synchronous.
 *
 * @param tunnels the oldest first
 * @returns what was missing, but for the filter, which is written anew in any case
 * @throws SystemError when the kernel refuses
 */
export function mendTunnels(tunnels: readonly MendTarget[], journal: Journal): string[] {
  using netlink = Rtnetlink.open()
  const place = currentPlace()
  const links = netlink.links()
  const mended: string[] = []
  for (const { slot, interfaceName, steps } of tunnels) {
    const others = otherEntries(journal, slot, place)
    const link = links.find(({ name, kind }) => name === interfaceName && kind === 'tun')
    if (link !== undefined) mended.push(...ensureLink(steps, link, netlink))
    mended.push(...ensureClosing(steps, { netlink, others }, link?.index))
  }
  return mended
}

/** Whether rules of a tunnel are missing, or its interface is down or has another MTU. For news of rtnetlink. */
export function isDamaged(tunnels: readonly MendTarget[]): boolean {
  using netlink = Rtnetlink.open()
  const rules = new Set(netlink.rules().map(describeRule))
  const links = new Map(netlink.links().map((link) => [link.name, link]))
  return tunnels.some(({ interfaceName, steps }) => {
    const link = links.get(interfaceName)
    return steps.some((step) => {
      switch (step.kind) {
        case 'rules':
          return step.apply.rules.some((rule) => !rules.has(describeRule(rule)))
        case 'interface':
          return link !== undefined && (!link.up || link.mtu !== step.apply.mtu)
        default:
          return false
      }
    })
  })
}
