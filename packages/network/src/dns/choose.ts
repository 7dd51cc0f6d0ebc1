import { accessSync, constants, lstatSync, readlinkSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { connectUnix, readPlainFile } from '@vpnext/native'
import type { DnsBackendName } from '../plan/step.ts'
import type { NetworkSettings } from '../settings.ts'
import { resolversOf } from './resolvers.ts'

/** Where systemd-resolved keeps what it generates, and listens. */
const RESOLVED = '/run/systemd/resolve'
/** What its clients talk to it through: its own interface, and the system bus, on which `resolvectl` reaches it. */
const sockets = [`${RESOLVED}/io.systemd.Resolve`, '/run/dbus/system_bus_socket']
/** Its stub listeners, resolved.conf(5). */
const stubs = new Set(['127.0.0.53', '127.0.0.54'])

/**
 * Who must be told about DNS servers: systemd-resolved where resolv.conf leads to it and it answers, else the file itself.
 * Changes nothing, and sends nothing.
 */
export function chooseDnsBackend(
  settings: Pick<NetworkSettings, 'resolvConf' | 'resolvectl'>,
): DnsBackendName {
  return leadsToResolved(settings.resolvConf) && isExecutable(settings.resolvectl) && sockets.every(accepts)
    ? 'resolved'
    : 'resolv.conf'
}

/** resolv.conf is a link to one of resolved's files, or a file that names only its stub. */
function leadsToResolved(path: string): boolean {
  try {
    if (lstatSync(path).isSymbolicLink()) {
      return dirname(resolve(dirname(path), readlinkSync(path))) === RESOLVED
    }
    return resolversOf(readPlainFile(path).toString('latin1')).every((server) => stubs.has(server))
  } catch {
    return false
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function accepts(path: string): boolean {
  try {
    connectUnix(path).close()
    return true
  } catch {
    return false
  }
}
