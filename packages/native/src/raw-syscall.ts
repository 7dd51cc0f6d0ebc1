import { check, declareRaw } from './libc.ts'

type Word = bigint | number
const invoke = declareRaw<[number: Word, ...arguments: Word[]]>(
  'long syscall(long, long, long, long, long, long, long)',
)

/** Architectures whose system call numbers this package knows. */
export type Architecture = 'x64' | 'arm64'

/** The architecture of this process. @throws Error on any other than x64 and arm64 */
export function currentArchitecture(): Architecture {
  if (process.arch === 'x64' || process.arch === 'arm64') return process.arch
  throw new Error(`architecture: ${process.arch} is not supported, only x64 and arm64`)
}

/**
 * Calls the kernel directly, for calls that the C library lacks or that it would spread over all threads (setresuid).
 *
 * @param number by architecture
 * @param args up to six words; addresses from `addressOf`, whose memory the caller keeps
 * @returns the result, or the negative errno
 */
export function rawSyscall(number: Readonly<Record<Architecture, number>>, ...args: Word[]): number {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = args
  return invoke(number[currentArchitecture()], a, b, c, d, e, f)
}

/** As {@link rawSyscall}. @throws SystemError named `name` */
export function checkedSyscall(
  name: string,
  number: Readonly<Record<Architecture, number>>,
  ...args: Word[]
): number {
  return check(rawSyscall(number, ...args), name)
}

/** The number of a call younger than Linux 5.0, which is the same everywhere. */
export function everywhere(number: number): Readonly<Record<Architecture, number>> {
  return { x64: number, arm64: number }
}
