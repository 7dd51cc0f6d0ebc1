import { refuse, unsigned } from '../fields.ts'
import type { Assembler, Register } from './instructions.ts'

/** Which sockets a program is about: all that is given must hold. */
export interface SocketCondition {
  /** Of this network namespace, see `networkNamespaceCookie`. */
  readonly networkNamespace?: bigint
  /** The real uid of the process that calls. */
  readonly uid?: number
  /** About the mark of the socket. */
  readonly marks?: readonly MarkCondition[]
}

/** `mark & mask` is one of the values, or none of them. */
export interface MarkCondition {
  readonly mask: number
  readonly values: readonly number[]
  readonly match: 'any' | 'none'
}

/** struct bpf_sock_addr: the socket, a pointer. */
export const SOCKET = 64
/** struct bpf_sock: its mark. */
export const SOCKET_MARK = 16
/** enum bpf_func_id: get_current_uid_gid, get_netns_cookie (Linux 5.7) */
const CURRENT_UID_GID = 15
const NETNS_COOKIE = 122

const WORD = 2
const HIGH = 3

/**
 * Goes on at `label` for sockets that the condition is not about. For programs of the hooks with addresses.
 *
 * @param context 6..9: the register that holds the context
 */
export function skipUnless(
  assembler: Assembler,
  context: Register,
  condition: SocketCondition,
  label: string,
): void {
  const { networkNamespace, uid, marks = [] } = condition
  if (networkNamespace !== undefined) {
    assembler.copy(1, context).call(NETNS_COOKIE).copy(HIGH, 0).shiftRight(HIGH, 32)
    assembler.jumpUnless(HIGH, Number(networkNamespace >> 32n), label)
    assembler.jumpUnless(0, Number(networkNamespace & 0xffff_ffffn), label)
  }
  // The gid is in the upper half.
  if (uid !== undefined) assembler.call(CURRENT_UID_GID).jumpUnless(0, uid, label)
  for (const [index, condition_] of marks.entries()) {
    skipUnlessMarked(assembler, context, condition_, label, `marked ${index}`)
  }
}

function skipUnlessMarked(
  assembler: Assembler,
  context: Register,
  { mask, values, match }: MarkCondition,
  label: string,
  matched: string,
): void {
  assembler.loadPointer(WORD, context, SOCKET).loadWord(WORD, WORD, SOCKET_MARK).and(WORD, mask)
  for (const value of values) assembler.jumpIf(WORD, value, match === 'any' ? matched : label)
  if (match === 'any') assembler.jump(label).label(matched)
}

/** @throws RangeError naming the field */
export function checkCondition(field: string, { networkNamespace, uid, marks = [] }: SocketCondition): void {
  if (networkNamespace !== undefined && BigInt.asUintN(64, networkNamespace) !== networkNamespace) {
    refuse(`${field}.networkNamespace`, 'must be 64 bits')
  }
  if (uid !== undefined) unsigned(`${field}.uid`, uid)
  for (const [index, { mask, values }] of marks.entries()) {
    unsigned(`${field}.marks[${index}].mask`, mask)
    for (const value of values) {
      if ((unsigned(`${field}.marks[${index}].values`, value) & ~mask) !== 0) {
        refuse(`${field}.marks[${index}].values`, `${value} has bits outside mask`)
      }
    }
  }
}
