import type { IpFamily } from '../route/objects.ts'

/** One end of a socket. The port is 0 and the address `0.0.0.0` or `::` where there is none. */
export interface SocketEnd {
  readonly address: string
  readonly port: number
}

/** include/net/tcp_states.h by name: position = number - 1. */
export const socketStates = [
  'established',
  'syn-sent',
  'syn-recv',
  'fin-wait-1',
  'fin-wait-2',
  'time-wait',
  'close',
  'close-wait',
  'last-ack',
  'listen',
  'closing',
  'new-syn-recv',
] as const

/** A UDP socket is `established` when it is connected, else `close`. */
export type SocketState = (typeof socketStates)[number]

/** A TCP or UDP socket of a network namespace. */
export interface SocketInfo {
  readonly family: IpFamily
  readonly protocol: 'tcp' | 'udp'
  readonly state: SocketState
  readonly local: SocketEnd
  /** Of an IPv6 socket that talks IPv4: `::ffff:192.0.2.1`. */
  readonly remote: SocketEnd
  readonly uid: number
  /** Number of the socket in `/proc/<pid>/fd`; 0 once no process has it. */
  readonly inode: number
  /** SO_MARK; 0 without CAP_NET_ADMIN. */
  readonly mark: number
  /** Inode of the cgroup2 directory the socket was made in; absent for a connection without a process. */
  readonly cgroupId?: bigint
  /** Interface the socket is bound to, 0 = none. */
  readonly interfaceIndex: number
}
