import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { formatAddress, parseAddress } from '@vpnext/ip'
import type { DnsLinkUndo } from '../plan/step.ts'
import type { DnsBackend } from './backend.ts'

/** It answers within 30 ms; a system bus that hangs must not hang the service. */
const TIMEOUT_MS = 5000
const PAUSE_MS = 5

/**
 * Tells systemd-resolved about the tunnel's interface, through `resolvectl`. What it is told goes with the interface, so a crash
 * leaves nothing. All names are asked at the tunnel (`~.`), not only those of the search domains.
 */
export const resolvedBackend: DnsBackend<DnsLinkUndo> = {
  name: 'resolved',

  capture({ interfaceName, resolvectl, servers, searchDomains }) {
    return { kind: 'dns-link', interfaceName, resolvectl, servers, searchDomains }
  },

  apply({ interfaceName, resolvectl, servers, searchDomains }) {
    if (servers.length > 0) run(resolvectl, 'dns', interfaceName, ...servers)
    const routing = servers.length > 0 ? ['~.'] : []
    run(resolvectl, 'domain', interfaceName, ...searchDomains, ...routing)
    if (servers.length > 0) run(resolvectl, 'default-route', interfaceName, 'yes')
  },

  restore(undo) {
    if (!exists(undo.interfaceName)) return 'nothing-to-do'
    const { interfaceName, resolvectl } = undo
    const present = [
      settingOf(resolvectl, 'dns', interfaceName),
      settingOf(resolvectl, 'domain', interfaceName),
    ]
    if (present.every((setting) => setting.length === 0)) return 'nothing-to-do'
    if (!isOurs(present[0] ?? [], present[1] ?? [], undo)) return 'not-ours'
    run(resolvectl, 'revert', interfaceName)
    return 'restored'
  },
}

/** Also what a half done {@link DnsBackend.apply} leaves: servers without domains. */
function isOurs(
  servers: readonly string[],
  domains: readonly string[],
  { servers: ours, searchDomains }: DnsLinkUndo,
): boolean {
  const expected = [...searchDomains, ...(ours.length > 0 ? ['~.'] : [])]
  return (
    same(servers.map(canonical), ours.map(canonical)) && (domains.length === 0 || same(domains, expected))
  )
}

/** `Link 3 (vpn-tun): 10.8.0.1 fd08::1` */
function settingOf(resolvectl: string, verb: 'dns' | 'domain', interfaceName: string): string[] {
  const text = run(resolvectl, verb, interfaceName)
  const [, values = ''] = /^Link \d+ \([^)]*\):(.*)/s.exec(text) ?? []
  return values.split(/\s+/).filter((value) => value !== '')
}

/**
 * Runs it again while resolved has not heard of a new interface yet: the kernel tells both of us at the same time.
 */
function run(resolvectl: string, ...args: readonly string[]): string {
  const end = performance.now() + TIMEOUT_MS
  for (;;) {
    try {
      return runOnce(resolvectl, args)
    } catch (error) {
      const isUnknown = error instanceof Error && 'stderr' in error && /not known/.test(String(error.stderr))
      if (!isUnknown || performance.now() > end) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS)
    }
  }
}

/** No environment: the service's own must not decide which bus is asked, or how the answer looks. */
function runOnce(resolvectl: string, args: readonly string[]): string {
  return execFileSync(resolvectl, args, {
    env: {},
    encoding: 'utf8',
    timeout: TIMEOUT_MS,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

function exists(interfaceName: string): boolean {
  // Follows the calling thread's network namespace, as resolvectl will.
  return readFileSync('/proc/thread-self/net/dev', 'latin1')
    .split('\n')
    .some((line) => line.trim().startsWith(`${interfaceName}:`))
}

function canonical(text: string): string {
  const address = parseAddress(text)
  return address === undefined ? text : formatAddress(address)
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index])
}
