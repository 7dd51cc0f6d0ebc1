import { addressFromBytes, addressToBytes, formatAddress, parseAddress } from '@vpnext/ip'

/** Where 16 bytes of an IPv4-mapped IPv6 address hold the IPv4 address (RFC 4291, 2.5.5.2). */
const mappedAt = 12

/**
 * Where a datagram comes from or goes to. Immutable. IPv4 endpoints are the same whether they came through an IPv4 or a
 * dual-stack IPv6 socket.
 */
export class Endpoint {
  readonly family: 4 | 6
  readonly port: number
  /** Interface index of a link-local IPv6 address, otherwise 0. */
  readonly scope: number
  /** 16 bytes, IPv4 as `::ffff:a.b.c.d`. Not to be changed. */
  readonly mapped: Uint8Array
  /**
   * Of a datagram's source: our own address that it came to, as 16 bytes, where the socket tells (`packetInfo`). What is sent to this
   * endpoint leaves from there. Not to be changed.
   */
  readonly local: Uint8Array | undefined

  private constructor(mapped: Uint8Array, port: number, scope: number, local: Uint8Array | undefined) {
    this.mapped = mapped
    this.local = local
    this.family = isMapped(mapped) ? 4 : 6
    this.port = port
    this.scope = scope
  }

  /**
   * @param address IPv4 or IPv6 text, without a zone
   * @param port 1 to 65535
   * @param scope interface index, for link-local IPv6 addresses
   * @throws RangeError naming the argument
   */
  static from(address: string, port: number, scope = 0): Endpoint {
    const parsed = parseAddress(address)
    if (parsed === undefined) throw new RangeError(`address: ${address} is not an IP address`)
    if (!Number.isInteger(port) || port < 1 || port > 65535) throw new RangeError(`port: ${port}`)
    if (!Number.isInteger(scope) || scope < 0 || scope > 0xffffffff) throw new RangeError(`scope: ${scope}`)
    const bytes = addressToBytes(parsed)
    return new Endpoint(parsed.family === 4 ? mapIpv4(bytes) : bytes, port, scope, undefined)
  }

  /**
   * @param address 4 or 16 bytes, copied
   * @param local likewise, see {@link local}
   */
  static fromBytes(address: Uint8Array, port: number, scope = 0, local?: Uint8Array): Endpoint {
    return new Endpoint(toMapped(address), port, scope, local === undefined ? undefined : toMapped(local))
  }

  /** The address as text. */
  get address(): string {
    return textOf(this.mapped)
  }

  /** Our own address, {@link local}, as text. */
  get localAddress(): string | undefined {
    return this.local === undefined ? undefined : textOf(this.local)
  }

  /** The same, reached from whichever address of ours the route names. */
  fromAnywhere(): Endpoint {
    return this.local === undefined ? this : new Endpoint(this.mapped, this.port, this.scope, undefined)
  }

  /** `1.2.3.4:5`, `[2001:db8::1]:5`; with the index of its interface `[fe80::1%2]:5`. */
  toString(): string {
    if (this.family === 4) return `${this.address}:${this.port}`
    return `[${this.address}${this.scope === 0 ? '' : `%${this.scope}`}]:${this.port}`
  }

  /** Whether it is the same place, from wherever it is reached. */
  equals(other: Endpoint): boolean {
    return this.port === other.port && this.scope === other.scope && areEqual(this.mapped, other.mapped)
  }

  /** Whether it is the same place, reached from the same address of ours. */
  isReachedAs(other: Endpoint): boolean {
    const { local } = this
    if (local === undefined || other.local === undefined) return local === other.local && this.equals(other)
    return areEqual(local, other.local) && this.equals(other)
  }
}

/** From the end, where neighbours differ; without a closure, because packets ask. */
function areEqual(one: Uint8Array, other: Uint8Array): boolean {
  for (let index = 15; index >= 0; index--) if (one[index] !== other[index]) return false
  return true
}

/** @param address 4 or 16 bytes, copied */
function toMapped(address: Uint8Array): Uint8Array {
  return address.length === 4 ? mapIpv4(address) : new Uint8Array(address)
}

function textOf(bytes: Uint8Array): string {
  return formatAddress(addressFromBytes(isMapped(bytes) ? bytes.subarray(mappedAt) : bytes))
}

function mapIpv4(bytes: Uint8Array): Uint8Array {
  const mapped = new Uint8Array(16)
  mapped.fill(0xff, 10, mappedAt)
  mapped.set(bytes, mappedAt)
  return mapped
}

function isMapped(bytes: Uint8Array): boolean {
  return bytes.subarray(0, mappedAt).every((byte, index) => byte === (index < 10 ? 0 : 0xff))
}
