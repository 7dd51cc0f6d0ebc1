import { closeSync, constants, openSync } from 'node:fs'

import { Fd } from './fd.ts'
import { check, declareRaw } from './libc.ts'

const controlByAddress = declareRaw<[fd: number, request: number, argument: Uint8Array]>(
  'int ioctl(int, unsigned long, void *)',
)
const controlByValue = declareRaw<[fd: number, request: number, argument: number]>(
  'int ioctl(int, unsigned long, unsigned long)',
)

// include/uapi/linux/if_tun.h
export const TUNSETIFF = 0x400454ca
export const TUNSETOFFLOAD = 0x400454d0
export const TUNGETIFF = 0x800454d2
const IFF_TUN = 0x1
const IFF_MULTI_QUEUE = 0x100
const IFF_NO_PI = 0x1000
const IFF_VNET_HDR = 0x4000
const IFF_TUN_EXCL = 0x8000

/** sizeof(struct ifreq), LP64. */
const REQUEST_SIZE = 40
/** IFNAMSIZ without the NUL. */
const MAX_NAME = 15

export interface TunOptions {
  /** 1 to 15 bytes. `%d` in it becomes the lowest free number. */
  readonly name: string
  /** Whether reads and writes wait. Default false: O_NONBLOCK. */
  readonly blocking?: boolean
  /** Each packet is preceded by a struct virtio_net_hdr of 10 bytes, which segmentation offload needs. Default false. */
  readonly vnetHeader?: boolean
  /** Several descriptors may attach to one device. Default false: the name must be free. */
  readonly multiQueue?: boolean
}

/**
 * Makes a TUN device in the calling thread's network namespace: raw IP packets, one per read or write, no PI header.
 * It lasts until its last descriptor is closed.
 *
 * @returns the descriptor, close-on-exec, and the name that the kernel chose
 * @throws RangeError for a name of no or too many bytes, or with NUL
 * @throws SystemError EBUSY when the name is taken, EINVAL for a name the kernel refuses, EPERM without CAP_NET_ADMIN
 */
export function openTun(options: TunOptions): { fd: Fd; name: string } {
  const name = Buffer.from(options.name, 'utf8')
  if (name.length === 0 || name.length > MAX_NAME || name.includes(0)) {
    throw new RangeError(`name: an interface name has 1 to ${MAX_NAME} bytes and no NUL`)
  }
  const request = Buffer.alloc(REQUEST_SIZE)
  name.copy(request)
  request.writeUInt16LE(
    IFF_TUN |
      IFF_NO_PI |
      (options.vnetHeader === true ? IFF_VNET_HDR : 0) |
      (options.multiQueue === true ? IFF_MULTI_QUEUE : IFF_TUN_EXCL),
    16,
  )
  // node's open is close-on-exec always.
  const mode = constants.O_RDWR | (options.blocking === true ? 0 : constants.O_NONBLOCK)
  const number = openSync('/dev/net/tun', mode)
  try {
    check(controlByAddress(number, TUNSETIFF, request), 'TUNSETIFF', options.name)
  } catch (error) {
    closeSync(number)
    throw error
  }
  return { fd: Fd.adopt(number), name: textOf(request) }
}

/** What a TUN descriptor is attached to. */
export interface TunDescription {
  /** The present name of the interface. */
  readonly name: string
  readonly vnetHeader: boolean
  readonly multiQueue: boolean
}

/** Describes a TUN descriptor (TUNGETIFF). @throws SystemError ENOTTY for another kind of file, EBADFD when its device is gone */
export function describeTun(fd: Fd): TunDescription {
  const request = Buffer.alloc(REQUEST_SIZE)
  check(controlByAddress(fd.number, TUNGETIFF, request), 'TUNGETIFF')
  const flags = request.readUInt16LE(16)
  return {
    name: textOf(request),
    vnetHeader: (flags & IFF_VNET_HDR) !== 0,
    multiQueue: (flags & IFF_MULTI_QUEUE) !== 0,
  }
}

/**
 * Says which offloads the reader of a TUN with `vnetHeader` handles (TUNSETOFFLOAD).
 *
 * @param flags TUN_F_CSUM 1, TUN_F_TSO4 2, TUN_F_TSO6 4, TUN_F_USO4 32, TUN_F_USO6 64; 0 for none
 * @throws SystemError EINVAL for flags the kernel does not know
 */
export function setTunOffload(fd: Fd, flags: number): void {
  check(controlByValue(fd.number, TUNSETOFFLOAD, flags), 'TUNSETOFFLOAD')
}

function textOf(request: Buffer): string {
  return request.toString('utf8', 0, request.indexOf(0))
}
