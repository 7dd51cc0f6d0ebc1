/** include/uapi/linux/netlink.h. All integers of netlink are in host order: little endian on x64 and arm64. */

export const NETLINK_ROUTE = 0
export const NETLINK_SOCK_DIAG = 4

export const NLMSG_ERROR = 2
export const NLMSG_DONE = 3

export const NLM_F_REQUEST = 0x1
export const NLM_F_ACK = 0x4
export const NLM_F_DUMP_INTR = 0x10
/** In an acknowledgement: the request was not copied back behind its header. */
export const NLM_F_CAPPED = 0x100
/** In an acknowledgement: attributes with the kernel's explanation follow. */
export const NLM_F_ACK_TLVS = 0x200
/** In a request that makes something. */
export const NLM_F_REPLACE = 0x100
export const NLM_F_EXCL = 0x200
export const NLM_F_CREATE = 0x400
/** In a request that asks: everything. */
export const NLM_F_DUMP = 0x300

/** Bytes of struct nlmsghdr: length u32, type u16, flags u16, sequence u32, port u32. */
export const HEADER_SIZE = 16
/** Bytes of struct nlattr: length u16, type u16. */
export const ATTRIBUTE_HEADER_SIZE = 4
export const NLA_F_NESTED = 0x8000
export const NLA_TYPE_MASK = 0x3fff

/** Messages and attributes start at multiples of four. */
export function align4(length: number): number {
  return (length + 3) & ~3
}
