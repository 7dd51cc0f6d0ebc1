import { t } from '@vpnext/varlink'

/** A `Want` as the API document has it; `@vpnext/api` checks it, the wire carries it untouched. */
export const want = t.json

/** Milliseconds since the epoch, as `Date.now()` gives them. */
const milliseconds = t.int

export const abilityInfo = t.struct({
  moduleName: t.string,
  name: t.string,
  /** `page` for a UIAbility, `extension` for an ExtensionAbility. */
  kind: t.oneOf('page', 'extension'),
  /** The `type` of an extension in module.json5, `vpn` for ours; `''` for a page. */
  type: t.string,
})

export const bundleInfo = t.struct({
  bundleName: t.string,
  label: t.string,
  vendor: t.string,
  versionCode: t.int,
  versionName: t.string,
  /** SHA-256 of the archive, 64 hexadecimal digits; consent is bound to it. */
  codeHash: t.string,
  ownerUid: t.int,
  installedAt: milliseconds,
  abilities: t.array(abilityInfo),
  permissions: t.array(t.string),
  kits: t.array(t.string),
})

/** Why nothing of what a tunnel covers gets anywhere. */
export const closedInfo = t.struct({
  reason: t.string,
  /** What opens it, in words. */
  remedy: t.string,
  /** The routing table that leads nowhere. */
  table: t.int,
})

export const tunnelInfo = t.struct({
  bundleName: t.string,
  /** The extension that made it, or whose next host it waits for. */
  abilityName: t.string,
  ownerUid: t.int,
  vpnId: t.string,
  interfaceName: t.string,
  scope: t.oneOf('device', 'user'),
  addresses: t.array(t.string),
  routes: t.array(t.string),
  excludedRoutes: t.array(t.string),
  dnsServers: t.array(t.string),
  searchDomains: t.array(t.string),
  mtu: t.int,
  acceptIPv4: t.bool,
  acceptIPv6: t.bool,
  trustedApplications: t.array(t.string),
  blockedApplications: t.array(t.string),
  createdAt: milliseconds,
  rxBytes: t.int,
  txBytes: t.int,
  rxPackets: t.int,
  txPackets: t.int,
  warnings: t.array(t.struct({ field: t.string, reason: t.string })),
  /** Absent while a host carries it. */
  closed: t.maybe(closedInfo),
})

export const hostInfo = t.struct({
  bundleName: t.string,
  abilityName: t.string,
  ownerUid: t.int,
  /** The uid the host runs under: 20010000 + n, or the user's own inside a user namespace. */
  hostUid: t.int,
  pid: t.int,
  state: t.oneOf('starting', 'running', 'stopping'),
  startedAt: milliseconds,
  /** What the sandbox really applied, in words, e.g. `own uid`, `Landlock ABI 7`, `seccomp`. */
  sandbox: t.array(t.string),
  /** What the kernel refused here, with the reason. */
  missing: t.array(t.string),
})

/** How a host last ended without being asked to; gone once its ability is started or stopped again. */
export const endInfo = t.struct({
  bundleName: t.string,
  abilityName: t.string,
  ownerUid: t.int,
  endedAt: milliseconds,
  /** In words, e.g. `its host ended with signal SIGSEGV`, `the extension cannot be loaded: …`. */
  reason: t.string,
  /** Such as `SIGSEGV`, when a signal ended the process. */
  signal: t.maybe(t.string),
  /** What native code said of its crash: signal, address, thread, library and offset; or that memory was short. */
  crash: t.maybe(t.string),
})

export const status = t.struct({
  instance: t.string,
  version: t.string,
  pid: t.int,
  startedAt: milliseconds,
  /** True when the service runs inside a user namespace. */
  rootless: t.bool,
  hosts: t.array(hostInfo),
  /** Oldest first. */
  ended: t.array(endInfo),
  tunnels: t.array(tunnelInfo),
})

export const grant = t.struct({
  bundleName: t.string,
  ownerUid: t.int,
  codeHash: t.string,
  decision: t.oneOf('allowed', 'denied'),
  decidedAt: milliseconds,
  decidedByUid: t.int,
})

/** What the administrator's policy says about an installed bundle; it comes before any grant. */
export const policyGrant = t.struct({
  bundleName: t.string,
  ownerUid: t.int,
  codeHash: t.string,
  decision: t.oneOf('allowed', 'denied'),
})

export const consentRequest = t.struct({
  bundleName: t.string,
  label: t.string,
  abilityName: t.string,
  ownerUid: t.int,
  codeHash: t.string,
  permissions: t.array(t.string),
  askedAt: milliseconds,
  expiresAt: milliseconds,
})

/** UTF-16 units of text that `ReadLogs` has, so that long lines cannot fill the memory. */
export const logRoom: number = 8 * 1024 * 1024

export const logEntry = t.struct({
  at: milliseconds,
  source: t.oneOf('service', 'extension', 'stdout', 'stderr'),
  level: t.oneOf('debug', 'info', 'warn', 'error', 'fatal'),
  bundleName: t.string,
  ownerUid: t.int,
  pid: t.int,
  /** hilog's domain, 0..0xFFFF for applications. */
  domain: t.int,
  tag: t.string,
  message: t.string,
})

/** What a BusinessError carries on the wire; see `@vpnext/api`. */
export const businessErrorParameters = {
  code: t.int,
  message: t.string,
  field: t.maybe(t.string),
  reason: t.maybe(t.string),
  hint: t.maybe(t.string),
}
