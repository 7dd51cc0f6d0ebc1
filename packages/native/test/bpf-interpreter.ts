import type { BpfInstruction } from '../src/seccomp/bpf-assembler.ts'

/** A system call as a seccomp filter sees it. */
export interface CallData {
  readonly number: number
  readonly architecture: number
  readonly arguments: readonly bigint[]
}

/**
 * Runs a classic BPF program as the kernel would, straight from the manual: the independent oracle of the compiler.
 *
 * @returns what the program returns, unsigned
 * @throws Error for an instruction that seccomp does not have, or a program that runs past its end
 */
export function interpretBpf(program: readonly BpfInstruction[], call: CallData): number {
  const data = Buffer.alloc(64)
  data.writeUInt32LE(call.number >>> 0, 0)
  data.writeUInt32LE(call.architecture, 4)
  call.arguments.forEach((value, index) => data.writeBigUInt64LE(BigInt.asUintN(64, value), 16 + 8 * index))
  let accumulator = 0
  let position = 0
  for (;;) {
    const instruction = program[position]
    if (instruction === undefined) throw new Error(`bpf: ran past the end at ${position}`)
    const { code, whenTrue, whenFalse, operand } = instruction
    position++
    switch (code) {
      case 0x20:
        accumulator = data.readUInt32LE(operand)
        break
      case 0x54:
        accumulator = (accumulator & operand) >>> 0
        break
      case 0x05:
        position += operand
        break
      case 0x15:
        position += accumulator === operand ? whenTrue : whenFalse
        break
      case 0x25:
        position += accumulator > operand ? whenTrue : whenFalse
        break
      case 0x35:
        position += accumulator >= operand ? whenTrue : whenFalse
        break
      case 0x06:
        return operand >>> 0
      default:
        throw new Error(`bpf: unknown code ${code} at ${position - 1}`)
    }
  }
}
