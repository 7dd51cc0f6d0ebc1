import koffi from 'koffi'

import {
  MAP_ANONYMOUS,
  MAP_PRIVATE,
  mapMemory,
  PROT_EXEC,
  PROT_READ,
  PROT_WRITE,
  protectMemory,
  unmapMemory,
} from '../memory-map.ts'
import { SystemError } from '../system-error.ts'

/** A C function that takes integers and pointers only, and what is not used of its result. */
export interface SequencedCall {
  /** Its address. */
  readonly routine: bigint
  /** Where its arguments lie in the block, bytes from its start, 8 each; at most six. */
  readonly arguments: readonly number[]
}

/** C functions that are called one after the other, for the price of one call from here: about 50 ns and 10 an argument. */
export interface CallSequence extends Disposable {
  /**
   * Calls them all. Like every call of this folder it checks nothing.
   *
   * @param block the address of the arguments
   */
  readonly run: (block: number) => void
  /** Gives the memory of the code back: it must not run any more. */
  [Symbol.dispose](): void
}

const pageSize = 4096
const sequenceType = koffi.proto('void', ['uintptr_t'])

/**
 * Makes one function of several calls, in a page of its own that is never writable and executable at once, as V8 makes its
 * code. The functions' addresses are in the code and not in the block, which so holds data only.
 *
 * @returns undefined on processors other than x86-64, and where a policy forbids to make code (SELinux, PR_SET_MDWE)
 * @throws RangeError for more than six arguments, or more code than a page; SystemError ENOMEM
 */
export function compileCallSequence(calls: readonly SequencedCall[]): CallSequence | undefined {
  if (process.arch !== 'x64') return undefined
  const code = machineCode(calls)
  if (code.length > pageSize) throw new RangeError(`calls: ${code.length} bytes of code`)
  const address = mapMemory(null, pageSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
  try {
    new Uint8Array(koffi.view(address, pageSize)).set(code)
    protectMemory(address, pageSize, PROT_READ | PROT_EXEC)
  } catch (error) {
    unmapMemory(address, pageSize)
    if (error instanceof SystemError) return undefined
    throw error
  }
  let mapped = true
  return {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the prototype says
    run: koffi.decode(address, sequenceType) as CallSequence['run'],
    [Symbol.dispose]() {
      if (mapped) unmapMemory(address, pageSize)
      mapped = false
    },
  }
}

/** `mov <register>, [rbx + disp32]` without the displacement, in the order of the System V ABI: rdi rsi rdx rcx r8 r9. */
const loadArgument = [
  [0x48, 0x8b, 0xbb],
  [0x48, 0x8b, 0xb3],
  [0x48, 0x8b, 0x93],
  [0x48, 0x8b, 0x8b],
  [0x4c, 0x8b, 0x83],
  [0x4c, 0x8b, 0x8b],
] as const
/** endbr64; push rbx, which also aligns the stack for calls; mov rbx, rdi. */
const entry = [0xf3, 0x0f, 0x1e, 0xfa, 0x53, 0x48, 0x89, 0xfb]
/** mov rax, imm64 (without the number); call rax. */
const loadRoutine = [0x48, 0xb8]
const callRoutine = [0xff, 0xd0]
/** pop rbx; ret. */
const exit = [0x5b, 0xc3]

/** Intel SDM volume 2; System V ABI for AMD64, 3.2.3. */
function machineCode(calls: readonly SequencedCall[]): Uint8Array {
  const parts = calls.flatMap((call) => [
    ...call.arguments.flatMap((at, index) => {
      const load = loadArgument[index]
      if (load === undefined) throw new RangeError(`calls: ${call.arguments.length} arguments`)
      return [...load, ...littleEndian(BigInt(at), 4)]
    }),
    ...loadRoutine,
    ...littleEndian(call.routine, 8),
    ...callRoutine,
  ])
  return Uint8Array.from([...entry, ...parts, ...exit])
}

function littleEndian(value: bigint, length: number): number[] {
  return Array.from({ length }, (_, index) => Number((value >> BigInt(8 * index)) & 0xffn))
}
