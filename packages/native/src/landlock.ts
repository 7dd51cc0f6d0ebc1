import { closeSync, constants, fstatSync, openSync } from 'node:fs'

import { Fd } from './fd.ts'
import { addressOf, check } from './libc.ts'
import { checkedSyscall, everywhere, rawSyscall } from './raw-syscall.ts'
import { SystemError } from './system-error.ts'

const CREATE_RULESET = everywhere(444)
const ADD_RULE = everywhere(445)
const RESTRICT_SELF = everywhere(446)
const LANDLOCK_CREATE_RULESET_VERSION = 1
const LANDLOCK_RULE_PATH_BENEATH = 1
/** Abstract unix sockets 1 and signals 2: not to processes outside. Landlock ABI 6. */
const SCOPES = 0x3n
const O_PATH = 0o10000000

// include/uapi/linux/landlock.h, LANDLOCK_ACCESS_FS_*
const EXECUTE = 1n << 0n
const WRITE_FILE = 1n << 1n
const READ_FILE = 1n << 2n
const READ_DIR = 1n << 3n
const REMOVE_DIR = 1n << 4n
const REMOVE_FILE = 1n << 5n
const MAKE_DIR = 1n << 7n
const MAKE_REG = 1n << 8n
const MAKE_SOCK = 1n << 9n
const MAKE_FIFO = 1n << 10n
const MAKE_SYM = 1n << 12n
const REFER = 1n << 13n
const TRUNCATE = 1n << 14n
const IOCTL_DEV = 1n << 15n
/** The rights that a file, not being a directory, can have. */
const FILE_RIGHTS = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV

/**
 * - `read`: files and directory listings
 * - `execute`: programs and, by mmap, nothing more: libraries need `read` only
 * - `write`: change, make, rename, link and remove files, directories, sockets, FIFOs and symbolic links; never devices
 * - `ioctl`: requests to devices opened later (before ABI 5 they are always allowed)
 */
export type FileAccess = 'read' | 'execute' | 'write' | 'ioctl'

const rights: Readonly<Record<FileAccess, bigint>> = {
  read: READ_FILE | READ_DIR,
  execute: EXECUTE,
  write:
    WRITE_FILE |
    REMOVE_DIR |
    REMOVE_FILE |
    MAKE_DIR |
    MAKE_REG |
    MAKE_SOCK |
    MAKE_FIFO |
    MAKE_SYM |
    REFER |
    TRUNCATE,
  ioctl: IOCTL_DEV,
}

/** What stays allowed at `path` and, for a directory, below it. */
export interface FileRule {
  readonly path: string
  readonly access: readonly FileAccess[]
}

/** What {@link restrictFilesystem} achieved on this kernel. */
export interface LandlockResult {
  readonly abi: number
  /** Whether abstract unix sockets and signals to the outside are denied too. */
  readonly scoped: boolean
}

/** The Landlock ABI of the kernel, 1 to 7 and later; 0 when there is none or it is switched off. */
export function landlockAbi(): number {
  return Math.max(0, rawSyscall(CREATE_RULESET, 0, 0, LANDLOCK_CREATE_RULESET_VERSION))
}

/**
 * Denies the calling thread, and every thread and program it starts later, all access to files except what the rules
 * allow. Descriptors that are open already are unaffected, and so are threads that run already: node has some from its
 * start, so call this on the main thread and then `execve`.
 *
 * @param rules paths must exist
 * @param options `scope`: also no abstract unix sockets of, and no signals to, processes outside, where the kernel can
 * @throws node's ENOENT for a missing path
 * @throws SystemError ENOSYS or EOPNOTSUPP without Landlock, EPERM without `setNoNewPrivileges`; nothing is denied then
 */
export function restrictFilesystem(
  rules: readonly FileRule[],
  options: { readonly scope?: boolean } = {},
): LandlockResult {
  const abi = check(
    rawSyscall(CREATE_RULESET, 0, 0, LANDLOCK_CREATE_RULESET_VERSION),
    'landlock_create_ruleset',
  )
  const handled = handledRights(abi)
  const scoped = options.scope === true && abi >= 6
  using ruleset = createRuleset(handled, scoped)
  for (const rule of rules) addRule(ruleset, rule, handled)
  checkedSyscall('landlock_restrict_self', RESTRICT_SELF, ruleset.number, 0)
  return { abi, scoped }
}

/** Every file right that the ABI knows. */
function handledRights(abi: number): bigint {
  if (abi >= 5) return 0xffffn
  if (abi >= 3) return 0x7fffn
  if (abi >= 2) return 0x3fffn
  return 0x1fffn
}

/** struct landlock_ruleset_attr { u64 fs, net, scoped }; an older kernel takes the longer form while the rest is 0. */
function createRuleset(handled: bigint, scoped: boolean): Fd {
  const attr = Buffer.alloc(24)
  attr.writeBigUInt64LE(handled, 0)
  attr.writeBigUInt64LE(scoped ? SCOPES : 0n, 16)
  return Fd.adopt(checkedSyscall('landlock_create_ruleset', CREATE_RULESET, addressOf(attr), attr.length, 0))
}

/** struct landlock_path_beneath_attr { u64 access, i32 fd }, packed. */
function addRule(ruleset: Fd, rule: FileRule, handled: bigint): void {
  const parent = openSync(rule.path, O_PATH | constants.O_RDONLY)
  try {
    let allowed = rule.access.reduce((sum, access) => sum | rights[access], 0n) & handled
    if (!fstatSync(parent).isDirectory()) allowed &= FILE_RIGHTS
    if (allowed === 0n) return
    const attr = Buffer.alloc(12)
    attr.writeBigUInt64LE(allowed, 0)
    attr.writeInt32LE(parent, 8)
    const result = rawSyscall(ADD_RULE, ruleset.number, LANDLOCK_RULE_PATH_BENEATH, addressOf(attr), 0)
    if (result < 0) throw new SystemError(-result, 'landlock_add_rule', { detail: rule.path })
  } finally {
    closeSync(parent)
  }
}
