import { unsigned } from '../fields.ts'
import { Assembler } from './instructions.ts'
import type { BpfProgram } from './program.ts'
import { SOCKET, SOCKET_MARK } from './socket-condition.ts'

/** struct bpf_sockopt: offsets. */
const SOCKOPT_LEVEL = 24
const SOCKOPT_NAME = 28
const SOCKOPT_LENGTH = 32
const SOL_SOCKET = 1
const SO_MARK = 36
const SO_BINDTODEVICE = 25
const SO_BINDTOIFINDEX = 62

/** enum bpf_func_id: setsockopt, for the hooks of connect since Linux 5.8 */
const SET_SOCKET_OPTION = 49

const CONTEXT = 1
const WORD = 2
const STACK = 10
const REFUSE = 0
const ALLOW = 1

/**
 * Gives every socket made in the cgroup from now on a mark: `mark = (mark & ~mask) | (value & mask)`. Unlike
 * setsockopt(SO_MARK) it is there before any address is chosen. Accepted connections have their listener's mark.
 *
 * @param name 1..15 characters, as the kernel shows it
 * @param mark 32 bits; only those in `mask` may be set
 * @param mask 32 bits
 * @throws RangeError naming the field
 */
export function markSocketsProgram(name: string, mark: number, mask: number): BpfProgram {
  checkMark(mark, mask)
  const code = new Assembler()
    .loadWord(WORD, CONTEXT, SOCKET_MARK)
    .and(WORD, ~mask)
    .or(WORD, mark)
    .storeWord(CONTEXT, SOCKET_MARK, WORD)
    .exit(ALLOW)
    .assemble()
  return { name, hook: 'sock-create', code }
}

/**
 * {@link markSocketsProgram}, and the same for sockets as they connect: those that the kernel makes for a program's own, of which
 * the hook of new sockets hears nothing. Such carry what goes over MPTCP. One that cannot be marked does not connect
 * (EPERM).
 *
 * @returns one program per hook to attach, all of one name
 * @throws RangeError naming the field
 */
export function markSocketsPrograms(name: string, mark: number, mask: number): BpfProgram[] {
  const connecting = { name, code: markAsItConnects(mark, mask) }
  return [
    markSocketsProgram(name, mark, mask),
    { ...connecting, hook: 'connect4' },
    { ...connecting, hook: 'connect6' },
  ]
}

function markAsItConnects(mark: number, mask: number): Uint8Array {
  checkMark(mark, mask)
  const context = 6
  const bits = 3
  const value = -4
  return (
    new Assembler()
      .copy(context, CONTEXT)
      .loadPointer(WORD, context, SOCKET)
      .loadWord(WORD, WORD, SOCKET_MARK)
      // As most are, which were marked when they were made: setting it again would have them look for a route again.
      .copy(bits, WORD)
      .and(bits, mask)
      .jumpIf(bits, mark, 'allow')
      .and(WORD, ~mask)
      .or(WORD, mark)
      .storeWord(STACK, value, WORD)
      .copy(1, context)
      .move(2, SOL_SOCKET)
      .move(3, SO_MARK)
      .copy(4, STACK)
      .add(4, value)
      .move(5, 4)
      .call(SET_SOCKET_OPTION)
      .jumpIf(0, 0, 'allow')
      .exit(REFUSE)
      .label('allow')
      .exit(ALLOW)
      .assemble()
  )
}

function checkMark(mark: number, mask: number): void {
  unsigned('mask', mask)
  if ((unsigned('mark', mark) & ~mask) !== 0) throw new RangeError('mark: has bits outside mask')
}

/**
 * Refuses (EPERM) to bind a socket to an interface, by SO_BINDTODEVICE or SO_BINDTOIFINDEX: the unprivileged way around
 * policy routing. Other socket options pass.
 *
 * @param name 1..15 characters, as the kernel shows it
 */
export function lockDeviceProgram(name: string): BpfProgram {
  const code = new Assembler()
    .loadWord(WORD, CONTEXT, SOCKOPT_LEVEL)
    .jumpUnless(WORD, SOL_SOCKET, 'allow')
    .loadWord(WORD, CONTEXT, SOCKOPT_NAME)
    .jumpUnless(WORD, SO_BINDTODEVICE, 'by index')
    .exit(REFUSE)
    .label('by index')
    .jumpUnless(WORD, SO_BINDTOIFINDEX, 'allow')
    .exit(REFUSE)
    .label('allow')
    // Length 0: the kernel takes the caller's own value. Any other length above one page would be refused (EFAULT).
    .move(WORD, 0)
    .storeWord(CONTEXT, SOCKOPT_LENGTH, WORD)
    .exit(ALLOW)
    .assemble()
  return { name, hook: 'setsockopt', code }
}
