export type {
  IpFamily,
  Link,
  LinkStatistics,
  NextHop,
  NumberRange,
  RouteQuery,
  RouteSpec,
  RouteType,
  RtAddress,
  RtRoute,
  RtRule,
  RuleAction,
} from './route/objects.ts'
export type {
  AddAddress,
  AddLink,
  AddRule,
  DeleteAddress,
  DeleteLink,
  DeleteRule,
  LinkKind,
  LinkProperties,
  LinkReference,
  RouteRequest,
  RtRequest,
  SetLink,
} from './route/request.ts'
export { Rtnetlink } from './route/rtnetlink.ts'
export type { RtResult } from './route/rtnetlink.ts'
export { watchNetlink } from './route/monitor.ts'
export type { NetlinkEvent } from './route/monitor.ts'
export { openChangeTally } from './route/change-tally.ts'
export type { ChangeTally } from './route/change-tally.ts'
export type { NetlinkGroup } from './route/groups.ts'
export { destroySockets, listSockets, listTcpSockets, openTcpSocketList } from './socket-diag/sockets.ts'
export type { TcpSocketList } from './socket-diag/sockets.ts'
export type { SocketEnd, SocketInfo, SocketState } from './socket-diag/socket-info.ts'
export { listNft, listNftText, nftAvailable, nftSupport, runNft } from './nft/nft.ts'
export type { NftListing, NftSupport } from './nft/nft.ts'
export type { NftCommand, NftHook, NftKeyType, NftSet } from './nft/command.ts'
export type {
  NftAction,
  NftAddressField,
  NftIcmpType,
  NftIcmpv6Type,
  NftMatch,
  NftStatement,
} from './nft/statement.ts'
export { formatNft } from './nft/command-text.ts'
export { encodeNft } from './nft/batch.ts'
export {
  beginNftCommands,
  type NftLine,
  nftTableExists,
  type NftRun,
  openNftLine,
  runNftCommands,
} from './nft/run-commands.ts'
export { type NftWatch, watchNft } from './nft/watch-nft.ts'
export type { CgroupHook } from './bpf/hooks.ts'
export { cgroupHookNames } from './bpf/hooks.ts'
export { loadProgram, openProgram, programInfo } from './bpf/program.ts'
export type { BpfProgram, BpfProgramInfo } from './bpf/program.ts'
export { attachToCgroup, cgroup2Mount, detachFromCgroup, queryCgroup } from './bpf/cgroup.ts'
export { lockDeviceProgram, markSocketsProgram, markSocketsPrograms } from './bpf/ready-programs.ts'
export { redirectPrograms } from './bpf/redirect-programs.ts'
export { TrafficCounter } from './bpf/traffic-counter.ts'
export type { Endpoint, Redirect } from './bpf/redirect-programs.ts'
export type { MarkCondition, SocketCondition } from './bpf/socket-condition.ts'
export { Assembler } from './bpf/instructions.ts'
export type { Register } from './bpf/instructions.ts'
export { getSysctl, openSysctl, setSysctl } from './sysctl.ts'
export type { OpenSysctl } from './sysctl.ts'
