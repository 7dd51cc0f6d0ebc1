/** One classic BPF instruction: struct sock_filter, include/uapi/linux/filter.h. */
export interface BpfInstruction {
  readonly code: number
  /** Instructions to skip when a comparison holds, 0 to 255. */
  readonly whenTrue: number
  /** Instructions to skip when it does not. */
  readonly whenFalse: number
  /** The operand, 0 to 2^32-1. */
  readonly operand: number
}

// BPF_LD|BPF_W|BPF_ABS, BPF_ALU|BPF_AND|BPF_K, BPF_JMP|..|BPF_K, BPF_RET|BPF_K
export const LOAD = 0x20
export const AND = 0x54
export const JUMP = 0x05
export const JUMP_EQUAL = 0x15
export const JUMP_GREATER = 0x25
export const JUMP_AT_LEAST = 0x35
export const RETURN = 0x06
/** BPF_MAXINSNS. */
const MAX_INSTRUCTIONS = 4096

/** A place in the program, placed once, jumped to from before. */
export interface Label {
  position: number | undefined
}

/** `'next'` goes on with the following instruction. */
type Target = Label | 'next'
interface Draft {
  readonly code: number
  readonly operand: number
  readonly whenTrue: Target
  readonly whenFalse: Target
}

/**
 * Writes a classic BPF program with labels. Only forward jumps exist. A conditional jump reaches 255 instructions; the
 * unconditional one reaches everywhere.
 */
export class BpfAssembler {
  readonly #drafts: Draft[] = []

  /** Loads the 32-bit word at a byte offset of the data into the accumulator. */
  load(offset: number): void {
    this.#add(LOAD, offset)
  }

  /** Keeps the accumulator's bits of `mask`. */
  and(mask: number): void {
    this.#add(AND, mask)
  }

  /** Compares the accumulator, unsigned, and jumps. */
  branch(
    comparison: typeof JUMP_EQUAL | typeof JUMP_GREATER | typeof JUMP_AT_LEAST,
    operand: number,
    whenTrue: Target,
    whenFalse: Target,
  ): void {
    this.#drafts.push({ code: comparison, operand, whenTrue, whenFalse })
  }

  /** Jumps always. */
  jump(target: Label): void {
    this.#drafts.push({ code: JUMP, operand: 0, whenTrue: target, whenFalse: 'next' })
  }

  /** Ends the program with a value. */
  return(value: number): void {
    this.#add(RETURN, value)
  }

  /** Places a label before the next instruction. */
  place(label: Label): void {
    if (label.position !== undefined) throw new Error('bpf: label placed twice')
    label.position = this.#drafts.length
  }

  /** @throws RangeError when a jump or the program is too long */
  assemble(): BpfInstruction[] {
    if (this.#drafts.length > MAX_INSTRUCTIONS) {
      throw new RangeError(`bpf: ${this.#drafts.length} instructions are more than ${MAX_INSTRUCTIONS}`)
    }
    return this.#drafts.map((draft, position) => {
      const whenTrue = distance(draft.whenTrue, position)
      const whenFalse = distance(draft.whenFalse, position)
      if (draft.code === JUMP) return { code: JUMP, whenTrue: 0, whenFalse: 0, operand: whenTrue }
      if (whenTrue > 255 || whenFalse > 255) throw new RangeError(`bpf: jump at ${position} is too long`)
      return { code: draft.code, whenTrue, whenFalse, operand: draft.operand }
    })
  }

  #add(code: number, operand: number): void {
    this.#drafts.push({ code, operand, whenTrue: 'next', whenFalse: 'next' })
  }
}

/** A label to be placed later. */
export function newLabel(): Label {
  return { position: undefined }
}

/** The kernel's form: { u16 code, u8 jt, u8 jf, u32 k } each. */
export function encodeInstructions(instructions: readonly BpfInstruction[]): Buffer {
  const bytes = Buffer.alloc(8 * instructions.length)
  instructions.forEach((instruction, index) => {
    bytes.writeUInt16LE(instruction.code, 8 * index)
    bytes.writeUInt8(instruction.whenTrue, 8 * index + 2)
    bytes.writeUInt8(instruction.whenFalse, 8 * index + 3)
    bytes.writeUInt32LE(instruction.operand, 8 * index + 4)
  })
  return bytes
}

function distance(target: Target, position: number): number {
  if (target === 'next') return 0
  if (target.position === undefined) throw new Error('bpf: label never placed')
  if (target.position <= position) throw new Error('bpf: backward jump')
  return target.position - position - 1
}
