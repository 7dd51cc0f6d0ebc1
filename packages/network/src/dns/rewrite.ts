import { type BpfProgram, type CgroupHook, cgroupHookNames, redirectPrograms } from '@vpnext/native'
import { detach, ProgramLoader, programsOf } from '../identity/cgroup-programs.ts'
import { parseProgramName, programName } from '../identity/program-name.ts'
import type { DnsRewriteData, DnsRewriteUndo } from '../plan/step.ts'

const DNS_PORT = 53
/** Those with addresses. */
const hooks: readonly CgroupHook[] = cgroupHookNames.filter((hook) => /[46]$/.test(hook))

/**
 * Sends DNS questions of some sockets elsewhere, and lets the answers seem to come from where they were asked: TCP and UDP,
 * connected or not, IPv4 and IPv6. The programs are attached to the root of cgroup2, so they see every process; their condition
 * says whose sockets, of which network namespace, they are about. They stay when this process ends.
 *
 * Not covered is what asks a resolver by other means than the network: nss-resolve talks to systemd-resolved through a Unix
 * socket.
 *
 * @throws SystemError EPERM without CAP_BPF and CAP_NET_ADMIN
 */
export function applyDnsRewrite(data: DnsRewriteData): void {
  using loader = new ProgramLoader()
  for (const program of programsFor(data)) loader.attachOnce(data.root, program)
}

/** Puts programs for other redirects in the place of those that are there; the new ones before the old ones go. */
export function replaceDnsRewrite(data: DnsRewriteData): void {
  const { root, instance, slot, role } = data
  const former = programsOf(root, hooks).filter(({ name }) => {
    const purpose = parseProgramName({ instance }, name)
    return purpose?.slot === slot && purpose.role === role
  })
  using loader = new ProgramLoader()
  for (const program of programsFor(data)) loader.attach(root, program)
  for (const program of former) detach(program)
}

function programsFor({ instance, slot, role, ...data }: DnsRewriteData): BpfProgram[] {
  if (data.redirects.length === 0) return []
  const name = programName({ instance }, { role, slot, value: 0 })
  const redirects = data.redirects.map(({ from, to }) => ({
    from: endpoint(from),
    to: to === 'refuse' ? ('refuse' as const) : endpoint(to),
  }))
  const condition = {
    networkNamespace: BigInt(data.networkNamespace),
    ...(data.uid === undefined ? {} : { uid: data.uid }),
    marks: data.marks,
  }
  // The way back before the way there: no answer comes from an address that was not asked.
  return redirectPrograms(name, redirects, condition).toReversed()
}

/** Takes the programs of a tunnel back. Idempotent. @returns how many there were */
export function removeDnsRewrite({ root, instance, slot }: DnsRewriteUndo): number {
  return programsOf(root, hooks).filter((program) => {
    const purpose = parseProgramName({ instance }, program.name)
    return purpose?.slot === slot && detach(program)
  }).length
}

function endpoint(address: string): { readonly address: string; readonly port: number } {
  return { address, port: DNS_PORT }
}
