import { type Family, parseAddress } from '@vpnext/ip'
import type { MarkCondition } from '@vpnext/native'
import { UnsupportedError } from '../errors.ts'
import type { PlanInput } from './plan-tunnel.ts'
import type { DnsRedirect, DnsRewriteData, UndescribedStep } from './step.ts'

/**
 * Who asks the tunnel's DNS servers. A device tunnel has a say in the system's resolver. What a tunnel of a user, or of some
 * applications, covers asks the system's servers as ever, and its questions are sent to the tunnel's on their way.
 */
export function dnsSteps(input: PlanInput): UndescribedStep[] {
  const { dnsServers, searchDomains } = input.request.config
  if (isForSome(input)) return dnsServers.length === 0 ? [] : rewriteStep(input)
  if (dnsServers.length === 0 && searchDomains.length === 0) return []
  return [...returnStep(input), systemStep(input)]
}

/** What a user should know. */
export function dnsWarnings(input: PlanInput): string[] {
  return isForSome(input) && input.request.config.searchDomains.length > 0
    ? ['search domains have an effect only in a tunnel of the whole device']
    : []
}

function isForSome({ request, membership }: PlanInput): boolean {
  return request.scope.kind === 'user' || membership?.kind === 'included'
}

function systemStep({ request, settings, facts }: PlanInput): UndescribedStep {
  return {
    id: 'dns',
    kind: 'dns',
    apply: {
      backend: facts.dns,
      path: settings.resolvConf,
      resolvectl: settings.resolvectl,
      interfaceName: request.interfaceName,
      instance: settings.instance,
      servers: request.config.dnsServers,
      searchDomains: request.config.searchDomains,
    },
    undo: { kind: 'dns-planned' },
  }
}

function rewriteStep(input: PlanInput): UndescribedStep[] {
  const { request, settings, membership, applications } = input
  const field = 'config.dnsServers'
  if (applications?.identity !== 'cgroup') {
    throw new UnsupportedError(field, 'DNS servers for some programs only need BPF and cgroup2')
  }
  // A link-local one would need its interface, which a rewritten address cannot say.
  const servers = request.config.dnsServers.filter((server) => !/^fe[89ab]/i.test(server))
  if (servers.length === 0) throw new UnsupportedError(field, 'has only link-local servers')
  const redirects = redirectsTo(servers, applications.resolvers)
  if (redirects.length === 0) return []
  if (redirects.every(({ to }) => to === 'refuse')) {
    const family = familyOf(applications.resolvers[0] ?? '')
    throw new UnsupportedError(
      field,
      `has no IPv${family} server, and programs here ask over IPv${family} only`,
    )
  }
  const marks = membership?.selectors.marks ?? []
  const match = membership?.kind === 'included' ? 'any' : 'none'
  return [
    rewrite(
      input,
      'dns',
      redirects,
      [
        { mask: settings.protectMark, values: [settings.protectMark], match: 'none' },
        ...(membership === undefined ? [] : [{ mask: settings.identityMask, values: marks, match } as const]),
      ],
      servers,
    ),
  ]
}

/** Applications outside of a device tunnel cannot reach its servers, which are in resolv.conf: they ask the former ones. */
function returnStep(input: PlanInput): UndescribedStep[] {
  const { request, settings, facts, membership, applications } = input
  const marks = membership?.selectors.marks ?? []
  if (facts.dns !== 'resolv.conf' || marks.length === 0 || applications === undefined) return []
  const redirects = redirectsTo(applications.resolvers, request.config.dnsServers)
  if (redirects.length === 0) return []
  return [
    rewrite(input, 'return-dns', redirects, [{ mask: settings.identityMask, values: marks, match: 'any' }]),
  ]
}

function rewrite(
  { request, settings, applications }: PlanInput,
  role: DnsRewriteData['role'],
  redirects: readonly DnsRedirect[],
  marks: readonly MarkCondition[],
  servers?: readonly string[],
): UndescribedStep {
  const { slot, scope } = request
  const root = applications?.cgroupRoot ?? ''
  return {
    id: role === 'dns' ? 'dns rewriting' : 'dns rewriting for others',
    kind: 'dns-rewrite',
    apply: {
      root,
      instance: settings.instance,
      slot,
      networkNamespace: applications?.networkNamespace ?? '0',
      ...(scope.kind === 'user' ? { uid: scope.uid } : {}),
      marks,
      role,
      redirects,
      ...(servers === undefined ? {} : { servers }),
    },
    undo: { kind: 'dns-rewrite', root, instance: settings.instance, slot },
  }
}

/** Each of `from` goes to a server of its family in turn; without one it is refused, else the question would leak. */
export function redirectsTo(servers: readonly string[], from: readonly string[]): DnsRedirect[] {
  const turn: Record<Family, number> = { 4: 0, 6: 0 }
  return from
    .filter((each) => !servers.includes(each))
    .map((each) => {
      const family = familyOf(each)
      const fitting = servers.filter((server) => familyOf(server) === family)
      const to = fitting[turn[family] % fitting.length] ?? 'refuse'
      turn[family] += 1
      return { from: each, to }
    })
}

function familyOf(text: string): Family {
  return parseAddress(text)?.family ?? 4
}
