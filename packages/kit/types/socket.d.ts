declare module '@ohos.net.socket' {
  import type { AsyncCallback, Callback, ErrorCallback } from '@ohos.base'
  import type connection from '@ohos.net.connection'

  namespace socket {
    type NetAddress = connection.NetAddress

    function constructUDPSocketInstance(): UDPSocket
    function constructTCPSocketInstance(): TCPSocket

    interface SocketStateBase {
      isBound: boolean
      isClose: boolean
      isConnected: boolean
    }
    interface SocketRemoteInfo {
      address: string
      family: 'IPv4' | 'IPv6'
      port: number
      /** Bytes received. */
      size: number
    }
    interface SocketMessageInfo {
      message: ArrayBuffer
      remoteInfo: SocketRemoteInfo
    }
    interface UDPSendOptions {
      data: string | ArrayBufferLike
      address: NetAddress
    }
    interface UDPExtraOptions {
      broadcast?: boolean
      /** Bytes. */
      receiveBufferSize?: number
      /** Bytes. */
      sendBufferSize?: number
    }
    interface TCPConnectOptions {
      address: NetAddress
      /** Milliseconds. */
      timeout?: number
    }
    interface TCPSendOptions {
      data: string | ArrayBufferLike
    }
    interface TCPExtraOptions {
      keepAlive?: boolean
      TCPNoDelay?: boolean
    }

    /** The descriptor exists from `bind` on. Errors: 2301000 + errno. */
    interface UDPSocket {
      bind(address: NetAddress): Promise<void>
      bind(address: NetAddress, callback: AsyncCallback<void>): void
      send(options: UDPSendOptions): Promise<void>
      send(options: UDPSendOptions, callback: AsyncCallback<void>): void
      close(): Promise<void>
      close(callback: AsyncCallback<void>): void
      getState(): Promise<SocketStateBase>
      getState(callback: AsyncCallback<SocketStateBase>): void
      /** -1 while there is none. */
      getSocketFd(): Promise<number>
      getSocketFd(callback: AsyncCallback<number>): void
      getLocalAddress(): Promise<NetAddress>
      setExtraOptions(options: UDPExtraOptions): Promise<void>
      setExtraOptions(options: UDPExtraOptions, callback: AsyncCallback<void>): void
      on(type: 'message', callback: Callback<SocketMessageInfo>): void
      on(type: 'listening' | 'close', callback: Callback<void>): void
      on(type: 'error', callback: ErrorCallback): void
      off(type: 'message', callback?: Callback<SocketMessageInfo>): void
      off(type: 'listening' | 'close', callback?: Callback<void>): void
      off(type: 'error', callback?: ErrorCallback): void
    }

    /** `bind` makes the descriptor, which can be protected before `connect`. Errors: 2301000 + errno. */
    interface TCPSocket {
      bind(address: NetAddress): Promise<void>
      bind(address: NetAddress, callback: AsyncCallback<void>): void
      connect(options: TCPConnectOptions): Promise<void>
      connect(options: TCPConnectOptions, callback: AsyncCallback<void>): void
      send(options: TCPSendOptions): Promise<void>
      send(options: TCPSendOptions, callback: AsyncCallback<void>): void
      close(): Promise<void>
      close(callback: AsyncCallback<void>): void
      getRemoteAddress(): Promise<NetAddress>
      getRemoteAddress(callback: AsyncCallback<NetAddress>): void
      getLocalAddress(): Promise<NetAddress>
      getState(): Promise<SocketStateBase>
      getState(callback: AsyncCallback<SocketStateBase>): void
      /** -1 while there is none. */
      getSocketFd(): Promise<number>
      getSocketFd(callback: AsyncCallback<number>): void
      setExtraOptions(options: TCPExtraOptions): Promise<void>
      setExtraOptions(options: TCPExtraOptions, callback: AsyncCallback<void>): void
      on(type: 'message', callback: Callback<SocketMessageInfo>): void
      on(type: 'connect' | 'close', callback: Callback<void>): void
      on(type: 'error', callback: ErrorCallback): void
      off(type: 'message', callback?: Callback<SocketMessageInfo>): void
      off(type: 'connect' | 'close', callback?: Callback<void>): void
      off(type: 'error', callback?: ErrorCallback): void
    }
  }
  export default socket
}
