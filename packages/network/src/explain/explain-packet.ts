import type { FilteredPacket } from './guard/expression.ts'
import { type OtherFilter, otherFilters } from './guard/other-filters.ts'
import { type GuardVerdict, guardVerdict } from './guard/verdict.ts'
import { askKernel, type KernelWay } from './kernel-way.ts'
import type { NetworkView, PacketQuestion } from './packet.ts'
import { readNetworkView } from './read-network-view.ts'
import { type RoutingDecision, walkRules } from './rule-walk.ts'

/** What becomes of a packet, and why. Plain JSON. */
export interface PacketExplanation {
  readonly question: PacketQuestion
  /** The kernel's own answer. */
  readonly way: KernelWay & { readonly interfaceName?: string }
  /**
   * The rule and route behind it. Absent where going through the rules ends elsewhere than the kernel does: they have changed
   * meanwhile, or say something that is not understood here.
   */
  readonly decision?: RoutingDecision
  /** Of the guards, when the packet has a way out. */
  readonly guard:
    GuardVerdict | { readonly kind: 'unreadable'; readonly reason: string } | { readonly kind: 'not-asked' }
  /** What else may stop it; empty where nothing does, or the packet filter cannot be read. */
  readonly otherFilters: readonly OtherFilter[]
}

/**
 * Explains the way of a packet in the network namespace of the calling thread. Sends nothing, changes nothing.
 *
 * @param view from {@link readNetworkView}; to explain several packets of one moment
 * @throws SystemError when rtnetlink does not answer, RangeError `<field>: …` for bad input
 */
export function explainPacket(
  question: PacketQuestion,
  view: NetworkView = readNetworkView(),
): PacketExplanation {
  return assemble(question, view, askKernel(question))
}

/** Puts the kernel's answer and the reasons for it together. Pure. */
export function assemble(question: PacketQuestion, view: NetworkView, way: KernelWay): PacketExplanation {
  const decision = walkRules(view, question)
  const link = way.kind === 'way' ? view.links.find(({ index }) => index === way.index) : undefined
  return {
    question,
    way: link === undefined ? way : { ...way, interfaceName: link.name },
    ...(agrees(decision, way) ? { decision } : {}),
    guard: judge(question, view, way, link?.name),
    otherFilters: othersOf(question, view, way, link?.name),
  }
}

function agrees(decision: RoutingDecision, way: KernelWay): boolean {
  if (way.kind === 'refused') {
    const error = decision.kind === 'refused' ? decision.error : 'ENETUNREACH'
    return (decision.kind === 'refused' || decision.kind === 'no-route') && error === way.error
  }
  if (decision.kind === 'assumed') return way.index === decision.index
  if (decision.kind !== 'way') return false
  const { route } = decision
  // Packets to oneself go by the loopback device; and while nobody has made a rule, the tables local and main are one.
  if (way.type === 'local' || route.type === 'local') return way.type === route.type
  const hops = route.nextHops ?? [decision.hop]
  return route.table === way.table && hops.some(({ index }) => index === way.index)
}

function judge(
  question: PacketQuestion,
  { filter }: NetworkView,
  way: KernelWay,
  interfaceName: string | undefined,
): PacketExplanation['guard'] {
  if (way.kind !== 'way' || interfaceName === undefined) return { kind: 'not-asked' }
  if (filter.kind === 'unreadable') return filter
  return guardVerdict(filter.listing, asFiltered(question, way.source ?? '', interfaceName))
}

function othersOf(
  { family }: PacketQuestion,
  { filter }: NetworkView,
  way: KernelWay,
  interfaceName: string | undefined,
): readonly OtherFilter[] {
  if (way.kind !== 'way' || interfaceName === undefined || filter.kind !== 'listing') return []
  return otherFilters(filter.listing, family, interfaceName)
}

/** The first packet of a connection. */
function asFiltered(question: PacketQuestion, source: string, oifname: string): FilteredPacket {
  const { family, destination, mark, uid, sport, dport } = question
  return {
    family,
    oifname,
    saddr: source,
    daddr: destination,
    mark,
    skuid: uid,
    l4proto: protocolName(question),
    ...(sport === undefined ? {} : { sport }),
    ...(dport === undefined ? {} : { dport }),
    ct: { state: 'new', direction: 'original', mark: 0 },
  }
}

function protocolName({ ipProto, family }: PacketQuestion): FilteredPacket['l4proto'] {
  if (ipProto === 6) return 'tcp'
  if (ipProto === 17) return 'udp'
  return family === 4 ? 'icmp' : 'icmpv6'
}
