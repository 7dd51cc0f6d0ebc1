import { createHash } from 'node:crypto'
import type { NetworkSettings } from '../settings.ts'

type Instance = Pick<NetworkSettings, 'instance'>

/** What a program of ours does: marks sockets, locks them to no interface, sends DNS into the tunnel, or out of it. */
export type ProgramRole = 'identity' | 'lock' | 'dns' | 'return-dns'

const letters: ReadonlyMap<string, ProgramRole> = new Map([
  ['i', 'identity'],
  ['l', 'lock'],
  ['d', 'dns'],
  ['r', 'return-dns'],
])
const base = 36
/** Of 15 that the kernel keeps: `vpnext_` 7, instance 4, role 1, slot 2, value 1. */
const instanceLength = 4
const slotLength = 2

/** What a program is for, as its name says. */
export interface ProgramPurpose {
  readonly role: ProgramRole
  /** Of the tunnel, 0 to 1295. */
  readonly slot: number
  /** Of the application list, 0 to 35; 0 where there is none. */
  readonly value: number
}

/** The name of a BPF program, by which it is found again after a crash. It begins with {@link programPrefix}. */
export function programName(settings: Instance, { role, slot, value }: ProgramPurpose): string {
  const letter = [...letters].find(([, each]) => each === role)?.[0] ?? ''
  return `${programPrefix(settings)}${letter}${digits('slot', slot, slotLength)}${digits('value', value, 1)}`
}

/** What the names of all programs of an instance begin with: `vpnext_` and a hash of the instance. */
export function programPrefix({ instance }: Instance): string {
  const hash = createHash('sha256').update(instance).digest().readUIntBE(0, 6)
  return `vpnext_${hash.toString(base).padStart(instanceLength, '0').slice(-instanceLength)}`
}

/** The reverse of {@link programName}; undefined for the name of anybody else's program. */
export function parseProgramName(settings: Instance, name: string): ProgramPurpose | undefined {
  const prefix = programPrefix(settings)
  if (!name.startsWith(prefix)) return undefined
  const [, letter = '', slot = '', value = ''] =
    /^([a-z])([0-9a-z]{2})([0-9a-z])$/.exec(name.slice(prefix.length)) ?? []
  const role = letters.get(letter)
  if (role === undefined) return undefined
  return { role, slot: Number.parseInt(slot, base), value: Number.parseInt(value, base) }
}

function digits(field: string, number: number, length: number): string {
  if (!Number.isInteger(number) || number < 0 || number >= base ** length) {
    throw new RangeError(`${field}: ${number} does not fit into ${length} digits of base ${base}`)
  }
  return number.toString(base).padStart(length, '0')
}
