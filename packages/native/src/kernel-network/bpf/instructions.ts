/** A register: 0 result, 1 context at the start, 2..5 scratch, 6..9 kept over calls, 10 the end of the stack, which is only read. */
export type Register = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10

interface Instruction {
  readonly opcode: number
  readonly destination: Register
  readonly source: Register
  readonly offset: number | { readonly label: string }
  readonly immediate: number
}

/** Opcodes as of Documentation/bpf/standardization/instruction-set.rst: class | operation | source. */
const LOAD_WORD = 0x61
const LOAD_DOUBLE = 0x79
const STORE_WORD = 0x63
const STORE_CONSTANT = 0x62
const ADD64 = 0x07
const ATOMIC_ADD64 = 0xdb
const LOAD_MAP = 0x18
const ALU32_AND = 0x54
const ALU32_OR = 0x44
const MOVE64 = 0xb7
const MOVE64_REGISTER = 0xbf
const SHIFT_RIGHT64 = 0x77
const JUMP = 0x05
const JUMP64_EQUAL = 0x15
const JUMP32_EQUAL = 0x16
const JUMP32_NOT_EQUAL = 0x56
const CALL = 0x85
const EXIT = 0x95

/** Bytes of struct bpf_insn: opcode u8, source << 4 | destination u8, offset i16, immediate i32. */
export const INSTRUCTION_SIZE = 8

/**
 * Assembles the few BPF instructions that vpnext's programs need. Words are 32 bits, in host order; jumps go to labels
 * further down.
 */
export class Assembler {
  readonly #instructions: Instruction[] = []
  readonly #labels = new Map<string, number>()

  /** destination = u32 at [base + offset] */
  loadWord(destination: Register, base: Register, offset: number): this {
    return this.#add({ opcode: LOAD_WORD, destination, source: base, offset, immediate: 0 })
  }

  /** destination = the pointer (u64) at [base + offset] */
  loadPointer(destination: Register, base: Register, offset: number): this {
    return this.#add({ opcode: LOAD_DOUBLE, destination, source: base, offset, immediate: 0 })
  }

  /** u32 at [base + offset] = source */
  storeWord(base: Register, offset: number, source: Register): this {
    return this.#add({ opcode: STORE_WORD, destination: base, source, offset, immediate: 0 })
  }

  /** u32 at [base + offset] = value */
  storeConstant(base: Register, offset: number, value: number): this {
    return this.#add({ opcode: STORE_CONSTANT, destination: base, source: 0, offset, immediate: value })
  }

  /** u64 at [base + offset] += source, at once for all processors */
  atomicAdd(base: Register, offset: number, source: Register): this {
    return this.#add({ opcode: ATOMIC_ADD64, destination: base, source, offset, immediate: 0 })
  }

  /** destination += value, 64 bits */
  add(destination: Register, value: number): this {
    return this.#add({ opcode: ADD64, destination, source: 0, offset: 0, immediate: value })
  }

  /** destination = the map of a descriptor of this process; two instructions long */
  loadMap(destination: Register, fd: number): this {
    const BPF_PSEUDO_MAP_FD = 1
    return this.#add({
      opcode: LOAD_MAP,
      destination,
      source: BPF_PSEUDO_MAP_FD,
      offset: 0,
      immediate: fd,
    }).#add({
      opcode: 0,
      destination: 0,
      source: 0,
      offset: 0,
      immediate: 0,
    })
  }

  /** Goes on at the label when all 64 bits of the register are 0. */
  jumpIfNull(register: Register, label: string): this {
    return this.#add({
      opcode: JUMP64_EQUAL,
      destination: register,
      source: 0,
      offset: { label },
      immediate: 0,
    })
  }

  /** destination = value, sign-extended: use it for words only */
  move(destination: Register, value: number): this {
    return this.#add({ opcode: MOVE64, destination, source: 0, offset: 0, immediate: value })
  }

  /** destination = source, 64 bits */
  copy(destination: Register, source: Register): this {
    return this.#add({ opcode: MOVE64_REGISTER, destination, source, offset: 0, immediate: 0 })
  }

  /** destination >>= bits, 64 bits unsigned */
  shiftRight(destination: Register, bits: number): this {
    return this.#add({ opcode: SHIFT_RIGHT64, destination, source: 0, offset: 0, immediate: bits })
  }

  /** r0 = helper(r1..r5), by its number of enum bpf_func_id; r1..r5 are lost. */
  call(helper: number): this {
    return this.#add({ opcode: CALL, destination: 0, source: 0, offset: 0, immediate: helper })
  }

  /** destination &= value, 32 bits */
  and(destination: Register, value: number): this {
    return this.#add({ opcode: ALU32_AND, destination, source: 0, offset: 0, immediate: value })
  }

  /** destination |= value, 32 bits */
  or(destination: Register, value: number): this {
    return this.#add({ opcode: ALU32_OR, destination, source: 0, offset: 0, immediate: value })
  }

  /** Goes on at the label unless the low 32 bits of the register are `value`. */
  jumpUnless(register: Register, value: number, label: string): this {
    return this.#add({
      opcode: JUMP32_NOT_EQUAL,
      destination: register,
      source: 0,
      offset: { label },
      immediate: value,
    })
  }

  /** Goes on at the label when the low 32 bits of the register are `value`. */
  jumpIf(register: Register, value: number, label: string): this {
    return this.#add({
      opcode: JUMP32_EQUAL,
      destination: register,
      source: 0,
      offset: { label },
      immediate: value,
    })
  }

  jump(label: string): this {
    return this.#add({ opcode: JUMP, destination: 0, source: 0, offset: { label }, immediate: 0 })
  }

  /** Names the next instruction. @throws RangeError when the name is taken */
  label(name: string): this {
    if (this.#labels.has(name)) throw new RangeError(`label: ${name} is there already`)
    this.#labels.set(name, this.#instructions.length)
    return this
  }

  /** Ends the program with `result` in register 0. */
  exit(result: number): this {
    return this.move(0, result).#add({ opcode: EXIT, destination: 0, source: 0, offset: 0, immediate: 0 })
  }

  /** The program. @throws RangeError for a jump to no label, or backwards */
  assemble(): Uint8Array {
    const code = Buffer.alloc(this.#instructions.length * INSTRUCTION_SIZE)
    for (const [index, instruction] of this.#instructions.entries()) {
      const at = index * INSTRUCTION_SIZE
      code.writeUInt8(instruction.opcode, at)
      code.writeUInt8((instruction.source << 4) | instruction.destination, at + 1)
      code.writeInt16LE(this.#offset(instruction, index), at + 2)
      code.writeInt32LE(instruction.immediate | 0, at + 4)
    }
    return code
  }

  #offset({ offset }: Instruction, index: number): number {
    if (typeof offset === 'number') return offset
    const target = this.#labels.get(offset.label)
    if (target === undefined || target <= index)
      throw new RangeError(`label: ${offset.label} is not further down`)
    return target - index - 1
  }

  #add(instruction: Instruction): this {
    this.#instructions.push(instruction)
    return this
  }
}
