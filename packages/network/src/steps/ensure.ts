import type { Link, Rtnetlink, RtRequest } from '@vpnext/native'
import type { PlanStep, RoutesData, RulesData } from '../plan/step.ts'
import { BATCH } from './batches.ts'
import type { UndoContext } from './context.ts'
import { writeGuard } from './guard.ts'
import { applyIdentity } from './identity.ts'
import { routeRequests } from './routes.ts'

/**
 * Adds what is missing of the steps that keep traffic in without a TUN. Idempotent.
 *
 * @param index of the TUN, if there is one
 * @returns what was missing
 */
export function ensureClosing(steps: readonly PlanStep[], context: UndoContext, index?: number): string[] {
  const { netlink } = context
  const mended: string[] = []
  for (const step of steps) {
    switch (step.kind) {
      case 'routes':
        mended.push(...ensureRoutes(step.apply, netlink, index))
        break
      case 'guard':
        writeGuard(step.apply, context)
        break
      case 'identity':
        applyIdentity(step.apply)
        break
      case 'rules':
        mended.push(...ensureRules(step.apply, netlink))
        break
      default:
    }
  }
  return mended
}

/** Adds the rules that are missing. @returns what was missing */
function ensureRules({ rules }: RulesData, netlink: Rtnetlink): string[] {
  const added = addMissing(
    netlink,
    rules.map((rule) => ({ op: 'addRule', rule })),
  )
  return added === 0 ? [] : [`${added} rules`]
}

/** @param index of the TUN; without it only the routes to nowhere are added. @returns what was missing */
function ensureRoutes(data: RoutesData, netlink: Rtnetlink, index?: number): string[] {
  const added = addMissing(netlink, routeRequests(data, index, netlink))
  return added === 0 ? [] : [`${added} routes of table ${data.table}`]
}

/** Brings a TUN up again that somebody took down, with its MTU and its addresses. @returns what was missing */
export function ensureLink(steps: readonly PlanStep[], link: Link, netlink: Rtnetlink): string[] {
  const mended: string[] = []
  const wanted = steps.find((step) => step.kind === 'interface')?.apply
  const addresses = steps.find((step) => step.kind === 'addresses')?.apply
  if (wanted !== undefined && link.mtu !== wanted.mtu) {
    netlink.apply([{ op: 'setLink', index: link.index, mtu: wanted.mtu }])
    mended.push(`the MTU of ${link.name}`)
  }
  if (!link.up) {
    netlink.apply([{ op: 'setLink', index: link.index, up: true }])
    mended.push(`${link.name} was down`)
  }
  const requests = (addresses?.addresses ?? []).map(({ address, prefixLength }): RtRequest => {
    return { op: 'addAddress', index: link.index, address, prefixLength, noPrefixRoute: true, noDad: true }
  })
  const added = addMissing(netlink, requests)
  if (added > 0) mended.push(`${added} addresses of ${link.name}`)
  return mended
}

function addMissing(netlink: Rtnetlink, requests: readonly RtRequest[]): number {
  let added = 0
  for (let start = 0; start < requests.length; start += BATCH) {
    for (const result of netlink.applyAll(requests.slice(start, start + BATCH))) {
      if (result.ok) added += 1
      // EAFNOSUPPORT: the kernel has lost IPv6 meanwhile.
      else if (result.error.code !== 'EEXIST' && result.error.code !== 'EAFNOSUPPORT') throw result.error
    }
  }
  return added
}
