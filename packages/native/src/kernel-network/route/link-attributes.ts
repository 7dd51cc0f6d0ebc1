/** include/uapi/linux/if_link.h, if.h, veth.h */
export const IFLA_ADDRESS = 1
export const IFLA_IFNAME = 3
export const IFLA_MTU = 4
export const IFLA_LINK = 5
export const IFLA_MASTER = 10
export const IFLA_LINKINFO = 18
export const IFLA_STATS64 = 23
export const IFLA_AF_SPEC = 26
export const IFLA_NET_NS_FD = 28

/** Inside IFLA_LINKINFO. */
export const IFLA_INFO_KIND = 1
export const IFLA_INFO_DATA = 2

/** Inside IFLA_INFO_DATA. */
export const VETH_INFO_PEER = 1
export const IFLA_VRF_TABLE = 1

/** Inside IFLA_AF_SPEC, AF_INET6. */
export const IFLA_INET6_ADDR_GEN_MODE = 8

export const IFF_UP = 0x1
export const IFF_LOWER_UP = 0x10000
