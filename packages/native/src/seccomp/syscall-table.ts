import type { Architecture } from '../raw-syscall.ts'

/**
 * Numbers of the system calls that filters name: x64 (arch/x86/entry/syscalls/syscall_64.tbl), arm64
 * (include/uapi/asm-generic/unistd.h); null where the architecture has none.
 */
const table = {
  acct: [163, 89],
  add_key: [248, 217],
  adjtimex: [159, 171],
  bpf: [321, 280],
  chroot: [161, 51],
  clock_adjtime: [305, 266],
  clock_settime: [227, 112],
  clone: [56, 220],
  clone3: [435, 435],
  create_module: [174, null],
  delete_module: [176, 106],
  execve: [59, 221],
  execveat: [322, 281],
  fanotify_init: [300, 262],
  finit_module: [313, 273],
  fork: [57, null],
  fsconfig: [431, 431],
  fsmount: [432, 432],
  fsopen: [430, 430],
  fspick: [433, 433],
  getppid: [110, 173],
  init_module: [175, 105],
  io_uring_enter: [426, 426],
  io_uring_register: [427, 427],
  io_uring_setup: [425, 425],
  ioctl: [16, 29],
  ioperm: [173, null],
  iopl: [172, null],
  kcmp: [312, 272],
  kexec_file_load: [320, 294],
  kexec_load: [246, 104],
  keyctl: [250, 219],
  lookup_dcookie: [212, 18],
  migrate_pages: [256, 238],
  modify_ldt: [154, null],
  mount: [165, 40],
  mount_setattr: [442, 442],
  move_mount: [429, 429],
  move_pages: [279, 239],
  name_to_handle_at: [303, 264],
  open_by_handle_at: [304, 265],
  open_tree: [428, 428],
  open_tree_attr: [467, 467],
  perf_event_open: [298, 241],
  personality: [135, 92],
  pidfd_getfd: [438, 438],
  pivot_root: [155, 41],
  prctl: [157, 167],
  process_madvise: [440, 440],
  process_mrelease: [448, 448],
  process_vm_readv: [310, 270],
  process_vm_writev: [311, 271],
  ptrace: [101, 117],
  query_module: [178, null],
  quotactl: [179, 60],
  quotactl_fd: [443, 443],
  reboot: [169, 142],
  request_key: [249, 218],
  setns: [308, 268],
  settimeofday: [164, 170],
  socket: [41, 198],
  socketpair: [53, 199],
  swapoff: [168, 225],
  swapon: [167, 224],
  syslog: [103, 116],
  umount2: [166, 39],
  unshare: [272, 97],
  userfaultfd: [323, 282],
  uselib: [134, null],
  vfork: [58, null],
  vhangup: [153, 58],
} as const

/** A system call that filters can name. */
export type SyscallName = keyof typeof table

/** The highest number of Linux 6.18, on both architectures: file_setattr. Later calls are unknown to this package. */
export const lastKnownSyscall = 469

/** The number of a system call, or undefined where the architecture does not have it. */
export function syscallNumber(name: SyscallName, architecture: Architecture): number | undefined {
  const [x64, arm64]: readonly [x64: number, arm64: number | null] = table[name]
  return (architecture === 'x64' ? x64 : arm64) ?? undefined
}
