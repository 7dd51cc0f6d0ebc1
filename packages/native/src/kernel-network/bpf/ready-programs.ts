import { unsigned } from '../fields.ts'
import { Assembler } from './instructions.ts'
import type { BpfProgram } from './program.ts'

/** struct bpf_sock: offset of the socket's mark. */
const SOCK_MARK = 16
/** struct bpf_sockopt: offsets. */
const SOCKOPT_LEVEL = 24
const SOCKOPT_NAME = 28
const SOCKOPT_LENGTH = 32
const SOL_SOCKET = 1
const SO_BINDTODEVICE = 25
const SO_BINDTOIFINDEX = 62

const CONTEXT = 1
const WORD = 2
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
  unsigned('mask', mask)
  if ((unsigned('mark', mark) & ~mask) !== 0) throw new RangeError('mark: has bits outside mask')
  const code = new Assembler()
    .loadWord(WORD, CONTEXT, SOCK_MARK)
    .and(WORD, ~mask)
    .or(WORD, mark)
    .storeWord(CONTEXT, SOCK_MARK, WORD)
    .exit(ALLOW)
    .assemble()
  return { name, hook: 'sock-create', code }
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
