/**
 * vpnextd, the privileged service of vpnext: who may run which VPN extension, with whose consent, and what each gets.
 * It parses no packet, serves no HTTP and compiles nothing.
 *
 * ```ts
 * import { createService } from '@vpnext/service'
 *
 * const service = createService({
 *   runDir: '/run/vpnext',
 *   stateDir: '/var/lib/vpnext',
 *   hostImage: '/usr/lib/vpnext/host',
 *   log: (entry) => console.error(`${entry.bundleName} ${entry.level}: ${entry.message}`),
 * })
 * await service.start() // listens on /run/vpnext/io.vpnext
 * process.once('SIGTERM', () => void service.stop())
 * ```
 *
 * @packageDocumentation
 */
export { createService, type Service } from './create-service.ts'
export {
  findLeftovers,
  type InstancePlace,
  type Leftover,
  type Removal,
  removeLeftovers,
} from './leftovers.ts'
export { ServiceError } from './service-error.ts'
export type { ServiceOptions } from './settings.ts'
export type { LogEntry, LogLevel } from './logs/log-entry.ts'
export { type AuditVerdict, verifyAuditText } from './audit/chain.ts'
export { type Action, permissions, type Reach, type Role } from './permissions.ts'
export { firstHostUid, hostUidCount, isHostUid } from './identity/host-uids.ts'
