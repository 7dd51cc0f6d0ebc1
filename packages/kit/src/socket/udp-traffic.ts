/** Bytes that a socket has carried, without headers. */
export interface Traffic {
  received: number
  sent: number
}

const byDescriptor = new Map<number, Traffic>()

/** Begins to count for a UDP socket of a kit: the kernel does not. @returns what to count in, until {@link forgetUdpTraffic} */
export function countUdpTraffic(fd: number): Traffic {
  const traffic = { received: 0, sent: 0 }
  byDescriptor.set(fd, traffic)
  return traffic
}

export function forgetUdpTraffic(fd: number): void {
  byDescriptor.delete(fd)
}

/** Undefined for what is no UDP socket of a kit. */
export function udpTraffic(fd: number): Readonly<Traffic> | undefined {
  return byDescriptor.get(fd)
}
