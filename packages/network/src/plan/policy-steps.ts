import type { GuardTunnel } from '../guard/model.ts'
import { overlayRoutes } from './overlay-routes.ts'
import type { PlanInput } from './plan-tunnel.ts'
import type { TunnelRequest } from './request.ts'
import type { IdentityData, UndescribedStep } from './step.ts'

/** Our own table, which nothing looks up yet. */
export function routesStep({ request, table, settings, traffic, membership }: PlanInput): UndescribedStep {
  const protocol = settings.routeProtocol
  const { slot, interfaceName, scope, beside = [] } = request
  const { tunnel, excluded, refused } = traffic
  const routes = { table, protocol, tunnel, excluded, refused }
  const overlays =
    membership === undefined ? overlayRoutes({ slot, interfaceName, scope, routes }, beside) : []
  return {
    id: 'routes',
    kind: 'routes',
    apply: { ...routes, ...(overlays.length === 0 ? {} : { overlays }) },
    undo: { kind: 'routes', slot, table, protocol },
  }
}

/** The packet filter. */
export function guardStep(input: PlanInput): UndescribedStep {
  const { request, settings, traffic, membership } = input
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
    ...(request.endpoints === undefined || request.endpoints.length === 0
      ? {}
      : { endpoints: request.endpoints }),
    ...(membership === undefined
      ? {}
      : {
          members: {
            kind: membership.kind,
            ...membership.selectors,
            identityMask: settings.identityMask,
            overlays: membership.overlays,
          },
        }),
  }
  const overlays = membership?.overlays ?? []
  return {
    id: 'guard',
    kind: 'guard',
    apply: model,
    undo: {
      kind: 'guard',
      table: settings.nftTable,
      slot,
      interfaceName,
      ...(overlays.length === 0 ? {} : { overlays }),
    },
  }
}

/** Connections that the change of addresses would leave hanging are closed, so that programs open new ones at once. */
export function socketSteps(input: PlanInput): { atDestroy: UndescribedStep[]; atCreate: UndescribedStep[] } {
  const { request, settings, traffic, membership } = input
  const own = [...ownAddresses(input, 4), ...ownAddresses(input, 6)]
  const common = {
    covered: [...traffic.covered[4], ...traffic.covered[6]],
    own,
    protectMark: settings.protectMark,
    ...(request.scope.kind === 'user' ? { uid: request.scope.uid } : {}),
    ...knownHost(request),
    ...(membership === undefined
      ? {}
      : {
          members: {
            kind: membership.kind,
            ...membership.selectors,
            identityMask: settings.identityMask,
            ...identityOf(input),
          },
        }),
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

/** What marks the sockets of listed applications, where they are told by their control groups. */
export function identityStep(input: PlanInput): UndescribedStep[] {
  const { identity } = identityOf(input)
  return identity === undefined
    ? []
    : [{ id: 'identity', kind: 'identity', apply: identity, undo: { kind: 'identity', ...identity } }]
}

function identityOf({ settings, membership, applications }: PlanInput): { readonly identity?: IdentityData } {
  if (membership === undefined || applications?.identity !== 'cgroup') return {}
  const { instance, identityMask } = settings
  return { identity: { root: applications.cgroupRoot, instance, identityMask, list: membership.list } }
}

function ownAddresses({ addresses }: PlanInput, family: 4 | 6): string[] {
  return addresses.filter((address) => address.family === family).map(({ address }) => address)
}

/** A host that shares its user's uid cannot be told from the user's programs by it. */
function knownHost({ hostUid, owner }: TunnelRequest): { hostUid?: number } {
  return hostUid === owner.uid ? {} : { hostUid }
}
