import { parsePrefix } from '@vpnext/ip'
import type { NextHop, RtRoute, RtRule } from '@vpnext/native'
import type { NetworkView, PacketQuestion, RouteError } from './packet.ts'
import { firstMismatch, type Selector } from './rule-match.ts'
import { lookUp } from './table-lookup.ts'

/** Where routing sends a packet, which rule and route say so, and which rules were looked at before. */
export type RoutingDecision = Outcome & { readonly passed: readonly PassedRule[] }

/** A rule that did not decide. */
export interface PassedRule {
  readonly rule: RtRule
  /**
   * What of it the packet does not meet; `not`: it meets all, but the rule is for everything else; `throw`, `suppressed`: so
   * says or is the route it leads to; `nothing`: its table has no route, or it does nothing by itself.
   */
  readonly why: Selector | 'not' | 'throw' | 'suppressed' | 'nothing'
}

type Outcome =
  | {
      readonly kind: 'way'
      readonly rule: RtRule
      readonly route: RtRoute
      readonly hop: Pick<NextHop, 'index' | 'gateway'>
    }
  /** A rule refuses by itself (`route` absent), or the route it leads to does. */
  | {
      readonly kind: 'refused'
      readonly rule: RtRule
      readonly route?: RtRoute
      readonly error: RouteError
    }
  /** No rule leads to a route. */
  | { readonly kind: 'no-route' }
  /** IPv4: no rule leads to a route, but the socket is bound to an interface, whose link the kernel then tries. */
  | { readonly kind: 'assumed'; readonly index: number }

const ruleErrors: Readonly<Partial<Record<RtRule['action'], RouteError>>> = {
  unreachable: 'ENETUNREACH',
  prohibit: 'EACCES',
  blackhole: 'EINVAL',
}

/**
 * Goes through the rules as the kernel does (fib_rules_lookup() in net/core/fib_rules.c). Pure.
 *
 * Not considered: next-hop objects, VRFs, multicast, the reachability of IPv6 gateways, links without carrier under
 * `ignore_routes_with_linkdown`. Whoever needs certainty compares the answer with `Rtnetlink.getRoute`.
 */
export function walkRules(view: NetworkView, packet: PacketQuestion): RoutingDecision {
  const passed: PassedRule[] = []
  const outcome = firstOutcome(view, packet, passed)
  // ip_route_output_key_hash_rcu() in net/ipv4/route.c: "Apparently, routing tables are wrong. Assume, that the destination
  // is on link."
  const isAssumed = outcome.kind !== 'way' && packet.family === 4 && packet.oif !== undefined
  return { ...(isAssumed ? { kind: 'assumed', index: packet.oif } : outcome), passed }
}

function firstOutcome(view: NetworkView, packet: PacketQuestion, passed: PassedRule[]): Outcome {
  const nameOf = new Map(view.links.map(({ index, name }) => [index, name]))
  const rules = view.rules.filter((rule) => rule.family === packet.family)
  for (let at = 0; at < rules.length; at += 1) {
    const rule = rules[at]
    if (rule === undefined) break
    const mismatch = firstMismatch(rule, packet, nameOf)
    const isFor = (mismatch === undefined) !== (rule.invert === true)
    const answer: ReturnType<typeof answerOf> = isFor
      ? answerOf(view, packet, rule)
      : { passed: mismatch ?? 'not' }
    if ('kind' in answer) return answer
    passed.push({ rule, why: answer.passed })
    if (isFor && rule.action === 'goto') at = targetOf(rules, rule, at) - 1
  }
  return { kind: 'no-route' }
}

/** The position to go on with. A target that does not exist, or not further on, does nothing. */
function targetOf(rules: readonly RtRule[], rule: RtRule, at: number): number {
  const target = rules.findIndex(({ priority }) => priority === rule.target)
  return target > at ? target : at + 1
}

/** What a rule that is for the packet says. */
function answerOf(
  view: NetworkView,
  packet: PacketQuestion,
  rule: RtRule,
): Outcome | { readonly passed: PassedRule['why'] } {
  const error = ruleErrors[rule.action]
  if (error !== undefined) return { kind: 'refused', rule, error }
  if (rule.action !== 'lookup' || rule.table === undefined) return { passed: 'nothing' }
  const answer = lookUp(view.routes, rule.table, packet)
  switch (answer.kind) {
    case 'way':
      return isSuppressed(rule, answer.route) ? { passed: 'suppressed' } : { ...answer, rule }
    case 'refused':
      return { ...answer, rule }
    case 'nothing':
      return { passed: answer.route === undefined ? 'nothing' : 'throw' }
    default:
      return answer satisfies never
  }
}

function isSuppressed({ suppressPrefixLength }: RtRule, { destination }: RtRoute): boolean {
  const length = parsePrefix(destination)?.length ?? 0
  return suppressPrefixLength !== undefined && length <= suppressPrefixLength
}
