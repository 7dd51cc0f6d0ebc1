import { ip, refuse, unsigned } from '../fields.ts'
import { ipFamilyOf, writeIp } from '../ip-text.ts'
import type { IpFamily } from '../route/objects.ts'
import type { CgroupHook } from './hooks.ts'
import { Assembler } from './instructions.ts'
import type { BpfProgram } from './program.ts'
import { checkCondition, skipUnless } from './socket-condition.ts'
import type { SocketCondition } from './socket-condition.ts'

/** An address and port. */
export interface Endpoint {
  readonly address: string
  /** 1..65535 */
  readonly port: number
}

/**
 * What is meant for `from` goes to `to`; answers seem to come from `from`. Both of one family. `'refuse'`: it goes nowhere,
 * the caller gets EPERM.
 */
export interface Redirect {
  readonly from: Endpoint
  readonly to: Endpoint | 'refuse'
}

/** An endpoint as the programs compare it: words as a little-endian machine reads them from network order. */
interface Words {
  /** One for IPv4, four for IPv6. */
  readonly address: readonly number[]
  readonly port: number
}

/** struct bpf_sock_addr: offsets. */
const USER_IP4 = 4
const USER_IP6 = 8
const USER_PORT = 24

/** Kept over the calls of the condition. */
const CONTEXT = 6
const WORD = 2
const REFUSE = 0
const ALLOW = 1
/** The verifier's limit of a jump is far away; this keeps the programs short. */
const MAX_REDIRECTS = 64

/** Hooks by direction: on the way out `from` becomes `to`, on the way in `to` becomes `from`. */
const directions: readonly { hook: CgroupHook; family: IpFamily; outward: boolean }[] = [
  { hook: 'connect4', family: 4, outward: true },
  { hook: 'connect6', family: 6, outward: true },
  { hook: 'sendmsg4', family: 4, outward: true },
  { hook: 'sendmsg6', family: 6, outward: true },
  { hook: 'recvmsg4', family: 4, outward: false },
  { hook: 'recvmsg6', family: 6, outward: false },
  { hook: 'getpeername4', family: 4, outward: false },
  { hook: 'getpeername6', family: 6, outward: false },
]

/**
 * Programs that send what a cgroup's sockets mean for one endpoint to another, without the applications' noticing: TCP
 * and connected or unconnected UDP, IPv4, IPv6 and IPv4 through IPv6 sockets. Sockets connected before are not touched.
 * When several `from` share a `to`, answers seem to come from the first.
 *
 * @param name 1..15 characters, the same for all programs
 * @param redirects 1..64; the first that matches counts
 * @param condition which sockets; all of the cgroup when absent
 * @returns one program per hook to attach
 * @throws RangeError naming the field
 */
export function redirectPrograms(
  name: string,
  redirects: readonly Redirect[],
  condition: SocketCondition = {},
): BpfProgram[] {
  checkCondition('condition', condition)
  if (redirects.length === 0 || redirects.length > MAX_REDIRECTS) {
    refuse('redirects', `${redirects.length} are not 1 to ${MAX_REDIRECTS}`)
  }
  for (const [index, redirect] of redirects.entries()) checkRedirect(`redirects[${index}]`, redirect)
  return directions.map(({ hook, family, outward }) => ({
    name,
    hook,
    code: program(family, redirects, outward, condition),
  }))
}

function program(
  family: IpFamily,
  redirects: readonly Redirect[],
  outward: boolean,
  condition: SocketCondition,
): Uint8Array {
  const assembler = new Assembler().copy(CONTEXT, 1)
  skipUnless(assembler, CONTEXT, condition, 'allow')
  for (const [index, { from, to }] of redirects.entries()) {
    // An IPv6 socket names an IPv4 endpoint ::ffff:a.b.c.d; an IPv4 socket never names an IPv6 one.
    if (family === 4 && ipFamilyOf(from.address) === 6) continue
    const next = `next ${index}`
    if (to === 'refuse') {
      if (outward) jumpUnlessMeant(assembler, family, words(from, family), next).exit(REFUSE).label(next)
      continue
    }
    const [match, replacement] = outward ? [from, to] : [to, from]
    rewrite(assembler, family, words(match, family), words(replacement, family), next)
  }
  return assembler.label('allow').exit(ALLOW).assemble()
}

function rewrite(
  assembler: Assembler,
  family: IpFamily,
  match: Words,
  replacement: Words,
  next: string,
): void {
  jumpUnlessMeant(assembler, family, match, next)
  const first = family === 4 ? USER_IP4 : USER_IP6
  for (const [position, word] of replacement.address.entries()) {
    assembler.move(WORD, word).storeWord(CONTEXT, first + position * 4, WORD)
  }
  assembler.move(WORD, replacement.port).storeWord(CONTEXT, USER_PORT, WORD).exit(ALLOW).label(next)
}

function jumpUnlessMeant(assembler: Assembler, family: IpFamily, match: Words, next: string): Assembler {
  const first = family === 4 ? USER_IP4 : USER_IP6
  assembler.loadWord(WORD, CONTEXT, USER_PORT).jumpUnless(WORD, match.port, next)
  for (const [position, word] of match.address.entries()) {
    assembler.loadWord(WORD, CONTEXT, first + position * 4).jumpUnless(WORD, word, next)
  }
  return assembler
}

function words({ address, port }: Endpoint, family: IpFamily): Words {
  const bytes = Buffer.alloc(16)
  const own = ipFamilyOf(address)
  writeIp(bytes, 0, own < family ? `::ffff:${address}` : address, family)
  const portBytes = Buffer.alloc(4)
  portBytes.writeUInt16BE(port)
  return {
    address: Array.from({ length: family === 4 ? 1 : 4 }, (_, position) => bytes.readInt32LE(position * 4)),
    port: portBytes.readInt32LE(),
  }
}

function checkRedirect(field: string, { from, to }: Redirect): void {
  const family = ipFamilyOf(from.address)
  for (const [name, endpoint] of [
    ['from', from],
    ['to', to],
  ] as const) {
    if (endpoint === 'refuse') continue
    ip(`${field}.${name}.address`, endpoint.address, family)
    if (unsigned(`${field}.${name}.port`, endpoint.port, 65535) === 0)
      refuse(`${field}.${name}.port`, '0 is no port')
  }
}
