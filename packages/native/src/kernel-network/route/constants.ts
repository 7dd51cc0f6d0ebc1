/** include/uapi/linux/rtnetlink.h: message types. */
export const RTM_NEWLINK = 16
export const RTM_DELLINK = 17
export const RTM_GETLINK = 18
export const RTM_SETLINK = 19
export const RTM_NEWADDR = 20
export const RTM_DELADDR = 21
export const RTM_GETADDR = 22
export const RTM_NEWROUTE = 24
export const RTM_DELROUTE = 25
export const RTM_GETROUTE = 26
export const RTM_NEWRULE = 32
export const RTM_DELRULE = 33
export const RTM_GETRULE = 34

/** RT_SCOPE_* */
export const SCOPE_UNIVERSE = 0
export const SCOPE_LINK = 253
export const SCOPE_HOST = 254
/** In a request to delete: any scope. */
export const SCOPE_NOWHERE = 255
