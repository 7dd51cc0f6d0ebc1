import type { RtRule } from '@vpnext/native'
import type { GuardTunnel } from '../guard/model.ts'
import { priorityOf } from '../settings.ts'
import type { PlanInput } from './plan-tunnel.ts'
import type { TunnelRequest } from './request.ts'
import type { UndescribedStep } from './step.ts'

/** Our own table, which nothing looks up yet. */
export function routesStep({ table, settings, traffic }: PlanInput): UndescribedStep {
  const protocol = settings.routeProtocol
  const { tunnel, excluded, refused } = traffic
  return {
    id: 'routes',
    kind: 'routes',
    apply: { table, protocol, tunnel, excluded, refused },
    undo: { kind: 'routes', table, protocol },
  }
}

/** The packet filter. */
export function guardStep(input: PlanInput): UndescribedStep {
  const { request, settings, traffic } = input
  const { slot, interfaceName, scope } = request
  const model: GuardTunnel = {
    table: settings.nftTable,
    slot,
    interfaceName,
    own4: ownAddresses(input, 4),
    own6: ownAddresses(input, 6),
    covered4: traffic.covered[4],
    covered6: traffic.covered[6],
    protectMark: settings.protectMark,
    ...(scope.kind === 'user' ? { uid: scope.uid } : {}),
    ...knownHost(request),
  }
  return {
    id: 'guard',
    kind: 'guard',
    apply: model,
    undo: { kind: 'guard', table: settings.nftTable, slot, interfaceName },
  }
}

/** Only a device tunnel has a say in the system's resolver. */
export function dnsStep({ request, settings }: PlanInput): UndescribedStep[] {
  const { dnsServers, searchDomains } = request.config
  if (request.scope.kind === 'user' || (dnsServers.length === 0 && searchDomains.length === 0)) return []
  const path = settings.resolvConf
  return [
    {
      id: 'dns',
      kind: 'dns',
      apply: { path, instance: settings.instance, servers: dnsServers, searchDomains },
      undo: { kind: 'dns-planned', path },
    },
  ]
}

/** What sends packets to our table; in each family that has routes there. */
export function rulesStep({ request, settings, table, traffic }: PlanInput): UndescribedStep {
  const families = ([4, 6] as const).filter((family) => traffic.covered[family].length > 0)
  const { scope } = request
  const rules = families.map((family): RtRule => ({
    family,
    priority: priorityOf(settings, request.slot),
    action: 'lookup',
    table,
    // Made on this machine: forwarded packets keep their way.
    iif: 'lo',
    mark: 0,
    mask: settings.protectMark,
    protocol: settings.routeProtocol,
    ...(scope.kind === 'user' ? { uidRange: { from: scope.uid, to: scope.uid } } : {}),
  }))
  return { id: 'rules', kind: 'rules', apply: { rules }, undo: { kind: 'rules', rules } }
}

/** Connections that the change of addresses would leave hanging are closed, so that programs open new ones at once. */
export function socketSteps(input: PlanInput): { atDestroy: UndescribedStep[]; atCreate: UndescribedStep[] } {
  const { request, settings, traffic } = input
  const own = [...ownAddresses(input, 4), ...ownAddresses(input, 6)]
  const common = {
    covered: [...traffic.covered[4], ...traffic.covered[6]],
    own,
    protectMark: settings.protectMark,
    ...(request.scope.kind === 'user' ? { uid: request.scope.uid } : {}),
    ...knownHost(request),
  }
  return {
    atDestroy: [
      {
        id: 'sockets at destroy',
        kind: 'sockets',
        apply: { at: 'destroy' },
        undo: { kind: 'sockets', own },
      },
    ],
    atCreate: [{ id: 'sockets at create', kind: 'sockets', apply: { at: 'create', ...common } }],
  }
}

function ownAddresses({ addresses }: PlanInput, family: 4 | 6): string[] {
  return addresses.filter((address) => address.family === family).map(({ address }) => address)
}

/** A host that shares its user's uid cannot be told from the user's programs by it. */
function knownHost({ hostUid, owner }: TunnelRequest): { hostUid?: number } {
  return hostUid === owner.uid ? {} : { hostUid }
}
