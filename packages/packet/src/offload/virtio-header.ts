import type { Arena } from '../arena/arena.ts'

/**
 * struct virtio_net_hdr (include/uapi/linux/virtio_net.h), which precedes each packet of a TUN with IFF_VNET_HDR: 10
 * bytes, fields in the machine's order, which is little-endian on every machine supported.
 */
export const virtioHeaderSize = 10

/** The checksum field holds the sum of the pseudo header; who sends the packet completes it. */
export const needsChecksum = 1

/** `gso_type`: how a long packet is to be cut. */
export const gsoNone = 0
export const gsoTcp4 = 1
export const gsoTcp6 = 4
export const gsoUdp = 5
/** Flag of `gso_type`: only the first piece keeps the CWR bit (RFC 3168). */
export const gsoEcn = 0x80

/** The fields; offsets are from the start of the IP packet. */
export interface VirtioHeader {
  readonly flags: number
  readonly gsoType: number
  /** Length of all headers; only a hint when it comes from the kernel. */
  readonly headerLength: number
  /** Payload bytes of each piece but the last. */
  readonly gsoSize: number
  /** Where the transport header starts. */
  readonly checksumStart: number
  /** Where the checksum lies in the transport header. */
  readonly checksumOffset: number
}

/** @param at offset of the header's 10 bytes */
export function readVirtioHeader({ view }: Arena, at: number): VirtioHeader {
  return {
    flags: view.getUint8(at),
    gsoType: view.getUint8(at + 1),
    headerLength: view.getUint16(at + 2, true),
    gsoSize: view.getUint16(at + 4, true),
    checksumStart: view.getUint16(at + 6, true),
    checksumOffset: view.getUint16(at + 8, true),
  }
}

/** @param at offset of the header's 10 bytes */
export function writeVirtioHeader({ view }: Arena, at: number, header: VirtioHeader): void {
  view.setUint8(at, header.flags)
  view.setUint8(at + 1, header.gsoType)
  view.setUint16(at + 2, header.headerLength, true)
  view.setUint16(at + 4, header.gsoSize, true)
  view.setUint16(at + 6, header.checksumStart, true)
  view.setUint16(at + 8, header.checksumOffset, true)
}

/** A packet that is complete as it is. */
export const plainPacket: VirtioHeader = {
  flags: 0,
  gsoType: gsoNone,
  headerLength: 0,
  gsoSize: 0,
  checksumStart: 0,
  checksumOffset: 0,
}
