import { Fd } from '../../fd.ts'
import { addressOf, check } from '../../libc.ts'
import { BPF_MAP_CREATE, BPF_MAP_LOOKUP_ELEM, callBpf } from './bpf-call.ts'
import { attachToCgroup } from './cgroup.ts'
import { Assembler } from './instructions.ts'
import { type BpfProgram, loadProgram } from './program.ts'

/** enum bpf_map_type, and enum bpf_func_id: include/uapi/linux/bpf.h */
const MAP_TYPE_ARRAY = 2
const MAP_LOOKUP_ELEM = 1
/** struct __sk_buff: offset of the length, from the IP header on. */
const SKB_LENGTH = 0
/** The program's answer that lets a packet pass. */
const PASS = 1

/** Where in the map each direction is. */
const directions = { ingress: 0, egress: 1 } as const

/**
 * Counts the bytes of packets that sockets of a cgroup receive and send, IP headers included, by two BPF programs that go with the cgroup.
 */
export class TrafficCounter implements Disposable {
  readonly #map: Fd

  private constructor(map: Fd) {
    this.#map = map
  }

  /**
   * Begins to count, from 0.
   *
   * @param cgroup path of a cgroup2 directory
   * @param name of both programs, 1..15 characters
   * @throws SystemError EPERM without CAP_BPF and CAP_NET_ADMIN; node's ENOENT for no such directory
   */
  static attach(cgroup: string, name: string): TrafficCounter {
    const map = createMap()
    try {
      for (const hook of ['ingress', 'egress'] as const) {
        using program = loadProgram(countingProgram(name, hook, map))
        attachToCgroup(cgroup, program, hook)
      }
      return new TrafficCounter(map)
    } catch (error) {
      map.close()
      throw error
    }
  }

  /** Bytes since it was attached. @throws SystemError */
  read(): { readonly received: number; readonly sent: number } {
    return { received: this.#value(directions.ingress), sent: this.#value(directions.egress) }
  }

  /** Reading ends; what is attached counts on, unread, until the cgroup goes. */
  [Symbol.dispose](): void {
    this.#map.close()
  }

  /** map_fd @0, key @8, value @16, flags @24 */
  #value(index: number): number {
    const key = Buffer.alloc(4)
    key.writeUInt32LE(index)
    const value = Buffer.alloc(8)
    const attributes = Buffer.alloc(32)
    attributes.writeUInt32LE(this.#map.number, 0)
    attributes.writeBigUInt64LE(addressOf(key), 8)
    attributes.writeBigUInt64LE(addressOf(value), 16)
    check(callBpf(BPF_MAP_LOOKUP_ELEM, attributes), 'bpf', 'traffic counter')
    return Number(value.readBigUInt64LE(0))
  }
}

/** Two numbers of 64 bits. map_type @0, key_size @4, value_size @8, max_entries @12 */
function createMap(): Fd {
  const attributes = Buffer.alloc(32)
  for (const [index, value] of [MAP_TYPE_ARRAY, 4, 8, 2].entries()) attributes.writeUInt32LE(value, index * 4)
  return Fd.adopt(check(callBpf(BPF_MAP_CREATE, attributes), 'bpf', 'traffic counter'))
}

function countingProgram(name: string, hook: keyof typeof directions, map: Fd): BpfProgram {
  const code = new Assembler()
    .copy(6, 1)
    .storeConstant(10, -4, directions[hook])
    .copy(2, 10)
    .add(2, -4)
    .loadMap(1, map.number)
    .call(MAP_LOOKUP_ELEM)
    .jumpIfNull(0, 'pass')
    .loadWord(1, 6, SKB_LENGTH)
    .atomicAdd(0, 0, 1)
    .label('pass')
    .exit(PASS)
    .assemble()
  return { name, hook, code }
}
