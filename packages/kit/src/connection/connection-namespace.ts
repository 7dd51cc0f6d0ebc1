import { type Forms, bothForms, callForms, noInput } from '../call-forms.ts'
import type { Owned } from '../owned.ts'
import { integerParameter, objectParameter, textParameter } from '../parameters.ts'
import { type Permit, permitAll } from '../permissions.ts'
import { provide } from '../provided.ts'
import type { AppNet } from './app-net.ts'
import { appProxy, readHttpProxy, setAppProxy } from './http-proxy.ts'
import { NetConnection, type NetConnectionParts, defaultNet } from './net-connection.ts'
import { asNetError, netError } from './net-error.ts'
import { customDnsCalls } from './custom-dns.ts'
import { conversionProcess, dnsAscii, dnsUnicode } from './host-names.ts'
import { NetHandle, addressesByName, addressesByNameWithOptions, familyType } from './net-handle.ts'
import { readSpecifier } from './net-specifier.ts'
import { NetWatch } from './net-watch.ts'
import { protocolType, readOwnerQuery, socketOwner } from './socket-owner.ts'
import { type Net, bearType, netCap, readNets } from './nets.ts'

/**
 * `connection` of `@kit.NetworkKit`: the networks of the machine, read from the kernel. A VPN is listed, and never is the
 * default network. Errors: 201, 401, 2100001, 2100003.
 *
 * @param owned takes what it holds open
 * @param appNet the network of the process
 * @param permit asked where the device asks for a permission (201)
 */
export function connectionNamespace(owned: Owned, appNet: AppNet, permit: Permit = permitAll): object {
  const watch = new NetWatch()
  const parts: NetConnectionParts = { watch, registered: new Set(), permit }
  const handle = (netId: number): NetHandle => new NetHandle(netId, permit)
  /** Of what the networks are. */
  const seen = <Output>(now: () => Output): Forms<Output> =>
    callForms({ read: noInput, now: () => (permit(networkInfo), now()) }, asNetError)
  const ofNet = <Output>(tell: (net: Net) => Output): Forms<Output> =>
    callForms(
      {
        read: ([netHandle]) => netIdParameter(netHandle),
        now: (netId) => {
          permit(networkInfo)
          return tell(netById(netId))
        },
      },
      asNetError,
    )
  // Nobody probes networks here: there is nothing that a report could change.
  const reportNet = ofNet(() => permit(internet)).later
  let pacUrl = ''
  owned.add({
    [Symbol.dispose]() {
      for (const connection of parts.registered) connection[Symbol.dispose]()
      watch[Symbol.dispose]()
    },
  })

  return provide('connection', {
    ...bothForms({
      getDefaultNet: seen(() => handle(defaultNet(readNets())?.netId ?? 0)),
      getAllNets: seen(() => readNets().map(({ netId }) => handle(netId))),
      hasDefaultNet: seen(() => defaultNet(readNets()) !== undefined),
      isDefaultNetMetered: seen(
        () =>
          defaultNet(readNets())?.capabilities.networkCap.includes(netCap.NET_CAPABILITY_NOT_METERED) ===
          false,
      ),
      getAppNet: callForms({ read: noInput, now: () => handle(appNet.netId) }, asNetError),
      getConnectionProperties: ofNet(({ properties }) => properties),
      getNetCapabilities: ofNet(({ capabilities }) => capabilities),
    }),
    /** For the sockets that kits make from now on; a handle with the netId 0 ends it. */
    setAppNet: callForms(
      {
        read: ([netHandle]) => netIdParameter(netHandle),
        now: (netId) => {
          permit(internet)
          appNet.set(netId)
        },
      },
      asNetError,
    ).later,
    getAddressesByName: addressesByName(permit),
    getAddressesByNameWithOptions: addressesByNameWithOptions(permit),
    // For VPN applications alone: every bundle here is one.
    ...bothForms({
      getConnectOwnerUid: callForms(
        {
          read: (args) => args,
          now: (args) => {
            permit(networkInfo)
            return socketOwner(readOwnerQuery(args))
          },
        },
        asNetError,
      ),
    }),
    getDnsAscii: (host: unknown, flag?: unknown) => dnsAscii(host, flag),
    getDnsUnicode: (host: unknown, flag?: unknown) => dnsUnicode(host, flag),
    createNetConnection: (specifier?: unknown, timeout?: unknown) => {
      const wanted = specifier === undefined || specifier === null ? undefined : readSpecifier(specifier)
      const limit = timeout === undefined ? 0 : integerParameter(timeout, 'timeout', 0, 2 ** 31 - 1)
      return new NetConnection(parts, wanted, limit)
    },
    /** For the http requests of the bundle, of which vpnext has none: it is kept, and told when asked for. */
    setAppHttpProxy: (proxy: unknown) => {
      setAppProxy(readHttpProxy(proxy))
    },
    getDefaultHttpProxy: callForms({ read: noInput, now: appProxy }).later,
    reportNetConnected: reportNet,
    reportNetDisconnected: reportNet,
    ...customDnsCalls(permit),
    setPacUrl: (url: unknown) => {
      const text = textParameter(url, 'pacUrl')
      permit('ohos.permission.SET_PAC_URL')
      pacUrl = text
    },
    getPacUrl: () => pacUrl,
    ProtocolType: provide('connection.ProtocolType', protocolType),
    ConversionProcess: provide('connection.ConversionProcess', conversionProcess),
    FamilyType: provide('connection.FamilyType', familyType),
    ProxyMode: provide('connection.ProxyMode', { PROXY_MODE_OFF: 0, PROXY_MODE_AUTO: 1 }),
    NetCap: provide('connection.NetCap', netCap),
    NetBearType: provide('connection.NetBearType', bearType),
  })
}

const networkInfo = 'ohos.permission.GET_NETWORK_INFO'
const internet = 'ohos.permission.INTERNET'

function netIdParameter(value: unknown): number {
  return integerParameter(Reflect.get(objectParameter(value, 'netHandle'), 'netId'), 'netHandle.netId')
}

/** @throws BusinessError 2100001 */
function netById(netId: number): Net {
  const net = readNets().find((candidate) => candidate.netId === netId)
  if (net === undefined) throw netError(2100001, `there is no network ${netId}`)
  return net
}
