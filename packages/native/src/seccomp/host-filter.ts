import { TUNGETIFF, TUNSETOFFLOAD } from '../tun.ts'
import { allow, type ArgumentTest, denyList, fail, type SeccompProgram } from './filter-rule.ts'
import type { SyscallName } from './syscall-table.ts'

/** Calls that act on the machine, on other processes or on namespaces, which untrusted code has no use for. */
const privileged: readonly SyscallName[] = [
  // other processes, and what they keep in the kernel
  ...(['ptrace', 'process_vm_readv', 'process_vm_writev', 'process_madvise', 'process_mrelease'] as const),
  ...(['kcmp', 'pidfd_getfd', 'keyctl', 'add_key', 'request_key', 'migrate_pages', 'move_pages'] as const),
  // namespaces and mounts
  ...([
    'unshare',
    'setns',
    'chroot',
    'pivot_root',
    'mount',
    'umount2',
    'mount_setattr',
    'move_mount',
  ] as const),
  ...(['open_tree', 'open_tree_attr', 'fsopen', 'fsconfig', 'fsmount', 'fspick'] as const),
  // large kernel interfaces with a history
  ...(['bpf', 'perf_event_open', 'userfaultfd', 'fanotify_init', 'lookup_dcookie', 'personality'] as const),
  ...(['io_uring_setup', 'io_uring_enter', 'io_uring_register', 'modify_ldt', 'uselib'] as const),
  ...(['name_to_handle_at', 'open_by_handle_at'] as const),
  // the machine
  ...(['init_module', 'finit_module', 'delete_module', 'create_module', 'query_module'] as const),
  ...([
    'kexec_load',
    'kexec_file_load',
    'reboot',
    'swapon',
    'swapoff',
    'acct',
    'quotactl',
    'quotactl_fd',
  ] as const),
  ...([
    'syslog',
    'settimeofday',
    'clock_settime',
    'adjtimex',
    'clock_adjtime',
    'iopl',
    'ioperm',
    'vhangup',
  ] as const),
]

const AF_UNIX = 1
const AF_INET = 2
const AF_INET6 = 10
const AF_NETLINK = 16
const NETLINK_ROUTE = 0
const SOCK_STREAM = 1
const SOCK_DGRAM = 2
const SOCK_RAW = 3
const SOCK_SEQPACKET = 5
/** include/linux/net.h, SOCK_TYPE_MASK: the rest are flags. */
const SOCK_TYPE_MASK = 0xf

const IPPROTO_IP = 0
const IPPROTO_ICMP = 1
const IPPROTO_TCP = 6
const IPPROTO_UDP = 17
const IPPROTO_ICMPV6 = 58
const IPPROTO_MPTCP = 262

const CLONE_THREAD = 0x00010000
/** CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET. clone(2) has no bit for a time namespace. */
const CLONE_NEW = 0x7e020000

const PR_SET_PDEATHSIG = 1

/**
 * The filter for a process that is about to execute a program for untrusted code: everything that needs privileges, or
 * reaches other processes, fails with EPERM. `execve` still works, so the new program is born under the filter.
 */
export function hostFilterBeforeExec(): SeccompProgram {
  return denyList(privileged)
}

/**
 * The filter for the executed program once it runs, besides {@link hostFilterBeforeExec}:
 *
 * - no other program (`execve`), no other process (`fork`, `clone` without CLONE_THREAD), no new namespaces: EPERM.
 *   `clone3`, whose flags a filter cannot see, fails with ENOSYS, and the C library falls back to `clone`;
 * - sockets: unix; TCP, UDP, MPTCP and echo requests over IPv4 and IPv6; route netlink. No raw and no packet sockets, and no protocol
 *   that the kernel would load a module for, such as SCTP, L2TP and SMC, which come as TCP- and UDP-like ones too; pairs: unix only;
 * - TUN requests other than TUNGETIFF and TUNSETOFFLOAD: EPERM;
 * - the parent death signal stays as it was set.
 */
export function hostFilterAfterExec(): SeccompProgram {
  const denied = fail('EPERM')
  return {
    rules: [
      { calls: ['execve', 'execveat', 'fork', 'vfork'], action: denied },
      { calls: ['clone3'], action: fail('ENOSYS') },
      { calls: ['clone'], when: [{ argument: 0, mask: CLONE_NEW, noneOf: [0] }], action: denied },
      { calls: ['clone'], when: [{ argument: 0, mask: CLONE_THREAD, oneOf: [0] }], action: denied },
      ...socketRules(),
      { calls: ['ioctl'], when: [{ argument: 1, oneOf: [TUNGETIFF, TUNSETOFFLOAD] }], action: allow },
      // Requests of type 'T' from number 200 on; the terminal's own ones are below.
      { calls: ['ioctl'], when: [{ argument: 1, mask: 0xffff, from: 0x54c8, to: 0x54ff }], action: denied },
      { calls: ['prctl'], when: [{ argument: 0, oneOf: [PR_SET_PDEATHSIG] }], action: denied },
    ],
  }
}

/** The second argument of socket(2) without its flags. */
function type(...oneOf: readonly number[]): ArgumentTest {
  return { argument: 1, mask: SOCK_TYPE_MASK, oneOf }
}

function socketRules(): SeccompProgram['rules'] {
  return [
    {
      calls: ['socket'],
      when: [{ argument: 0, oneOf: [AF_UNIX] }, type(SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET)],
      action: allow,
    },
    {
      calls: ['socket'],
      when: [
        { argument: 0, oneOf: [AF_INET, AF_INET6] },
        type(SOCK_STREAM, SOCK_DGRAM),
        {
          argument: 2,
          oneOf: [IPPROTO_IP, IPPROTO_ICMP, IPPROTO_TCP, IPPROTO_UDP, IPPROTO_ICMPV6, IPPROTO_MPTCP],
        },
      ],
      action: allow,
    },
    {
      calls: ['socket'],
      when: [
        { argument: 0, oneOf: [AF_NETLINK] },
        type(SOCK_RAW, SOCK_DGRAM),
        { argument: 2, oneOf: [NETLINK_ROUTE] },
      ],
      action: allow,
    },
    { calls: ['socket'], action: fail('EPERM') },
    // The kernel makes one of any family, and loads its module, before it says that the family has no pairs.
    { calls: ['socketpair'], when: [{ argument: 0, noneOf: [AF_UNIX] }], action: fail('EPERM') },
  ]
}
