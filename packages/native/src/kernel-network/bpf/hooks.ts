/** Where a cgroup program is called: all hooks known here, in a fixed order. */
export const cgroupHookNames = [
  'sock-create',
  'connect4',
  'connect6',
  'sendmsg4',
  'sendmsg6',
  'recvmsg4',
  'recvmsg6',
  'getpeername4',
  'getpeername6',
  'setsockopt',
  'ingress',
  'egress',
] as const

export type CgroupHook = (typeof cgroupHookNames)[number]

/** The kernel's numbers of a hook. */
export interface HookNumbers {
  /** enum bpf_prog_type */
  readonly programType: number
  /** enum bpf_attach_type */
  readonly attachType: number
}

const CGROUP_SKB = 8
const CGROUP_SOCK = 9
const CGROUP_SOCK_ADDR = 18
const CGROUP_SOCKOPT = 25

/** include/uapi/linux/bpf.h */
export const cgroupHooks: Readonly<Record<CgroupHook, HookNumbers>> = {
  'sock-create': { programType: CGROUP_SOCK, attachType: 2 },
  connect4: { programType: CGROUP_SOCK_ADDR, attachType: 10 },
  connect6: { programType: CGROUP_SOCK_ADDR, attachType: 11 },
  sendmsg4: { programType: CGROUP_SOCK_ADDR, attachType: 14 },
  sendmsg6: { programType: CGROUP_SOCK_ADDR, attachType: 15 },
  recvmsg4: { programType: CGROUP_SOCK_ADDR, attachType: 19 },
  recvmsg6: { programType: CGROUP_SOCK_ADDR, attachType: 20 },
  getpeername4: { programType: CGROUP_SOCK_ADDR, attachType: 29 },
  getpeername6: { programType: CGROUP_SOCK_ADDR, attachType: 30 },
  setsockopt: { programType: CGROUP_SOCKOPT, attachType: 22 },
  ingress: { programType: CGROUP_SKB, attachType: 0 },
  egress: { programType: CGROUP_SKB, attachType: 1 },
}
