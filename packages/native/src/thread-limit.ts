import { addressOf, declareChecked } from './libc.ts'

const limit = declareChecked<[pid: number, resource: number, next: bigint, before: bigint]>(
  'int prlimit(int, int, uintptr_t, uintptr_t)',
)

/** include/uapi/asm-generic/resource.h, RLIMIT_NPROC: counts threads, of all processes of the real uid. */
const RLIMIT_NPROC = 6
const wordBytes = 8

/**
 * Lets the user of this process have so many threads at most, counted over all processes of that uid; whoever has
 * CAP_SYS_RESOURCE or is root is not counted. Holds for what is executed, too, and cannot be raised again without that capability.
 *
 * @returns the limit that holds now: a lower one stays
 * @throws SystemError
 */
export function limitThreads(most: number): number {
  const now = Buffer.alloc(2 * wordBytes)
  limit(0, RLIMIT_NPROC, 0n, addressOf(now))
  const hard = now.readBigUInt64LE(wordBytes)
  const next = hard < BigInt(most) ? hard : BigInt(most)
  now.writeBigUInt64LE(next, 0)
  now.writeBigUInt64LE(next, wordBytes)
  limit(0, RLIMIT_NPROC, addressOf(now), 0n)
  return Number(next)
}
