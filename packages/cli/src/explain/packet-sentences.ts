import type { NetworkView, PacketExplanation } from '@vpnext/network'
import { guardSentence, otherFilterSentences } from './guard-sentence.ts'
import type { ServiceKnowledge } from './service-knowledge.ts'
import { passedWords, routeWords, ruleWords, tableName } from './words.ts'

/** RTPROT_* of everything that instances of vpnext make, unless it is set otherwise. */
const ownProtocol = 118

const errors = {
  ENETUNREACH: 'network is unreachable',
  EHOSTUNREACH: 'no route to host',
  EACCES: 'permission denied',
  EINVAL: 'invalid argument',
} as const

/**
 * Tells in sentences where a packet goes and why.
 *
 * @param subject what the packet is called: its destination, or `the question to 10.8.0.1`
 */
export function packetSentences(
  subject: string,
  explanation: PacketExplanation,
  view: NetworkView,
  { tunnels }: Pick<ServiceKnowledge, 'tunnels'>,
): string[] {
  const { way, decision, guard } = explanation
  const because = reason(explanation, view)
  if (way.kind === 'refused') {
    return [
      `${subject} goes nowhere (${way.error}, ${errors[way.error]})${ruleNumber(explanation)}, because ${because}.`,
      ...closedSentences(explanation, tunnels),
      ...passedSentences(explanation),
    ]
  }
  const interfaceName = way.interfaceName ?? String(way.index)
  const owner = tunnels.find((tunnel) => tunnel.interfaceName === interfaceName)
  const whose = owner === undefined ? '' : `, the tunnel of ${owner.bundleName} of user ${owner.ownerUid}`
  const verb = isTunnel(explanation) ? 'goes into' : way.type === 'local' ? 'stays here, on' : 'leaves by'
  const gateway = way.gateway === undefined ? '' : ` via ${way.gateway}`
  const place =
    decision?.kind === 'way' ? ` (${tableName(decision.route.table)}, rule ${decision.rule.priority})` : ''
  return [
    `${subject} ${verb} ${interfaceName}${gateway}${place}${whose}, because ${because}.`,
    ...(way.source === undefined ? [] : [`Its source address is ${way.source}.`]),
    guardSentence(guard, interfaceName),
    ...otherFilterSentences(explanation),
    ...passedSentences(explanation),
  ]
}

/** Into a device that a route of vpnext leads to. */
export function isTunnel({ decision }: PacketExplanation): boolean {
  return decision?.kind === 'way' && decision.route.protocol === ownProtocol
}

function reason({ decision, way }: PacketExplanation, view: NetworkView): string {
  const nameOf = new Map(view.links.map(({ index, name }) => [index, name]))
  switch (decision?.kind) {
    case 'way':
      return `rule ${decision.rule.priority} (${ruleWords(decision.rule)}) leads to the route ${routeWords(decision.route, nameOf)}`
    case 'refused': {
      const { rule, route } = decision
      if (route === undefined) return `rule ${rule.priority} says so (${ruleWords(rule)})`
      const whose =
        route.protocol === ownProtocol ? ', which a tunnel has so that nothing gets around it' : ''
      return `rule ${rule.priority} (${ruleWords(rule)}) leads to the route ${routeWords(route, nameOf)}${whose}`
    }
    case 'no-route':
      return 'no rule leads to a route for it'
    case 'assumed':
      return 'its socket is bound to that interface, and no rule leads to a route for it'
    case undefined:
      return way.kind === 'way' && way.table !== 0
        ? `the kernel says so (${tableName(way.table)}); which rule it went by cannot be told`
        : 'the kernel says so; which rule it went by cannot be told'
    default:
      return decision satisfies never
  }
}

function ruleNumber({ decision }: PacketExplanation): string {
  if (decision?.kind !== 'refused') return ''
  const table = decision.route === undefined ? '' : `${tableName(decision.route.table)}, `
  return ` (${table}rule ${decision.rule.priority})`
}

/** Whose lockdown it is that a packet has run into. */
function closedSentences({ decision }: PacketExplanation, tunnels: ServiceKnowledge['tunnels']): string[] {
  const table = decision?.kind === 'refused' ? decision.route?.table : undefined
  return tunnels.flatMap(({ bundleName, ownerUid, closed }) =>
    closed === undefined || closed.table !== table
      ? []
      : [`${bundleName} of user ${ownerUid} keeps it closed: ${closed.reason}. ${closed.remedy}.`],
  )
}

/** Rules of tunnels that did not decide: who asks is often surprised that they did not. */
function passedSentences({ decision }: PacketExplanation): string[] {
  return (decision?.passed ?? [])
    .filter(({ rule }) => rule.protocol === ownProtocol && rule.action === 'lookup')
    .map((passed) => `Before that, ${passedWords(passed)}.`)
}
