import { constants } from 'node:os'

/** Errors that the fast path tells apart, positive. */
export const EAGAIN: number = constants.errno.EAGAIN
export const EINTR: number = constants.errno.EINTR
export const EPERM: number = constants.errno.EPERM
export const EACCES: number = constants.errno.EACCES
export const EIO: number = constants.errno.EIO
export const EINVAL: number = constants.errno.EINVAL
export const EMSGSIZE: number = constants.errno.EMSGSIZE
export const EBADF: number = constants.errno.EBADF
export const ENETUNREACH: number = constants.errno.ENETUNREACH
export const EHOSTUNREACH: number = constants.errno.EHOSTUNREACH
export const ENETDOWN: number = constants.errno.ENETDOWN
export const ECONNREFUSED: number = constants.errno.ECONNREFUSED
export const EADDRNOTAVAIL: number = constants.errno.EADDRNOTAVAIL
/** Of a socket that is not connected, for a datagram without an address. */
export const EDESTADDRREQ: number = constants.errno.EDESTADDRREQ
export const ENOBUFS: number = constants.errno.ENOBUFS
export const ENOMEM: number = constants.errno.ENOMEM
/** include/uapi/asm-generic/errno.h; what a TUN descriptor answers when its device is gone. */
export const EBADFD = 77

/**
 * What a connected UDP socket answers once, to a read or a write, because of an ICMP error that a datagram sent earlier has
 * come back with (net/ipv4/icmp.c, icmp_err_convert; net/ipv6/icmp.c, icmpv6_err_convert). Anybody may have sent it.
 */
export const icmpErrors: ReadonlySet<number> = new Set([
  ECONNREFUSED,
  EHOSTUNREACH,
  ENETUNREACH,
  EMSGSIZE,
  EACCES,
  constants.errno.ENOPROTOOPT,
  constants.errno.EOPNOTSUPP,
  constants.errno.EPROTO,
  // include/uapi/asm-generic/errno.h: ENONET, EHOSTDOWN.
  64,
  112,
])
