import { addressOf } from '../../libc.ts'
import { rawSyscall } from '../../raw-syscall.ts'

/** bpf(2) */
const SYS_BPF = { x64: 321, arm64: 280 }

/** enum bpf_cmd, include/uapi/linux/bpf.h */
export const BPF_MAP_CREATE = 0
export const BPF_MAP_LOOKUP_ELEM = 1
export const BPF_PROG_LOAD = 5
export const BPF_PROG_ATTACH = 8
export const BPF_PROG_DETACH = 9
export const BPF_PROG_GET_FD_BY_ID = 13
export const BPF_OBJ_GET_INFO_BY_FD = 15
export const BPF_PROG_QUERY = 16

/**
 * Calls bpf(2).
 *
 * @param attributes the command's part of union bpf_attr; what it points to must stay referenced by the caller
 * @returns the result, or the negative errno
 */
export function callBpf(command: number, attributes: Buffer): number {
  return rawSyscall(SYS_BPF, command, addressOf(attributes), attributes.length)
}
