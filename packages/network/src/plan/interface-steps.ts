import { limits } from '@vpnext/api'
import type { PlanInput } from './plan-tunnel.ts'
import type { UndescribedStep } from './step.ts'

/** The device itself. Its removal undoes all of this. */
export function interfaceSteps(input: PlanInput): UndescribedStep[] {
  const { request, addresses, facts } = input
  const { interfaceName, config } = request
  return [
    {
      id: 'tun',
      kind: 'tun',
      apply: { interfaceName, blocking: config.blocking, offload: config.offload },
      undo: { kind: 'link', interfaceName },
    },
    ...deviceSysctls(input),
    {
      id: 'interface',
      kind: 'interface',
      // With less than 1280 bytes the kernel takes IPv6 from the interface, and refuses to hear of it.
      apply: {
        mtu: config.mtu,
        addressGenerationNone: facts.ipv6 && config.mtu >= limits.mtuMinIPv6,
      },
    },
    ...(addresses.length === 0
      ? []
      : [{ id: 'addresses', kind: 'addresses' as const, apply: { addresses: [...addresses] } }]),
    { id: 'link-up', kind: 'link-up', apply: {} },
  ]
}

function deviceSysctls({ request, facts, membership }: PlanInput): UndescribedStep[] {
  const { interfaceName, config, scope } = request
  const steps: UndescribedStep[] = []
  if (facts.ipv6 && config.acceptIPv6 === facts.ipv6DisabledByDefault) {
    const name = `net/ipv6/conf/${interfaceName}/disable_ipv6`
    // Refusing is a second lock behind the missing addresses; accepting cannot be done without.
    steps.push(sysctl(name, config.acceptIPv6 ? '0' : '1', !config.acceptIPv6))
  }
  if (facts.ipv6) {
    // What routers say on it would be the extension's word, and count for the whole machine. The guard drops it too.
    steps.push(sysctl(`net/ipv6/conf/${interfaceName}/accept_ra`, '0', true))
  }
  const isForSome = scope.kind === 'user' || membership?.kind === 'included'
  if (isForSome && (facts.rpFilterAll > 0 || facts.rpFilterDefault > 0)) {
    // The kernel's source check asks for the way back of uid 0 without a mark (fib_validate_source), which is not a tunnel of
    // another user or of some applications.
    const name = `net/ipv4/conf/${interfaceName}/rp_filter`
    steps.push(sysctl(name, facts.rpFilterAll > 0 ? '2' : '0', false))
  }
  return steps
}

/**
 * Settings of the whole namespace. They are journaled even when they have the right value already: another tunnel may have
 * set them, see `inheritSysctls`.
 */
export function systemSysctlSteps({ facts, request }: PlanInput): UndescribedStep[] {
  const steps: UndescribedStep[] = []
  // A loose check lets an answer in where any route leads back. A closed tunnel has none but `unreachable`.
  if (facts.strictSourceCheck || request.lockdown === true) {
    // The source check must see the mark that the guard puts on answers to protected packets.
    steps.push(journaled('net/ipv4/conf/all/src_valid_mark', facts.srcValidMark, !facts.strictSourceCheck))
  }
  if (request.lockdown === true) {
    // Where no route leads, an answer is dropped before the guard could send it the way it came. With its mark from the
    // beginning it finds the way by itself: connections to this machine, e.g. the administrator's ssh, and pings.
    for (const name of [
      'net/ipv4/tcp_fwmark_accept',
      'net/ipv4/fwmark_reflect',
      ...(facts.ipv6 ? ['net/ipv6/fwmark_reflect'] : []),
    ]) {
      const step = sysctl(name, '1', true)
      steps.push({ ...step, undo: { kind: 'sysctl-planned', name, ours: '1' } })
    }
  }
  if (facts.arpIgnore <= 1) {
    // Else anybody on the uplink learns the tunnel's address by asking for it (MLLVD-CR-24-03).
    steps.push(journaled('net/ipv4/conf/all/arp_ignore', facts.arpIgnore, true))
  }
  return steps
}

function sysctl(
  name: string,
  value: string,
  optional: boolean,
): Extract<UndescribedStep, { readonly kind: 'sysctl' }> {
  return { id: `sysctl ${name}`, kind: 'sysctl', apply: { name, value, optional } }
}

function journaled(name: string, original: number, optional: boolean): UndescribedStep {
  return {
    ...sysctl(name, '1', optional),
    undo: { kind: 'sysctl', name, ours: '1', original: String(original) },
  }
}
