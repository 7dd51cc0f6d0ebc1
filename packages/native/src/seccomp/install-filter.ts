import { addressOf, check } from '../libc.ts'
import { currentArchitecture, rawSyscall } from '../raw-syscall.ts'
import { SystemError, errnoNumber } from '../system-error.ts'
import { encodeInstructions } from './bpf-assembler.ts'
import { compileFilter } from './compile-filter.ts'
import type { SeccompProgram } from './filter-rule.ts'

const SECCOMP = { x64: 317, arm64: 277 }
const SECCOMP_SET_MODE_FILTER = 1
const SECCOMP_FILTER_FLAG_TSYNC = 1

/**
 * Puts the calling thread, and what it starts later, under one more filter, for good. Of several filters the strictest
 * answer counts. Needs `setNoNewPrivileges` or CAP_SYS_ADMIN.
 *
 * @param options `allThreads`: all running threads of this process as well, or none
 * @throws SystemError EACCES without no_new_privs, EBUSY when some thread already has a filter of its own that this one lacks
 */
export function installFilter(program: SeccompProgram, options: { readonly allThreads: boolean }): void {
  const instructions = compileFilter(program, currentArchitecture())
  const code = encodeInstructions(instructions)
  // struct sock_fprog { u16 len; struct sock_filter *filter }
  const fprog = Buffer.alloc(16)
  fprog.writeUInt16LE(instructions.length, 0)
  fprog.writeBigUInt64LE(addressOf(code), 8)
  const flags = options.allThreads ? SECCOMP_FILTER_FLAG_TSYNC : 0
  const result = check(rawSyscall(SECCOMP, SECCOMP_SET_MODE_FILTER, flags, addressOf(fprog)), 'seccomp')
  // seccomp(2): a positive answer names the thread that could not follow.
  if (result > 0) throw new SystemError(errnoNumber('EBUSY'), 'seccomp', { detail: `thread ${result}` })
}
