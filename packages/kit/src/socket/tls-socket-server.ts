import { type TLSSocket, createServer } from 'node:tls'

import { lastCallback } from './last-callback.ts'
import { parameterError, socketError } from './socket-error.ts'
import { StreamConnection } from './stream-connection.ts'
import { StreamServer } from './stream-server.ts'
import { asTlsError } from './tls-error.ts'
import { type RawCertificate, cipherSuites, remoteCertificate, signatureAlgorithms } from './tls-facts.ts'
import { type TlsOptions, protocol, readTlsOptions } from './tls-options.ts'
import { nodeDescriptor } from './node-descriptor.ts'

/** `TLSSocketConnection`: one client of a TLS server. */
class TlsConnection extends StreamConnection {
  readonly #tls: TLSSocket

  constructor(clientId: number, tls: TLSSocket) {
    super(clientId, tls, nodeDescriptor(tls))
    this.#tls = tls
  }

  getRemoteCertificate(...args: unknown[]): Promise<RawCertificate> | undefined {
    return this.#fact(args, remoteCertificate)
  }

  getCipherSuite(...args: unknown[]): Promise<string[]> | undefined {
    return this.#fact(args, cipherSuites)
  }

  getSignatureAlgorithms(...args: unknown[]): Promise<string[]> | undefined {
    return this.#fact(args, signatureAlgorithms)
  }

  #fact<T>(args: readonly unknown[], tell: (tls: TLSSocket) => T): Promise<T> | undefined {
    return lastCallback(args, 0, this.#tell(tell))
  }

  async #tell<T>(tell: (tls: TLSSocket) => T): Promise<T> {
    return tell(this.#tls)
  }
}

/**
 * `socket.constructTLSSocketServerInstance()` (HarmonyOS, `TLSSocketServer`). `secureOptions` must have `cert` and `key`; with
 * `isBidirectionalAuthentication` clients must show a certificate that `ca` has signed.
 */
export class TlsSocketServer extends StreamServer {
  #certificate: string | undefined

  /** `listen(options, callback?)`: `TLSConnectOptions`, of which `address` is the server's own. */
  listen(...args: unknown[]): Promise<void> | undefined {
    const options = readTlsOptions(args[0])
    if (options.secure.cert === undefined) throw parameterError('options.secureOptions.cert', 'is missing')
    if (options.secure.key === undefined) throw parameterError('options.secureOptions.key', 'is missing')
    return lastCallback(args, 1, this.#listen(options))
  }

  /** The newest version the server speaks. */
  getProtocol(...args: unknown[]): Promise<string> | undefined {
    return lastCallback(args, 0, Promise.resolve(protocol.TLSv13))
  }

  /** The server's own: PEM bytes, as it was given. */
  getCertificate(...args: unknown[]): Promise<object> | undefined {
    return lastCallback(args, 0, this.#ownCertificate())
  }

  async #ownCertificate(): Promise<object> {
    if (this.#certificate === undefined) throw socketError('EBADF', 'the server does not listen')
    return { data: new Uint8Array(Buffer.from(this.#certificate)), encodingFormat: 1 }
  }

  async #listen(options: TlsOptions): Promise<void> {
    const server = createServer(
      {
        ...options.secure,
        requestCert: options.bothSides,
        rejectUnauthorized: options.bothSides && !options.trustAnybody,
        ...(options.alpn.length > 0 && { ALPNProtocols: [...options.alpn] }),
      },
      (tls) => this.listeners.emit('connect', new TlsConnection(this.nextClient(), tls)),
    )
    server.on('tlsClientError', (error, tls) => {
      tls.destroy()
      this.listeners.emit('error', asTlsError(error))
    })
    this.#certificate = String(options.secure.cert)
    await this.listenOn(server, options.address)
  }
}
