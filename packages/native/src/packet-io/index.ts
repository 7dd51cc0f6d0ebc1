export { memoryAddress } from './memory.ts'
export { readBootClockAt } from './boot-clock.ts'
export { pollAt, readAt, writeAt, writeVectorAt } from './transfer.ts'
export { receiveMessagesAt, sendMessagesAt } from './messages.ts'
export { eventFd, signalEventFd } from './event-fd.ts'
export { bootTimerFd, setBootTimerAt } from './timer-fd.ts'
export { duplicateDescriptor } from './duplicate.ts'
export {
  connectInet,
  hasUdpSegmentation,
  letRoutersFragment,
  setDualStack,
  setPacketInfo,
  setSocketBuffers,
  setTrafficClassInfo,
  setUdpReceiveOffload,
  sourceAddressTo,
  type SocketBuffers,
} from './udp-options.ts'
export { type ChaCha20Poly1305, findChaCha20Poly1305 } from './chacha20-poly1305.ts'
export type { CallSequence } from './call-sequence.ts'
export { type ChaCha20Primitives, findChaCha20Primitives, packetBlock } from './chacha20-primitives.ts'
