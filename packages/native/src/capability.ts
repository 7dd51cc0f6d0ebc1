import { addressOf, check, declareRaw } from './libc.ts'
import { checkedSyscall } from './raw-syscall.ts'
import { errnoNumber } from './system-error.ts'

const control = declareRaw<[option: number, a: number, b: number, c: number, d: number]>(
  'int prctl(int, unsigned long, unsigned long, unsigned long, unsigned long)',
)

const CAPGET = { x64: 125, arm64: 90 }
const CAPSET = { x64: 126, arm64: 91 }
/** _LINUX_CAPABILITY_VERSION_3: two 32-bit words per set. */
const CAPABILITY_VERSION = 0x20080522
const PR_CAPBSET_READ = 23
const PR_CAPBSET_DROP = 24
const PR_CAP_AMBIENT = 47
const PR_CAP_AMBIENT_IS_SET = 1
const PR_CAP_AMBIENT_CLEAR_ALL = 4
const EINVAL = errnoNumber('EINVAL')

/** include/uapi/linux/capability.h, by number. */
const names = (
  'CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE ' +
  'NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN ' +
  'SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE ' +
  'MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE'
).split(' ')

/** The capabilities of a thread, each set as names such as `CAP_NET_ADMIN` in the order of their numbers. */
export interface Capabilities {
  readonly effective: readonly string[]
  readonly permitted: readonly string[]
  readonly inheritable: readonly string[]
  readonly bounding: readonly string[]
  readonly ambient: readonly string[]
}

/** Reads the capabilities of the calling thread. */
export function processCapabilities(): Capabilities {
  const data = Buffer.alloc(24)
  const header = capabilityHeader()
  checkedSyscall('capget', CAPGET, addressOf(header), addressOf(data))
  const bounding: string[] = []
  const ambient: string[] = []
  forEachCapability((number, isBounding) => {
    if (isBounding) bounding.push(capabilityName(number))
    if (check(control(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, number, 0, 0), 'prctl') === 1) {
      ambient.push(capabilityName(number))
    }
  })
  return {
    effective: namesIn(data.readUInt32LE(0), data.readUInt32LE(12)),
    permitted: namesIn(data.readUInt32LE(4), data.readUInt32LE(16)),
    inheritable: namesIn(data.readUInt32LE(8), data.readUInt32LE(20)),
    bounding,
    ambient,
  }
}

/**
 * Empties the bounding set of the calling thread, so that no later execve(2) can give it a capability.
 * To be called before the identity changes, which takes CAP_SETPCAP away.
 *
 * @throws SystemError EPERM without CAP_SETPCAP
 */
export function dropBoundingCapabilities(): void {
  forEachCapability((number, isBounding) => {
    if (isBounding) check(control(PR_CAPBSET_DROP, number, 0, 0, 0), 'prctl', capabilityName(number))
  })
}

/**
 * Drops every capability of the calling thread for good: ambient, bounding, inheritable, permitted and effective; and
 * reads back that none is left.
 *
 * @throws SystemError EPERM when the bounding set is not empty and CAP_SETPCAP is missing
 */
export function dropCapabilities(): void {
  dropBoundingCapabilities()
  check(control(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0), 'prctl')
  const data = Buffer.alloc(24)
  const header = capabilityHeader()
  checkedSyscall('capset', CAPSET, addressOf(header), addressOf(data))
  const left = processCapabilities()
  if (Object.values(left).some((set: readonly string[]) => set.length > 0)) {
    throw new Error(`capabilities: still present after dropping: ${JSON.stringify(left)}`)
  }
}

/** struct __user_cap_header_struct; pid 0 is the calling thread. */
function capabilityHeader(): Buffer {
  const header = Buffer.alloc(8)
  header.writeUInt32LE(CAPABILITY_VERSION)
  return header
}

/** Visits every capability that the kernel knows: it answers EINVAL to the first that it does not. */
function forEachCapability(visit: (number: number, isBounding: boolean) => void): void {
  for (let number = 0; number < 64; number++) {
    const result = control(PR_CAPBSET_READ, number, 0, 0, 0)
    if (result === -EINVAL) return
    visit(number, check(result, 'prctl') === 1)
  }
}

function namesIn(low: number, high: number): string[] {
  const bits = (BigInt(high) << 32n) | BigInt(low)
  return Array.from({ length: 64 }, (_, number) => number)
    .filter((number) => ((bits >> BigInt(number)) & 1n) === 1n)
    .map(capabilityName)
}

function capabilityName(number: number): string {
  return `CAP_${names[number] ?? number}`
}
