import type { TLSSocket } from 'node:tls'

import { socketError } from './socket-error.ts'

/** A certificate as the device gives it: DER bytes. */
export interface RawCertificate {
  readonly data: Uint8Array
  /** `cert.EncodingFormat.FORMAT_DER`. */
  readonly encodingFormat: 0
}

/** @throws BusinessError 2301061 when there is none */
export function ownCertificate(tls: TLSSocket): RawCertificate {
  return rawCertificate(tls.getX509Certificate()?.raw)
}

/** @throws BusinessError 2301061 when the other end has shown none */
export function remoteCertificate(tls: TLSSocket): RawCertificate {
  return rawCertificate(tls.getPeerX509Certificate()?.raw)
}

export function cipherSuites(tls: TLSSocket): string[] {
  return [tls.getCipher().standardName]
}

/** Those both ends know. */
export function signatureAlgorithms(tls: TLSSocket): string[] {
  return tls.getSharedSigalgs()
}

/** `TLSv1.2` or `TLSv1.3`. */
export function protocolOf(tls: TLSSocket): string {
  return tls.getProtocol() ?? ''
}

function rawCertificate(raw: Uint8Array | undefined): RawCertificate {
  if (raw === undefined) throw socketError('ENODATA', 'there is no certificate')
  return { data: new Uint8Array(raw), encodingFormat: 0 }
}
