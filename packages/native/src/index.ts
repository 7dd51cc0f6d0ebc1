/**
 * Every system call of vpnext, typed. The only package that imports koffi; it knows nothing of VPNs.
 *
 * ```ts
 * import { openTun, readFd, watchFd } from '@vpnext/native'
 *
 * const { fd, name } = openTun({ name: 'demo%d' }) // needs CAP_NET_ADMIN
 * const packet = new Uint8Array(65535)
 * const watch = watchFd(fd, { readable: true }, () => {
 *   for (let length = readFd(fd, packet); length !== 'again'; length = readFd(fd, packet)) {
 *     console.log(`${name}: a packet of ${length} bytes`)
 *   }
 * })
 * // ... later; closing the descriptor alone would end the watch too
 * watch[Symbol.dispose]()
 * fd.close()
 * ```
 *
 * @packageDocumentation
 */
export { SystemError, errnoName, errnoNumber, isErrno, isSystemError } from './system-error.ts'
export { errorText } from './error-text.ts'
export { Fd, openFds } from './fd.ts'
export { type FdWatch, type Interest, type Ready, watchFd } from './watch-fd.ts'
export {
  type FdKind,
  fstatKind,
  isCloseOnExec,
  isNonBlocking,
  readFd,
  setCloseOnExec,
  setNonBlocking,
  writeFd,
} from './fd-io.ts'
export { closeInThread } from './close-in-thread.ts'
export { syncInThread } from './sync-in-thread.ts'
export { type FileEvent, Inotify } from './inotify.ts'
export { removeFile } from './remove-file.ts'
export { NEVER_WAITING, readPlainFile } from './read-plain-file.ts'
export { seekFile, tryLockFile, unlockFile } from './open-file.ts'
export { extendedAttribute, setExtendedAttribute } from './extended-attribute.ts'

export { sendUnixDatagram } from './unix-datagram.ts'
export { acceptUnix, connectUnix, listenUnix, type ListenUnixOptions, socketPair } from './unix-socket.ts'
export { receiveMessage, type ReceivedMessage, sendMessage } from './fd-passing.ts'
export { type PeerCredentials, peerCredentials, peerGroups, peerPidfd } from './peer.ts'
export {
  clearLinger,
  describeSocket,
  getMark,
  inetSocket,
  networkNamespaceCookie,
  sameNetworkNamespace,
  setMark,
  socketDomain,
  type SocketDescription,
  type SocketDomain,
  type SocketType,
  socketType,
} from './inet-socket.ts'
export { localName, peerName, type SocketName } from './socket-name.ts'
export { bindInet, bindToDevice } from './socket-binding.ts'
export {
  setLinger,
  setSocketBuffer,
  setSocketFlag,
  setSocketTimeout,
  socketBuffer,
  type SocketFlag,
  socketFlag,
} from './socket-settings.ts'
export { tcpTraffic } from './tcp-traffic.ts'
export { bindUnix, connectUnixSocket, unixSocket } from './unix-client.ts'
export { type LinkPacket, PacketRing } from './packet-ring.ts'
export { discardInput } from './terminal.ts'
export { withFileIdentity } from './file-identity.ts'
export { memfdSealed, readSealedMemfd } from './memfd.ts'
export { describeTun, openTun, setTunOffload, type TunDescription, type TunOptions } from './tun.ts'

export {
  createNetworkNamespace,
  currentUserNamespaceIsInitial,
  type NamespaceKind,
  openNamespace,
  unshare,
  type UnshareFlags,
  withNetworkNamespace,
} from './namespace.ts'
export {
  bindMount,
  type BindMountOptions,
  makeMountsPrivate,
  mount,
  type MountFlag,
  pivotRoot,
  unmount,
} from './mount.ts'
export { mountedPath } from './mounted-path.ts'
export { execve, type ExecOptions } from './exec.ts'
export {
  type ProcessIdentity,
  setProcessIdentity,
  type ThreadIdentity,
  threadIdentity,
} from './process-identity.ts'
export { AwakeRecord } from './awake-record.ts'
export { loopRequests } from './loop-requests.ts'
export {
  hasNoNewPrivileges,
  isDumpable,
  setDumpable,
  setNoNewPrivileges,
  setParentDeathSignal,
  useDefaultAction,
  yieldProcessor,
} from './process-control.ts'
export { limitThreads } from './thread-limit.ts'
export {
  type Capabilities,
  dropBoundingCapabilities,
  dropCapabilities,
  processCapabilities,
} from './capability.ts'
export { pidfdOpen, pidfdSignal } from './pidfd.ts'
export {
  type FileAccess,
  type FileRule,
  landlockAbi,
  type LandlockResult,
  restrictFilesystem,
} from './landlock.ts'
export {
  allow,
  type ArgumentTest,
  denyList,
  fail,
  kill,
  type SeccompAction,
  type SeccompProgram,
  type SeccompRule,
} from './seccomp/filter-rule.ts'
export { installFilter } from './seccomp/install-filter.ts'
export { hostFilterAfterExec, hostFilterBeforeExec } from './seccomp/host-filter.ts'
export type { SyscallName } from './seccomp/syscall-table.ts'

export * from './kernel-network/index.ts'
export * from './packet-io/index.ts'
