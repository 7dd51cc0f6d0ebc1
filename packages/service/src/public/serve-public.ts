import { join } from 'node:path'
import { ConnectionError, type VarlinkServer, implement, serveVarlink } from '@vpnext/varlink'
import { isInHostCgroup } from '../hosts/host-cgroup.ts'
import { LineBudget } from '../logs/line-budget.ts'
import { serviceSubject } from '../logs/log-entry.ts'
import { isHostCaller } from '../permissions.ts'
import { publicInterface } from '../protocol/public-interface.ts'
import { notPermitted } from '../protocol-errors.ts'
import { abilityMethods } from './ability-methods.ts'
import { applicationMethods } from './application-methods.ts'
import { bundleMethods } from './bundle-methods.ts'
import { consentMethods } from './consent-methods.ts'
import { fileMethods } from './file-methods.ts'
import { logMethods } from './log-methods.ts'
import { planMethod } from './plan-method.ts'
import type { PublicParts } from './public-parts.ts'
import { testMethods } from './test-methods.ts'
import { statusMethods } from './status-methods.ts'

/** Everybody may connect; who may do what is decided for each call, by the kernel's word on who called. */
const socketMode = 0o666

/** Serves `io.vpnext` on `<run folder>/io.vpnext`. Hosts are turned away when they connect. */
export function servePublic(parts: PublicParts, runDir: string): Promise<VarlinkServer> {
  const { abilities, logs } = parts
  const signs = { isHost: (pid: number) => abilities.isHost(pid), isInHostCgroup }
  const offences = { subject: serviceSubject, lines: new LineBudget({ burst: 100, perSecond: 1 }) }
  const tellOffence = (message: string): void =>
    logs.addOf(offences, { source: 'service', level: 'warn', domain: 0, tag: 'vpnextd', message })
  return serveVarlink({
    path: join(runDir, 'io.vpnext'),
    mode: socketMode,
    vendor: 'vpnext',
    product: 'vpnextd',
    version: parts.facts.version,
    url: 'https://varlink.org/',
    interfaces: [
      implement(publicInterface, {
        ...statusMethods(parts),
        ...bundleMethods(parts),
        ...fileMethods(parts),
        ...abilityMethods(parts),
        ...testMethods(parts),
        ...consentMethods(parts),
        ...logMethods(parts),
        ...planMethod(parts),
        ...applicationMethods(parts),
      }),
    ],
    onConnection: (peer) => {
      if (!isHostCaller(peer, signs)) return
      tellOffence(`turned away pid ${peer.pid}, uid ${peer.uid}: hosts do not use this socket`)
      throw notPermitted('hosts do not use this socket')
    },
    onError: (error, where) => {
      if (error instanceof ConnectionError) tellOffence(`${where}: ${error.message}`)
      else logs.note('error', serviceSubject, `${where}: ${withStack(error)}`)
    },
  })
}

function withStack(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
