import { check, declareRaw } from '../../libc.ts'
import type { Pointer } from '../../libc.ts'
import { isSystemError } from '../../system-error.ts'
import { watchFd } from '../../watch-fd.ts'
import { Attributes } from '../netlink/attributes.ts'
import { readMessages } from '../netlink/message-reader.ts'
import { NetlinkSocket } from '../netlink/socket.ts'

const setOption = declareRaw<[number, number, number, Pointer, number]>(
  'int setsockopt(int, int, int, const void *, uint32_t)',
)

const NETLINK_NETFILTER = 12
const SOL_NETLINK = 270
const NETLINK_ADD_MEMBERSHIP = 1
const NETLINK_DROP_MEMBERSHIP = 2
/** include/uapi/linux/netfilter/nfnetlink.h */
const NFNLGRP_NFTABLES = 7
const NFNL_SUBSYS_NFTABLES = 10
/** struct nfgenmsg */
const GENERIC_HEADER = 4
/** NFTA_TABLE_NAME, NFTA_CHAIN_TABLE, NFTA_RULE_TABLE, NFTA_SET_TABLE and NFTA_SET_ELEM_LIST_TABLE are all 1. */
const TABLE_NAME = 1
const attributes = new Attributes(TABLE_NAME)
/** Datagrams taken per turn of the event loop, so that a storm of changes does not stop everything else. */
const DATAGRAMS_PER_TURN = 64

/** Hears of changes to nft tables. */
export interface NftWatch extends Disposable {
  /**
   * Hears nothing until told to go on: what is one's own, the kernel then need not tell. Each pause ends on its own.
   *
   * @returns ends the pause; again: nothing
   */
  pause(): () => void
}

/**
 * Tells of every transaction that touches one of the tables, in the network namespace that the calling thread is in; also of
 * one that flushes the whole ruleset.
 *
 * @param isOurs whether a table of this name is meant
 * @param onChange also called when the kernel could not tell everything (ENOBUFS)
 * @throws SystemError EPERM without CAP_NET_ADMIN, EPROTONOSUPPORT without nf_tables
 */
export function watchNft(isOurs: (table: string) => boolean, onChange: () => void): NftWatch {
  const socket = NetlinkSocket.open(NETLINK_NETFILTER)
  try {
    join(socket, NETLINK_ADD_MEMBERSHIP)
    const pauses = new Set<object>()
    const watch = watchFd(socket.fd, { readable: true }, () => {
      if (readChanges(socket, isOurs)) onChange()
    })
    return {
      pause() {
        if (pauses.size === 0) join(socket, NETLINK_DROP_MEMBERSHIP)
        const pause = {}
        pauses.add(pause)
        return () => {
          if (pauses.delete(pause) && pauses.size === 0 && !socket.fd.closed)
            join(socket, NETLINK_ADD_MEMBERSHIP)
        }
      },
      [Symbol.dispose]() {
        watch[Symbol.dispose]()
        socket[Symbol.dispose]()
      },
    }
  } catch (error) {
    socket[Symbol.dispose]()
    throw error
  }
}

function join({ fd }: NetlinkSocket, option: number): void {
  const group = Buffer.alloc(4)
  group.writeUInt32LE(NFNLGRP_NFTABLES)
  check(setOption(fd.number, SOL_NETLINK, option, group, group.length), 'setsockopt', 'NFNLGRP_NFTABLES')
}

function readChanges(socket: NetlinkSocket, isOurs: (table: string) => boolean): boolean {
  let touched = false
  for (let datagrams = 0; datagrams < DATAGRAMS_PER_TURN; datagrams++) {
    try {
      const length = socket.receive()
      if (length === undefined) return touched
      touched = touched || concerns(socket.buffer, length, isOurs)
    } catch (error) {
      if (!isSystemError(error, 'ENOBUFS')) throw error
      socket.drain()
      return true
    }
  }
  return touched
}

function concerns(buffer: Buffer, length: number, isOurs: (table: string) => boolean): boolean {
  for (const { type, source, start, end } of readMessages(buffer, length)) {
    if (type >> 8 !== NFNL_SUBSYS_NFTABLES) continue
    const table = attributes.read(source, start + GENERIC_HEADER, end).text(TABLE_NAME)
    if (table !== undefined && isOurs(table)) return true
  }
  return false
}
