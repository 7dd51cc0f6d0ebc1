import { expect, test } from 'vitest'

import { interpretBpf } from '../../test/bpf-interpreter.ts'
import { errnoNumber } from '../system-error.ts'
import { compileFilter } from './compile-filter.ts'
import { hostFilterAfterExec, hostFilterBeforeExec } from './host-filter.ts'
import { type SyscallName, syscallNumber } from './syscall-table.ts'

const architectures = ['x64', 'arm64'] as const
const programs = { before: hostFilterBeforeExec(), after: hostFilterAfterExec() }

/** `'allow'`, the name of the error among those the filters use, or `'absent'`. */
function decision(
  stage: keyof typeof programs,
  architecture: (typeof architectures)[number],
  name: SyscallName,
  ...args: number[]
): string {
  const number = syscallNumber(name, architecture)
  if (number === undefined) return 'absent'
  const result = interpretBpf(compileFilter(programs[stage], architecture), {
    number,
    architecture: architecture === 'x64' ? 0xc000003e : 0xc00000b7,
    arguments: [0, 1, 2, 3, 4, 5].map((index) => BigInt(args[index] ?? 0)),
  })
  if (result === 0x7fff0000) return 'allow'
  const code = ['EPERM', 'ENOSYS'].find((known) => result === (0x00050000 | errnoNumber(known)))
  return code ?? `0x${result.toString(16)}`
}

const each = architectures.flatMap((architecture) =>
  (
    [
      // socket(domain, type, protocol); 0x80800 are its flags CLOEXEC and NONBLOCK
      ['unix stream', 'socket', [1, 1 | 0x80800, 0], 'allow'],
      ['IPv4 stream', 'socket', [2, 1 | 0x80800, 0], 'allow'],
      ['IPv6 datagram', 'socket', [10, 2, 17], 'allow'],
      ['IPv4 raw', 'socket', [2, 3 | 0x80000, 1], 'EPERM'],
      ['IPv6 raw', 'socket', [10, 3, 58], 'EPERM'],
      ['IPv4 SOCK_PACKET', 'socket', [2, 10, 3], 'EPERM'],
      ['IPv4 SCTP', 'socket', [2, 5, 132], 'EPERM'],
      ['IPv4 SCTP as a stream', 'socket', [2, 1, 132], 'EPERM'],
      ['IPv6 SMC as a stream', 'socket', [10, 1, 256], 'EPERM'],
      ['IPv4 L2TP as a datagram', 'socket', [2, 2, 115], 'EPERM'],
      ['IPv4 UDP by name', 'socket', [2, 2, 17], 'allow'],
      ['IPv4 TCP by name', 'socket', [2, 1, 6], 'allow'],
      ['IPv4 MPTCP', 'socket', [2, 1, 262], 'allow'],
      ['IPv4 echo requests', 'socket', [2, 2, 1], 'allow'],
      ['a unix pair', 'socketpair', [1, 1 | 0x80800, 0], 'allow'],
      ['a TIPC pair', 'socketpair', [30, 1, 0], 'EPERM'],
      ['an IPv4 pair', 'socketpair', [2, 1, 0], 'EPERM'],
      ['packet', 'socket', [17, 3, 0], 'EPERM'],
      ['route netlink, raw', 'socket', [16, 3 | 0x80000, 0], 'allow'],
      ['route netlink, datagram', 'socket', [16, 2, 0], 'allow'],
      ['netfilter netlink', 'socket', [16, 3, 12], 'EPERM'],
      ['audit netlink', 'socket', [16, 3, 9], 'EPERM'],
      ['vsock', 'socket', [40, 1, 0], 'EPERM'],
      ['alg', 'socket', [38, 5, 0], 'EPERM'],
      // clone(flags): those of glibc's pthread_create and of fork
      ['a thread', 'clone', [0x3d0f00], 'allow'],
      ['a process', 'clone', [0x01200011], 'EPERM'],
      ['vfork by clone', 'clone', [0x4111], 'EPERM'],
      ['a thread in a new user namespace', 'clone', [0x3d0f00 | 0x10000000], 'EPERM'],
      ['a process in a new network namespace', 'clone', [0x40000011], 'EPERM'],
      ['a process in a new mount namespace', 'clone', [0x00020011], 'EPERM'],
      ['clone3', 'clone3', [], 'ENOSYS'],
      ['execve', 'execve', [], 'EPERM'],
      ['execveat', 'execveat', [], 'EPERM'],
      // ioctl(fd, request)
      ['TUNGETIFF', 'ioctl', [0, 0x800454d2], 'allow'],
      ['TUNSETOFFLOAD', 'ioctl', [0, 0x400454d0], 'allow'],
      ['TUNSETIFF', 'ioctl', [0, 0x400454ca], 'EPERM'],
      ['TUNSETPERSIST', 'ioctl', [0, 0x400454cb], 'EPERM'],
      ['TUNSETNOCSUM', 'ioctl', [0, 0x400454c8], 'EPERM'],
      ['TUNSETQUEUE', 'ioctl', [0, 0x400454d9], 'EPERM'],
      ['TUNSETCARRIER', 'ioctl', [0, 0x400454e2], 'EPERM'],
      ['TUNGETDEVNETNS', 'ioctl', [0, 0x54e3], 'EPERM'],
      ['FIONREAD', 'ioctl', [0, 0x541b], 'allow'],
      ['TIOCGWINSZ', 'ioctl', [0, 0x5413], 'allow'],
      // prctl(option)
      ['PR_SET_PDEATHSIG', 'prctl', [1, 0], 'EPERM'],
      ['PR_SET_NAME', 'prctl', [15], 'allow'],
    ] as const
  ).map(([what, name, args, expected]) => [what, architecture, name, args, expected] as const),
)

test.each(each)('after exec, %s on %s', (_what, architecture, name, args, expected) => {
  expect(decision('after', architecture, name, ...args)).toBe(expected)
})

test('requests differ by their low half alone, so no high half gets through', () => {
  const number = syscallNumber('ioctl', 'x64')
  if (number === undefined) throw new Error('no ioctl')
  const result = interpretBpf(compileFilter(programs.after, 'x64'), {
    number,
    architecture: 0xc000003e,
    arguments: [0n, 0x1_400454can, 0n, 0n, 0n, 0n],
  })
  expect(result).toBe(0x00050001)
})

test.each(architectures)(
  'before exec, privileged calls are denied and ordinary ones are not, on %s',
  (architecture) => {
    const denied: SyscallName[] = [
      ...(['ptrace', 'bpf', 'mount', 'umount2', 'unshare', 'setns', 'keyctl', 'perf_event_open'] as const),
      ...(['init_module', 'finit_module', 'delete_module', 'kexec_load', 'kexec_file_load'] as const),
      ...(['process_vm_readv', 'process_vm_writev', 'userfaultfd', 'pidfd_getfd', 'io_uring_setup'] as const),
      ...([
        'io_uring_enter',
        'io_uring_register',
        'chroot',
        'pivot_root',
        'move_mount',
        'open_tree',
      ] as const),
    ]
    expect(denied.map((name) => decision('before', architecture, name))).toEqual(denied.map(() => 'EPERM'))
    const allowed: SyscallName[] = ['execve', 'clone', 'clone3', 'socket', 'ioctl', 'prctl', 'getppid']
    expect(allowed.map((name) => decision('before', architecture, name))).toEqual(allowed.map(() => 'allow'))
  },
)
