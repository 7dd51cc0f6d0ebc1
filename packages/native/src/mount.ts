import { addressOf, check, declareRaw } from './libc.ts'
import { checkedSyscall, everywhere } from './raw-syscall.ts'

const mountRaw = declareRaw<
  [source: string, target: string, type: string | null, flags: number, data: string | null]
>('int mount(const char *, const char *, const char *, unsigned long, const char *)')
const unmountRaw = declareRaw<[target: string, flags: number]>('int umount2(const char *, int)')

const PIVOT_ROOT = { x64: 155, arm64: 41 }
/** Linux 5.12. */
const MOUNT_SETATTR = everywhere(442)

/** Flags of mount(2), include/uapi/linux/mount.h. */
const flagBits = {
  readOnly: 0x1,
  noSetuid: 0x2,
  noDevices: 0x4,
  noExecute: 0x8,
  remount: 0x20,
  bind: 0x1000,
  recursive: 0x4000,
  private: 0x40000,
  slave: 0x80000,
} as const
const MNT_DETACH = 2
const AT_FDCWD = -100
const AT_RECURSIVE = 0x8000

export type MountFlag = keyof typeof flagBits

/**
 * mount(2).
 *
 * @param source the device, or any word for file systems that have none
 * @param target an existing directory, or file for a bind mount
 * @param type e.g. `tmpfs`, `proc`; null when binding or remounting
 * @param flags in any order
 * @param data options of the file system, e.g. `size=1m,mode=755`
 * @throws SystemError whose detail is the target
 */
export function mount(
  source: string,
  target: string,
  type: string | null,
  flags: readonly MountFlag[] = [],
  data: string | null = null,
): void {
  const bits = flags.reduce((sum, flag) => sum | flagBits[flag], 0)
  check(mountRaw(source, target, type, bits, data), 'mount', target)
}

/**
 * umount2(2).
 *
 * @param options `detach`: take it out of the tree now and free it when nobody uses it any more
 * @throws SystemError EBUSY, EINVAL for no mount point
 */
export function unmount(target: string, options: { readonly detach?: boolean } = {}): void {
  check(unmountRaw(target, options.detach === true ? MNT_DETACH : 0), 'umount2', target)
}

/** Keeps later mounts of this mount namespace to itself: to be called right after `unshare({ mount: true })`. */
export function makeMountsPrivate(): void {
  mount('none', '/', null, ['recursive', 'private'])
}

/** Restrictions of a bind mount; those of the mounts below it included. */
export interface BindMountOptions {
  readonly readOnly?: boolean
  readonly noSetuid?: boolean
  readonly noDevices?: boolean
  readonly noExecute?: boolean
}

/**
 * Shows a file or directory, with all mounts below it, at a second place.
 * The restrictions reach every one of those mounts, which a plain remount does not.
 *
 * @param target exists and is of the same kind
 * @throws SystemError; nothing stays mounted then
 */
export function bindMount(source: string, target: string, options: BindMountOptions = {}): void {
  mount(source, target, null, ['bind', 'recursive'])
  const attributes =
    (options.readOnly === true ? 0x1 : 0) |
    (options.noSetuid === true ? 0x2 : 0) |
    (options.noDevices === true ? 0x4 : 0) |
    (options.noExecute === true ? 0x8 : 0)
  if (attributes === 0) return
  try {
    addMountAttributes(target, attributes)
  } catch (error) {
    unmount(target, { detach: true })
    throw error
  }
}

/** mount_setattr(2) with struct mount_attr { u64 set, clear, propagation, userns_fd }. */
function addMountAttributes(target: string, attributes: number): void {
  const path = Buffer.from(`${target}\0`)
  const attr = Buffer.alloc(32)
  attr.writeBigUInt64LE(BigInt(attributes), 0)
  checkedSyscall(
    'mount_setattr',
    MOUNT_SETATTR,
    AT_FDCWD,
    addressOf(path),
    AT_RECURSIVE,
    addressOf(attr),
    attr.length,
  )
}

/**
 * Makes a mount point the root of this mount namespace, and lets go of the old root entirely. The working directory
 * becomes the new root.
 *
 * @param newRoot a mount point other than `/`
 * @throws SystemError EINVAL for no mount point, or while mounts are shared (see {@link makeMountsPrivate})
 */
export function pivotRoot(newRoot: string): void {
  process.chdir(newRoot)
  const here = Buffer.from('.\0')
  // pivot_root(2): with one place for both, the old root lies on top of the new one and is unmounted from there.
  checkedSyscall('pivot_root', PIVOT_ROOT, addressOf(here), addressOf(here))
  unmount('.', { detach: true })
  process.chdir('/')
}
