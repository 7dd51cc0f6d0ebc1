import { Fd } from '../../fd.ts'
import { addressOf, check } from '../../libc.ts'
import { errnoNumber, SystemError } from '../../system-error.ts'
import { refuse, unsigned } from '../fields.ts'
import { BPF_OBJ_GET_INFO_BY_FD, BPF_PROG_GET_FD_BY_ID, BPF_PROG_LOAD, callBpf } from './bpf-call.ts'
import { cgroupHooks } from './hooks.ts'
import type { CgroupHook } from './hooks.ts'
import { INSTRUCTION_SIZE } from './instructions.ts'

/** A program for one hook, ready to load. */
export interface BpfProgram {
  /** 1..15 characters of `A-Z a-z 0-9 _ .`: how it is found again after a restart. */
  readonly name: string
  readonly hook: CgroupHook
  /** Instructions, 8 bytes each. */
  readonly code: Uint8Array
}

/** What the kernel knows of a loaded program. */
export interface BpfProgramInfo {
  /** Unique while the program is loaded. */
  readonly id: number
  readonly name: string
  /** enum bpf_prog_type */
  readonly type: number
}

/** union bpf_attr of BPF_PROG_LOAD up to expected_attach_type, and its members' offsets. */
const LOAD_SIZE = 72
const LOG_SIZE = 64 * 1024
/** struct bpf_prog_info up to name. */
const INFO_SIZE = 80
const ENOENT = errnoNumber('ENOENT')
const license = Buffer.from('GPL\0')

/**
 * Loads a program into the kernel. It stays while a descriptor or a cgroup holds it.
 *
 * @returns its descriptor
 * @throws SystemError EPERM without CAP_BPF and CAP_NET_ADMIN in the first user namespace; EINVAL or EACCES with the
 * verifier's text as `detail`
 * @throws RangeError for bad names or code
 */
export function loadProgram(program: BpfProgram): Fd {
  if (!/^[A-Za-z0-9_.]{1,15}$/.test(program.name)) {
    refuse('name', `${JSON.stringify(program.name)} is not 1 to 15 characters of A-Z a-z 0-9 _ .`)
  }
  if (program.code.length === 0 || program.code.length % INSTRUCTION_SIZE !== 0) {
    refuse('code', `${program.code.length} bytes are no whole number of instructions`)
  }
  const result = load(program)
  if (result >= 0) return Fd.adopt(result)
  const log = Buffer.alloc(LOG_SIZE)
  const again = load(program, log)
  if (again >= 0) return Fd.adopt(again)
  const text = log.toString('utf8', 0, log.indexOf(0)).trim()
  throw new SystemError(-again, 'bpf', text === '' ? { detail: program.name } : { detail: text })
}

/**
 * A descriptor of a loaded program.
 *
 * @returns undefined when there is no such program any more
 * @throws SystemError EPERM without CAP_SYS_ADMIN (or CAP_BPF, depending on the kernel)
 */
export function openProgram(id: number): Fd | undefined {
  const attributes = Buffer.alloc(12)
  attributes.writeUInt32LE(unsigned('id', id), 0)
  const result = callBpf(BPF_PROG_GET_FD_BY_ID, attributes)
  return result === -ENOENT ? undefined : Fd.adopt(check(result, 'bpf', `program ${id}`))
}

/** What the kernel knows of a program by descriptor, or by id: undefined when it is gone. @throws SystemError */
export function programInfo(program: Fd): BpfProgramInfo
export function programInfo(program: number): BpfProgramInfo | undefined
export function programInfo(program: Fd | number): BpfProgramInfo | undefined {
  if (program instanceof Fd) return infoOf(program)
  using fd = openProgram(program)
  return fd === undefined ? undefined : infoOf(fd)
}

/** type @0, insn_cnt @4, insns @8, license @16, log_level @24, log_size @28, log_buf @32, name @48, attach type @68. */
function load(program: BpfProgram, log?: Buffer): number {
  const { programType, attachType } = cgroupHooks[program.hook]
  const code = Buffer.from(program.code)
  const attributes = Buffer.alloc(LOAD_SIZE)
  attributes.writeUInt32LE(programType, 0)
  attributes.writeUInt32LE(code.length / INSTRUCTION_SIZE, 4)
  attributes.writeBigUInt64LE(addressOf(code), 8)
  attributes.writeBigUInt64LE(addressOf(license), 16)
  if (log !== undefined) {
    attributes.writeUInt32LE(1, 24)
    attributes.writeUInt32LE(log.length, 28)
    attributes.writeBigUInt64LE(addressOf(log), 32)
  }
  attributes.write(program.name, 48, 'latin1')
  attributes.writeUInt32LE(attachType, 68)
  return callBpf(BPF_PROG_LOAD, attributes)
}

/** struct bpf_prog_info: type @0, id @4, name @64 (16 bytes). */
function infoOf(fd: Fd): BpfProgramInfo {
  const info = Buffer.alloc(INFO_SIZE)
  const attributes = Buffer.alloc(16)
  attributes.writeUInt32LE(fd.number, 0)
  attributes.writeUInt32LE(info.length, 4)
  attributes.writeBigUInt64LE(addressOf(info), 8)
  check(callBpf(BPF_OBJ_GET_INFO_BY_FD, attributes), 'bpf', 'program info')
  const name = info.subarray(64, 80)
  const end = name.indexOf(0)
  return {
    id: info.readUInt32LE(4),
    name: name.toString('latin1', 0, end < 0 ? name.length : end),
    type: info.readUInt32LE(0),
  }
}
