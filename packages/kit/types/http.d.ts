/* oxlint-disable typescript/no-explicit-any, typescript/no-wrapper-object-types, typescript/no-unsafe-function-type, typescript/no-empty-object-type -- as HarmonyOS declares them, so that code typed against its SDK compiles */

declare module '@ohos.net.http' {
  import type { AsyncCallback, Callback } from '@ohos.base'
  import type connection from '@ohos.net.connection'

  /** HTTP/1.1, over sockets that are protected like those of `socket`. Errors are 2300000 + the number of curl's. */
  namespace http {
    type HttpProxy = connection.HttpProxy
    function createHttp(): HttpRequest

    interface HttpRequestOptions {
      /** GET when absent. */
      method?: RequestMethod
      /** The body of POST and PUT; of all others a part of the address. */
      extraData?: string | Object | ArrayBuffer
      expectDataType?: HttpDataType
      /** Without effect: nothing is kept. */
      usingCache?: boolean
      /** Without effect. */
      priority?: number
      /** `content-type: application/json` when it has none. */
      header?: Object
      /** Milliseconds without anything coming; 60,000 when absent, 0: for ever. */
      readTimeout?: number
      /** Milliseconds; 60,000 when absent. */
      connectTimeout?: number
      /** Without effect. */
      usingProtocol?: HttpProtocol
      /** True: what `connection.setAppHttpProxy` has said. */
      usingProxy?: boolean | HttpProxy
      caPath?: string
      caData?: string
      resumeFrom?: number
      resumeTo?: number
      clientCert?: ClientCert
      /** Bytes; 5 MiB when absent, at most 100 MiB. */
      maxLimit?: number
      maxRedirects?: number
      multiFormDataList?: MultiFormData[]
      certificatePinning?: CertificatePinning | CertificatePinning[]
      remoteValidation?: 'system' | 'skip'
      addressFamily?: AddressFamily
      /** `basic` alone. */
      serverAuthentication?: ServerAuthentication
      tlsOptions?: TlsOptions
      /** The name that the server is asked for by TLS, and that its certificate must have. */
      sniHostName?: string
      /** Without effect. */
      pathPreference?: string
      sslType?: 'TLS'
      /** Of TLCP, which is not here: without effect. */
      clientEncCert?: ClientCert
      /** Without effect: a chain ends at a root. */
      enablePartialChain?: boolean
      /** Milliseconds; without effect: each request has a connection of its own. */
      inactivityMs?: number
      reuseConnections?: boolean
    }
    interface ServerAuthentication {
      credential: Credential
      authenticationType?: AuthenticationType
    }
    interface Credential {
      username: string
      password: string
    }
    type AuthenticationType = 'basic' | 'ntlm' | 'digest'
    type TlsOptions = 'system' | TlsConfig
    interface TlsConfig {
      tlsVersionMin: TlsVersion
      tlsVersionMax: TlsVersion
      cipherSuites?: CipherSuite[]
    }
    type CipherSuite = TlsV13CipherSuite
    type TlsV13CipherSuite = TlsV12CipherSuite | TlsV13SpecificCipherSuite
    type TlsV12CipherSuite = TlsV11CipherSuite | TlsV12SpecificCipherSuite
    type TlsV11CipherSuite = TlsV10CipherSuite
    type TlsV10CipherSuite = TlsV10SpecificCipherSuite
    type TlsV13SpecificCipherSuite =
      'TLS_AES_128_GCM_SHA256' | 'TLS_AES_256_GCM_SHA384' | 'TLS_CHACHA20_POLY1305_SHA256'
    type TlsV12SpecificCipherSuite =
      | 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256'
      | 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256'
      | 'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384'
      | 'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384'
      | 'TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256'
      | 'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256'
      | 'TLS_RSA_WITH_AES_128_GCM_SHA256'
      | 'TLS_RSA_WITH_AES_256_GCM_SHA384'
    type TlsV10SpecificCipherSuite =
      | 'TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA'
      | 'TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA'
      | 'TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA'
      | 'TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA'
      | 'TLS_RSA_WITH_AES_128_CBC_SHA'
      | 'TLS_RSA_WITH_AES_256_CBC_SHA'
      | 'TLS_RSA_WITH_3DES_EDE_CBC_SHA'
    enum TlsVersion {
      TLS_V_1_0 = 4,
      TLS_V_1_1 = 5,
      TLS_V_1_2 = 6,
      TLS_V_1_3 = 7,
    }
    interface ClientCert {
      certPath: string
      /** PEM (when absent) or P12. */
      certType?: CertType
      keyPath: string
      keyPassword?: string
    }
    interface CertificatePinning {
      /** Base64. */
      publicKeyHash: string
      hashAlgorithm: 'SHA-256'
    }
    interface MultiFormData {
      name: string
      contentType: string
      remoteFileName?: string
      data?: string | Object | ArrayBuffer
      filePath?: string
    }
    interface DataReceiveProgressInfo {
      receiveSize: number
      /** 0 when the server does not say. */
      totalSize: number
    }
    interface DataSendProgressInfo {
      sendSize: number
      totalSize: number
    }
    /** Milliseconds since the request began; 0 for what did not happen. */
    interface PerformanceTiming {
      dnsTiming: number
      tcpTiming: number
      tlsTiming: number
      firstSendTiming: number
      firstReceiveTiming: number
      totalFinishTiming: number
      redirectTiming: number
      responseHeaderTiming: number
      responseBodyTiming: number
      totalTiming: number
    }
    interface HttpResponse {
      result: string | Object | ArrayBuffer
      resultType: HttpDataType
      responseCode: ResponseCode | number
      /** By names in small letters. */
      header: Object
      /** In the lines of Netscape's file. */
      cookies: string
      performanceTiming: PerformanceTiming
    }
    interface HttpRequest {
      request(url: string, callback: AsyncCallback<HttpResponse>): void
      request(url: string, options: HttpRequestOptions, callback: AsyncCallback<HttpResponse>): void
      request(url: string, options?: HttpRequestOptions): Promise<HttpResponse>
      requestInStream(url: string, callback: AsyncCallback<number>): void
      requestInStream(url: string, options: HttpRequestOptions, callback: AsyncCallback<number>): void
      requestInStream(url: string, options?: HttpRequestOptions): Promise<number>
      /** Ends what runs. */
      destroy(): void
      on(type: 'headerReceive', callback: AsyncCallback<Object>): void
      on(type: 'headersReceive', callback: Callback<Object>): void
      on(type: 'dataReceive', callback: Callback<ArrayBuffer>): void
      on(type: 'dataEnd', callback: Callback<void>): void
      on(type: 'dataReceiveProgress', callback: Callback<DataReceiveProgressInfo>): void
      on(type: 'dataSendProgress', callback: Callback<DataSendProgressInfo>): void
      once(type: 'headersReceive', callback: Callback<Object>): void
      off(type: 'headerReceive', callback?: AsyncCallback<Object>): void
      off(type: 'headersReceive', callback?: Callback<Object>): void
      off(type: 'dataReceive', callback?: Callback<ArrayBuffer>): void
      off(type: 'dataEnd', callback?: Callback<void>): void
      off(type: 'dataReceiveProgress', callback?: Callback<DataReceiveProgressInfo>): void
      off(type: 'dataSendProgress', callback?: Callback<DataSendProgressInfo>): void
    }
    enum RequestMethod {
      OPTIONS = 'OPTIONS',
      GET = 'GET',
      HEAD = 'HEAD',
      POST = 'POST',
      PUT = 'PUT',
      DELETE = 'DELETE',
      TRACE = 'TRACE',
      CONNECT = 'CONNECT',
    }
    enum HttpDataType {
      STRING = 0,
      OBJECT = 1,
      ARRAY_BUFFER = 2,
    }
    enum HttpProtocol {
      HTTP1_1 = 0,
      HTTP2 = 1,
      HTTP3 = 2,
    }
    enum CertType {
      PEM = 'PEM',
      DER = 'DER',
      P12 = 'P12',
    }
    enum AddressFamily {
      UNSPECIFIED = 0,
      ONLY_V4 = 1,
      ONLY_V6 = 2,
    }
    enum ResponseCode {
      OK = 200,
      CREATED = 201,
      ACCEPTED = 202,
      NOT_AUTHORITATIVE = 203,
      NO_CONTENT = 204,
      RESET = 205,
      PARTIAL = 206,
      MULT_CHOICE = 300,
      MOVED_PERM = 301,
      MOVED_TEMP = 302,
      SEE_OTHER = 303,
      NOT_MODIFIED = 304,
      USE_PROXY = 305,
      BAD_REQUEST = 400,
      UNAUTHORIZED = 401,
      PAYMENT_REQUIRED = 402,
      FORBIDDEN = 403,
      NOT_FOUND = 404,
      BAD_METHOD = 405,
      NOT_ACCEPTABLE = 406,
      PROXY_AUTH = 407,
      CLIENT_TIMEOUT = 408,
      CONFLICT = 409,
      GONE = 410,
      LENGTH_REQUIRED = 411,
      PRECON_FAILED = 412,
      ENTITY_TOO_LARGE = 413,
      REQ_TOO_LONG = 414,
      UNSUPPORTED_TYPE = 415,
      RANGE_NOT_SATISFIABLE = 416,
      INTERNAL_ERROR = 500,
      NOT_IMPLEMENTED = 501,
      BAD_GATEWAY = 502,
      UNAVAILABLE = 503,
      GATEWAY_TIMEOUT = 504,
      VERSION = 505,
    }
  }
  export default http
}

declare module '@kit.NetworkKit' {
  import http from '@ohos.net.http'
  export { http }
}
