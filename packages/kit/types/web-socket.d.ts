/* oxlint-disable typescript/no-wrapper-object-types -- as HarmonyOS declares them, so that code typed against its SDK compiles */

declare module '@ohos.net.webSocket' {
  import type { AsyncCallback, Callback, ErrorCallback } from '@ohos.base'
  import type connection from '@ohos.net.connection'

  /** Clients of WebSockets (RFC 6455), over sockets that are protected like those of `socket`. Errors: 201, 401, 2302001 … 2302999. */
  namespace webSocket {
    type HttpProxy = connection.HttpProxy
    type ProxyConfiguration = 'system' | 'no-proxy' | HttpProxy
    type ResponseHeaders = { [name: string]: string | string[] | undefined }
    function createWebSocket(): WebSocket

    interface WebSocketRequestOptions {
      header?: Object
      caPath?: string
      clientCert?: ClientCert
      /** What `connection.setAppHttpProxy` has said when absent. */
      proxy?: ProxyConfiguration
      /** `Sec-WebSocket-Protocol`. */
      protocol?: string
      skipServerCertVerification?: boolean
    }
    interface ClientCert {
      certPath: string
      keyPath: string
      keyPassword?: string
    }
    interface WebSocketCloseOptions {
      /** 1000 when absent. */
      code?: number
      reason?: string
    }
    interface CloseResult {
      code: number
      reason: string
    }
    interface OpenResult {
      /** 101. */
      status?: number
      message?: string
    }
    interface WebSocket {
      /** Answers before there is a connection: `open` or `error` (200) tells of that. */
      connect(url: string, callback: AsyncCallback<boolean>): void
      connect(url: string, options: WebSocketRequestOptions, callback: AsyncCallback<boolean>): void
      connect(url: string, options?: WebSocketRequestOptions): Promise<boolean>
      send(data: string | ArrayBuffer, callback: AsyncCallback<boolean>): void
      send(data: string | ArrayBuffer): Promise<boolean>
      close(callback: AsyncCallback<boolean>): void
      close(options: WebSocketCloseOptions, callback: AsyncCallback<boolean>): void
      close(options?: WebSocketCloseOptions): Promise<boolean>
      on(type: 'open', callback: AsyncCallback<Object>): void
      off(type: 'open', callback?: AsyncCallback<Object>): void
      on(type: 'message', callback: AsyncCallback<string | ArrayBuffer>): void
      off(type: 'message', callback?: AsyncCallback<string | ArrayBuffer>): void
      on(type: 'close', callback: AsyncCallback<CloseResult>): void
      off(type: 'close', callback?: AsyncCallback<CloseResult>): void
      on(type: 'error', callback: ErrorCallback): void
      off(type: 'error', callback?: ErrorCallback): void
      /** After each message. */
      on(type: 'dataEnd', callback: Callback<void>): void
      off(type: 'dataEnd', callback?: Callback<void>): void
      on(type: 'headerReceive', callback: Callback<ResponseHeaders>): void
      off(type: 'headerReceive', callback?: Callback<ResponseHeaders>): void
    }
  }
  export default webSocket
}

declare module '@kit.NetworkKit' {
  import webSocket from '@ohos.net.webSocket'
  export { webSocket }
}
