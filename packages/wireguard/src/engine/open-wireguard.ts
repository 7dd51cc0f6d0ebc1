import { pathToFileURL } from 'node:url'
import { openUdpPair, RouteProbe, startPump, type UdpPair } from '@vpnext/packet'
import { SettingsError } from '../core/core-options.ts'
import { EndpointNames } from './endpoint-names.ts'
import { EngineLink } from './engine-link.ts'
import type { EngineData } from './engine-messages.ts'
import type { WireGuardOptions } from './engine-options.ts'
import { literalEndpoint } from './plain-settings.ts'
import type { PeerSettings } from '../wg-quick/tunnel-settings.ts'
import { shareSecret, wipeShared } from './shared-secret.ts'
import { formatEndpointSetting } from '../wg-quick/format-wg-quick.ts'
import { familiesOf, RunningEngine, type WireGuardEngine } from './wireguard-engine.ts'
import { unlessAborted } from './unless-aborted.ts'
import { workerProgram } from './worker-program.ts'

/** What leaves room for WireGuard, UDP and IPv6 in 1500 bytes, and is what everybody takes. */
const defaultMtu = 1420

/**
 * WireGuard on a TUN device: opens the sockets, before it returns its promise, and moves packets in a thread of its own
 * until it is closed.
 *
 * ```ts
 * const settings = parseWgQuick(text, 'wg0.conf')
 * const tunFd = await connection.create(config)
 * await using engine = await openWireGuard({ settings, tunFd, protect: (fd) => connection.protect(fd) })
 * console.log((await engine.status()).peers[0]?.handshakeAge)
 * ```
 *
 * @returns when packets flow; names of endpoints have been asked for once by then
 * @throws SettingsError naming the option, `interface.listenPort` for one that is taken (its `cause`: SystemError EADDRINUSE) or
 * reserved (EACCES); what `protect` throws; SystemError EBADF, ENOTTY; signal's reason
 */
export async function openWireGuard(options: WireGuardOptions): Promise<WireGuardEngine> {
  const { offload = {}, onEvent, settings, signal } = options
  signal?.throwIfAborted()
  const { interface: own, peers } = settings
  const resolve = options.resolve ?? refuseNames(options)
  const sockets = openSockets(own.listenPort ?? 0)
  const routes = openRoutes(sockets)
  const data: EngineData = {
    privateKey: shareSecret(own.privateKey.bytes),
    mtu: own.mtu ?? defaultMtu,
    timings: options.timings ?? {},
    families: familiesOf(sockets),
  }
  const link = new EngineLink(
    (event) => {
      onEvent?.(event)
      if (event.kind === 'unanswered') names.unanswered(event.publicKey)
    },
    ({ address, local, scope }) => routes.sourceTo(address, scope) === local,
  )
  const names = new EndpointNames({
    resolve,
    translate: options.translate,
    families: data.families,
    routes,
    onResolved(publicKey, endpoint) {
      link.ask({ kind: 'setEndpoint', publicKey, endpoint }).then(
        () =>
          onEvent?.({
            kind: 'resolved',
            publicKey,
            endpoint: formatEndpointSetting({ host: endpoint.address, port: endpoint.port }),
          }),
        () => {}, // The engine has ended, which it tells itself.
      )
    },
    onFailed: (publicKey, name, reason) => onEvent?.({ kind: 'unresolved', publicKey, name, reason }),
  })
  try {
    for (const fd of [...socketsOf(sockets).map(({ number }) => number), ...routes.descriptors]) {
      await unlessAborted(options.protect(fd), signal)
    }
    const pump = await startPump({
      tunFd: options.tunFd,
      udpFd: socketsOf(sockets),
      data,
      onMessage: link.receive,
      worker: workerUrl(options.workerModule),
      tunOffload: offload.tun ?? 'best',
      udpOffload: { segmentation: offload.segmentation, receiveOffload: offload.receiveOffload },
      ...(signal !== undefined && { signal }),
    })
    link.attach(pump)
    const engine = new RunningEngine({ pump, link, names, sockets })
    try {
      await Promise.all(peers.map((peer, index) => addPeer(engine, peer, index)))
      signal?.throwIfAborted()
    } catch (error) {
      await engine.close()
      signal?.throwIfAborted()
      throw error
    }
    return engine
  } catch (error) {
    names[Symbol.dispose]()
    throw error
  } finally {
    wipeShared(data.privateKey)
    for (const fd of socketsOf(sockets)) fd.close()
  }
}

/** Why a port cannot be had, by the code of the error. */
const portReasons: ReadonlyMap<unknown, string> = new Map([
  ['EADDRINUSE', 'somebody has this port already'],
  ['EACCES', 'a port as low as this one needs a privilege (net.ipv4.ip_unprivileged_port_start)'],
])

/** @throws SettingsError when the port cannot be had */
function openSockets(port: number): UdpPair {
  try {
    return openUdpPair({ port, fragmentable: true, packetInfo: true, congestionInfo: true })
  } catch (error) {
    const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined
    const reason = portReasons.get(code)
    if (reason === undefined) throw error
    throw new SettingsError('interface.listenPort', `${port}: ${reason}`, { cause: error })
  }
}

/** @throws SettingsError naming the option of the peer */
async function addPeer(engine: WireGuardEngine, peer: PeerSettings, index: number): Promise<void> {
  try {
    await engine.setPeer(peer)
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error
    throw new SettingsError(`peers[${index}].${error.field}`, error.reason)
  }
}

function openRoutes(sockets: UdpPair): RouteProbe {
  try {
    return new RouteProbe()
  } catch (error) {
    for (const fd of socketsOf(sockets)) fd.close()
    throw error
  }
}

function socketsOf({ v4, v6 }: UdpPair): UdpPair['v4'][] {
  return v6 === undefined ? [v4] : [v4, v6]
}

function workerUrl(module: URL | string | undefined): URL {
  if (module === undefined) return workerProgram
  return typeof module === 'string' && module.startsWith('/') ? pathToFileURL(module) : new URL(module)
}

/** @throws SettingsError when an endpoint is a name */
function refuseNames({ settings }: WireGuardOptions): (name: string) => Promise<readonly string[]> {
  settings.peers.forEach(({ endpoint }, index) => {
    if (endpoint === undefined || literalEndpoint(endpoint) !== undefined) return
    throw new SettingsError(
      `peers[${index}].endpoint`,
      `${endpoint.host} is a name, and there is no \`resolve\``,
    )
  })
  return () => Promise.reject(new Error('there is no `resolve`'))
}
