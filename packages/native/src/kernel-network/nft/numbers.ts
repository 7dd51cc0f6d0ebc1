import type { NftHook } from './command.ts'

/*
 * The numbers of nf_tables' messages: include/uapi/linux/netfilter/nfnetlink.h, nf_tables.h. Their values are the kernel's
 * interface.
 */

export const NFNL_SUBSYS_NFTABLES = 10
export const NFNL_MSG_BATCH_BEGIN = 16
export const NFNL_MSG_BATCH_END = 17
export const NLM_F_APPEND = 0x800

/** enum nf_tables_msg_types */
export const NEW_TABLE = 0
export const GET_TABLE = 1
export const DELETE_TABLE = 2
export const NEW_CHAIN = 3
export const DELETE_CHAIN = 5
export const NEW_RULE = 6
export const DELETE_RULE = 8
export const NEW_SET = 9
export const DELETE_SET = 11
export const NEW_ELEMENT = 12
export const DELETE_ELEMENT = 14

/** The family `inet`. */
export const NFPROTO_INET = 1
export const NFPROTO_UNSPEC = 0

/** The first attribute of nearly everything is the table's name. */
export const TABLE_NAME = 1
/** enum nft_table_attributes, nft_chain_attributes, nft_rule_attributes, nft_set_attributes, nft_set_elem_list_attributes */
export const TABLE_FLAGS = 2
export const CHAIN_NAME = 3
export const CHAIN_HOOK = 4
export const CHAIN_POLICY = 5
export const CHAIN_TYPE = 7
export const RULE_CHAIN = 2
export const RULE_EXPRESSIONS = 4
export const SET_NAME = 2
export const SET_FLAGS = 3
export const SET_KEY_TYPE = 4
export const SET_KEY_SIZE = 5
export const SET_DESCRIPTION = 9
export const SET_ID = 10
export const SET_USERDATA = 13
export const LIST_ELEMENTS = 3
export const LIST_SET_ID = 4
/** enum nft_set_elem_attributes */
export const ELEMENT_KEY = 1
export const ELEMENT_FLAGS = 3
export const ELEMENT_USERDATA = 6
export const LIST_ELEMENT = 1

/** enum nft_set_flags */
export const SET_ANONYMOUS = 0x1
export const SET_CONSTANT = 0x2
export const SET_INTERVAL = 0x4
/** enum nft_set_elem_flags */
export const INTERVAL_END = 0x1

/** linux/netfilter.h */
export const HOOKS: Readonly<Record<NftHook['hook'], number>> = { prerouting: 0, output: 3, postrouting: 4 }
export const NF_ACCEPT = 1
