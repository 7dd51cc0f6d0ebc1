/** `SocketStateBase` of HarmonyOS. */
export interface SocketState {
  readonly isBound: boolean
  readonly isClose: boolean
  readonly isConnected: boolean
}
