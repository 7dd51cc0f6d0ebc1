declare module '@ohos.net.socket' {
  import type { AsyncCallback, Callback, ErrorCallback } from '@ohos.base'
  import type connection from '@ohos.net.connection'

  namespace socket {
    type NetAddress = connection.NetAddress

    function constructUDPSocketInstance(): UDPSocket
    function constructMulticastSocketInstance(): MulticastSocket
    function constructTCPSocketInstance(): TCPSocket
    function constructTCPSocketServerInstance(): TCPSocketServer
    /** @param tcpSocket a connected one to go over */
    function constructTLSSocketInstance(tcpSocket?: TCPSocket): TLSSocket
    function constructTLSSocketServerInstance(): TLSSocketServer
    function constructLocalSocketInstance(): LocalSocket
    function constructLocalSocketServerInstance(): LocalSocketServer

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
      /** Not provided: 801. */
      proxy?: ProxyOptions
    }
    /** Sizes in bytes, times in milliseconds. */
    interface ExtraOptionsBase {
      receiveBufferSize?: number
      sendBufferSize?: number
      reuseAddress?: boolean
      socketTimeout?: number
    }
    interface UDPExtraOptions extends ExtraOptionsBase {
      broadcast?: boolean
    }
    interface TCPConnectOptions {
      address: NetAddress
      /** Milliseconds; 5000 when absent or 0. */
      timeout?: number
      /** The proxy looks a name up. */
      proxy?: ProxyOptions
    }
    interface TCPSendOptions {
      data: string | ArrayBufferLike
      /** Text goes as UTF-8, whatever this says; as in the next. */
      encoding?: string
    }
    interface TCPExtraOptions extends ExtraOptionsBase {
      keepAlive?: boolean
      OOBInline?: boolean
      TCPNoDelay?: boolean
      /** Seconds. */
      socketLinger?: { on: boolean; linger: number }
    }
    enum ProxyTypes {
      NONE = 0,
      SOCKS5 = 1,
      /** Not provided. */
      HTTP = 2,
    }
    interface ProxyOptions {
      type: ProxyTypes
      address: NetAddress
      username?: string
      password?: string
    }
    enum Protocol {
      TLSv12 = 'TLSv1.2',
      TLSv13 = 'TLSv1.3',
    }
    interface TLSSecureOptions {
      /** PEM; the authorities that node carries when absent. */
      ca?: string | Array<string>
      /** PEM; a chain as a list begins with the own one. */
      cert?: string | Array<string>
      key?: string
      password?: string
      protocols?: Protocol | Array<Protocol>
      useRemoteCipherPrefer?: boolean
      signatureAlgorithms?: string
      cipherSuite?: string
      /** A server wants a certificate of its clients. */
      isBidirectionalAuthentication?: boolean
    }
    interface TLSConnectOptions {
      address: NetAddress
      secureOptions: TLSSecureOptions
      ALPNProtocols?: Array<string>
      skipRemoteValidation?: boolean
      /** Milliseconds. */
      timeout?: number
      proxy?: ProxyOptions
    }
    interface X509CertRawData {
      data: Uint8Array
      /** 0: DER, 1: PEM. */
      encodingFormat: number
    }
    interface LocalAddress {
      /** A path of at most 107 bytes. */
      address: string
    }
    interface LocalConnectOptions {
      address: LocalAddress
      timeout?: number
    }
    interface LocalSendOptions {
      data: string | ArrayBufferLike
      encoding?: string
    }
    interface LocalSocketMessageInfo {
      message: ArrayBuffer
      address: string
      size: number
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

    interface TCPSocketConnection {
      readonly clientId: number
      send(options: TCPSendOptions): Promise<void>
      send(options: TCPSendOptions, callback: AsyncCallback<void>): void
      close(): Promise<void>
      close(callback: AsyncCallback<void>): void
      getRemoteAddress(): Promise<NetAddress>
      getRemoteAddress(callback: AsyncCallback<NetAddress>): void
      getLocalAddress(): Promise<NetAddress>
      getSocketFd(): Promise<number>
      on(type: 'message', callback: Callback<SocketMessageInfo>): void
      on(type: 'close', callback: Callback<void>): void
      on(type: 'error', callback: ErrorCallback): void
      off(type: 'message', callback?: Callback<SocketMessageInfo>): void
      off(type: 'close', callback?: Callback<void>): void
      off(type: 'error', callback?: ErrorCallback): void
    }
    /** Port 0 lets the kernel choose. Errors: 2301000 + errno. */
    interface TCPSocketServer {
      listen(address: NetAddress): Promise<void>
      listen(address: NetAddress, callback: AsyncCallback<void>): void
      getState(): Promise<SocketStateBase>
      getState(callback: AsyncCallback<SocketStateBase>): void
      getLocalAddress(): Promise<NetAddress>
      getSocketFd(): Promise<number>
      setExtraOptions(options: TCPExtraOptions): Promise<void>
      setExtraOptions(options: TCPExtraOptions, callback: AsyncCallback<void>): void
      close(): Promise<void>
      on(type: 'connect', callback: Callback<TCPSocketConnection>): void
      on(type: 'error', callback: ErrorCallback): void
      off(type: 'connect', callback?: Callback<TCPSocketConnection>): void
      off(type: 'error', callback?: ErrorCallback): void
    }
    /**
     * `bind` makes the descriptor, which can be protected before `connect`. Errors: 2303100 + errno, 2303504 for
     * certificates, 2303505.
     */
    interface TLSSocket {
      bind(address: NetAddress): Promise<void>
      bind(address: NetAddress, callback: AsyncCallback<void>): void
      connect(options: TLSConnectOptions): Promise<void>
      connect(options: TLSConnectOptions, callback: AsyncCallback<void>): void
      send(data: string | ArrayBufferLike): Promise<void>
      send(data: string | ArrayBufferLike, callback: AsyncCallback<void>): void
      close(): Promise<void>
      close(callback: AsyncCallback<void>): void
      getState(): Promise<SocketStateBase>
      getState(callback: AsyncCallback<SocketStateBase>): void
      getSocketFd(): Promise<number>
      getSocketFd(callback: AsyncCallback<number>): void
      getRemoteAddress(): Promise<NetAddress>
      getRemoteAddress(callback: AsyncCallback<NetAddress>): void
      getLocalAddress(): Promise<NetAddress>
      setExtraOptions(options: TCPExtraOptions): Promise<void>
      setExtraOptions(options: TCPExtraOptions, callback: AsyncCallback<void>): void
      getCertificate(): Promise<X509CertRawData>
      getCertificate(callback: AsyncCallback<X509CertRawData>): void
      getRemoteCertificate(): Promise<X509CertRawData>
      getRemoteCertificate(callback: AsyncCallback<X509CertRawData>): void
      getProtocol(): Promise<string>
      getProtocol(callback: AsyncCallback<string>): void
      getCipherSuite(): Promise<Array<string>>
      getCipherSuite(callback: AsyncCallback<Array<string>>): void
      getSignatureAlgorithms(): Promise<Array<string>>
      getSignatureAlgorithms(callback: AsyncCallback<Array<string>>): void
      on(type: 'message', callback: Callback<SocketMessageInfo>): void
      on(type: 'connect' | 'close', callback: Callback<void>): void
      on(type: 'error', callback: ErrorCallback): void
      off(type: 'message', callback?: Callback<SocketMessageInfo>): void
      off(type: 'connect' | 'close', callback?: Callback<void>): void
      off(type: 'error', callback?: ErrorCallback): void
    }
    /** Joining a group binds it to the group's port, unless it is bound. */
    interface MulticastSocket extends UDPSocket {
      addMembership(multicastAddress: NetAddress): Promise<void>
      addMembership(multicastAddress: NetAddress, callback: AsyncCallback<void>): void
      dropMembership(multicastAddress: NetAddress): Promise<void>
      dropMembership(multicastAddress: NetAddress, callback: AsyncCallback<void>): void
      /** 0 to 255. */
      setMulticastTTL(ttl: number): Promise<void>
      setMulticastTTL(ttl: number, callback: AsyncCallback<void>): void
      getMulticastTTL(): Promise<number>
      getMulticastTTL(callback: AsyncCallback<number>): void
      /** Whether this machine hears what it sends. */
      setLoopbackMode(flag: boolean): Promise<void>
      setLoopbackMode(flag: boolean, callback: AsyncCallback<void>): void
      getLoopbackMode(): Promise<boolean>
      getLoopbackMode(callback: AsyncCallback<boolean>): void
    }
    interface TLSSocketConnection extends TCPSocketConnection {
      getRemoteCertificate(): Promise<X509CertRawData>
      getCipherSuite(): Promise<Array<string>>
      getSignatureAlgorithms(): Promise<Array<string>>
    }
    interface TLSSocketServer extends Omit<TCPSocketServer, 'listen' | 'on' | 'off'> {
      listen(options: TLSConnectOptions): Promise<void>
      listen(options: TLSConnectOptions, callback: AsyncCallback<void>): void
      getCertificate(): Promise<X509CertRawData>
      getProtocol(): Promise<string>
      on(type: 'connect', callback: Callback<TLSSocketConnection>): void
      on(type: 'error', callback: ErrorCallback): void
      off(type: 'connect', callback?: Callback<TLSSocketConnection>): void
      off(type: 'error', callback?: ErrorCallback): void
    }
    /** A unix stream socket. Errors: 2301000 + errno. */
    interface LocalSocket {
      bind(address: LocalAddress): Promise<void>
      connect(options: LocalConnectOptions): Promise<void>
      send(options: LocalSendOptions): Promise<void>
      close(): Promise<void>
      getState(): Promise<SocketStateBase>
      getSocketFd(): Promise<number>
      getLocalAddress(): Promise<string>
      setExtraOptions(options: ExtraOptionsBase): Promise<void>
      getExtraOptions(): Promise<ExtraOptionsBase>
      on(type: 'message', callback: Callback<LocalSocketMessageInfo>): void
      on(type: 'connect' | 'close', callback: Callback<void>): void
      on(type: 'error', callback: ErrorCallback): void
      off(type: 'message', callback?: Callback<LocalSocketMessageInfo>): void
      off(type: 'connect' | 'close', callback?: Callback<void>): void
      off(type: 'error', callback?: ErrorCallback): void
    }
    interface LocalSocketConnection {
      readonly clientId: number
      send(options: LocalSendOptions): Promise<void>
      close(): Promise<void>
      getLocalAddress(): Promise<string>
      getSocketFd(): Promise<number>
      on(type: 'message', callback: Callback<LocalSocketMessageInfo>): void
      on(type: 'close', callback: Callback<void>): void
      on(type: 'error', callback: ErrorCallback): void
      off(type: 'message', callback?: Callback<LocalSocketMessageInfo>): void
      off(type: 'close', callback?: Callback<void>): void
      off(type: 'error', callback?: ErrorCallback): void
    }
    interface LocalSocketServer {
      listen(address: LocalAddress): Promise<void>
      close(): Promise<void>
      getState(): Promise<SocketStateBase>
      getSocketFd(): Promise<number>
      getLocalAddress(): Promise<string>
      setExtraOptions(options: ExtraOptionsBase): Promise<void>
      getExtraOptions(): Promise<ExtraOptionsBase>
      on(type: 'connect', callback: Callback<LocalSocketConnection>): void
      on(type: 'error', callback: ErrorCallback): void
      off(type: 'connect', callback?: Callback<LocalSocketConnection>): void
      off(type: 'error', callback?: ErrorCallback): void
    }
  }
  export default socket
}
