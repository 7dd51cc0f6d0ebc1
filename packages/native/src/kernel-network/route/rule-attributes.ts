import type { RuleAction } from './objects.ts'

/** include/uapi/linux/fib_rules.h */
export const FRA_DST = 1
export const FRA_SRC = 2
export const FRA_IIFNAME = 3
export const FRA_GOTO = 4
export const FRA_PRIORITY = 6
export const FRA_FWMARK = 10
export const FRA_SUPPRESS_PREFIXLEN = 14
export const FRA_TABLE = 15
export const FRA_FWMASK = 16
export const FRA_OIFNAME = 17
export const FRA_L3MDEV = 19
/** Two u32. */
export const FRA_UID_RANGE = 20
export const FRA_PROTOCOL = 21
export const FRA_IP_PROTO = 22
/** Two u16 in host order. */
export const FRA_SPORT_RANGE = 23
export const FRA_DPORT_RANGE = 24

export const FIB_RULE_INVERT = 2
/** struct fib_rule_hdr: family, dst_len, src_len, tos, table, two unused, action u8 each, flags u32. */
export const FIB_RULE_HDR_SIZE = 12

/** FR_ACT_* */
const actions: readonly (readonly [RuleAction, number])[] = [
  ['lookup', 1],
  ['goto', 2],
  ['nop', 3],
  ['blackhole', 6],
  ['unreachable', 7],
  ['prohibit', 8],
]

export const actionNumbers: ReadonlyMap<RuleAction, number> = new Map(actions)
export const actionNames: ReadonlyMap<number, RuleAction> = new Map(
  actions.map(([name, number]) => [number, name]),
)
