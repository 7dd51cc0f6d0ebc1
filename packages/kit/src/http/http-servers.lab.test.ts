import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { type Socket, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TLSSocket } from 'node:tls'
import { afterAll, beforeAll, expect, test } from 'vitest'

import {
  authority,
  clientCertificate,
  clientKey,
  serverCertificate,
  serverKey,
} from '../../test/certificates.ts'
import { ask, echo, http, listening, serving } from '../../test/http-harness.ts'

const code = (expected: number): object => expect.objectContaining({ code: expected }) as object

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'vpnext-http-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

test('TLS: authorities, pins and certificates of clients', async () => {
  const options = {
    cert: serverCertificate,
    key: serverKey,
    ca: authority,
    requestCert: true,
    rejectUnauthorized: false,
  }
  const server = createSecureServer(options, (request, response) => {
    const { authorized } = request.socket as Socket & { authorized?: boolean }
    response.end(String(authorized))
  })
  const url = `https://localhost:${await listening(server)}`
  const family = { addressFamily: 1 }
  const [caPath, certPath, keyPath] = ['ca', 'cert', 'key'].map((name) => join(folder, name))
  writeFileSync(caPath ?? '', authority)
  writeFileSync(certPath ?? '', clientCertificate)
  writeFileSync(keyPath ?? '', clientKey)
  expect((await ask(url, { ...family, caPath })).result).toBe('false')
  expect((await ask(url, { ...family, caPath, clientCert: { certPath, keyPath } })).result).toBe('true')
  await expect(ask(url, family)).rejects.toThrow(code(2300060))
  expect((await ask(url, { ...family, remoteValidation: 'skip' })).result).toBe('false')
  const pin = { publicKeyHash: 'AAAA', hashAlgorithm: 'SHA-256' }
  await expect(ask(url, { ...family, caPath, certificatePinning: pin })).rejects.toThrow(code(2300060))
  await expect(ask(url, { ...family, caPath: join(folder, 'none') })).rejects.toThrow(code(2300077))
})

test('TLS: versions, ciphers and another name than that of the address', async () => {
  const names: (string | false | null | undefined)[] = []
  const server = createSecureServer({ cert: serverCertificate, key: serverKey }, (request, response) => {
    const socket = request.socket as TLSSocket
    names.push(socket.servername)
    response.end(`${socket.getProtocol() ?? ''} ${socket.getCipher().standardName}`)
  })
  const url = `https://127.0.0.1:${await listening(server)}/`
  const caPath = join(folder, 'ca')
  writeFileSync(caPath, authority)
  const { TlsVersion } = http as unknown as { TlsVersion: Record<string, number> }
  const [old, last] = [TlsVersion['TLS_V_1_2'], TlsVersion['TLS_V_1_3']]
  const result = async (options: object): Promise<unknown> => (await ask(url, { caPath, ...options })).result
  const suites = [
    'TLS_RSA_WITH_AES_128_GCM_SHA256',
    'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384',
    'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384',
  ]
  expect(await result({ tlsOptions: 'system' })).toMatch(/^TLSv1.3 /)
  expect(
    await result({ tlsOptions: { tlsVersionMin: old, tlsVersionMax: old, cipherSuites: suites.slice(1) } }),
  ).toMatch(/^TLSv1.2 TLS_ECDHE_(RSA|ECDSA)_WITH_AES_256_GCM_SHA384$/)
  const chacha = { tlsVersionMin: last, tlsVersionMax: last, cipherSuites: ['TLS_CHACHA20_POLY1305_SHA256'] }
  expect(await result({ tlsOptions: chacha })).toBe('TLSv1.3 TLS_CHACHA20_POLY1305_SHA256')
  await expect(result({ tlsOptions: { tlsVersionMin: last, tlsVersionMax: old } })).rejects.toThrow(code(401))
  await expect(result({ tlsOptions: { tlsVersionMin: 3, tlsVersionMax: last } })).rejects.toThrow(code(401))
  await expect(result({ tlsOptions: { ...chacha, cipherSuites: ['NONE'] } })).rejects.toThrow(code(401))
  names.length = 0
  await result({ sniHostName: 'localhost' })
  expect(names).toEqual(['localhost'])
  // The name is what the certificate must have.
  await expect(result({ sniHostName: 'other.example' })).rejects.toThrow(code(2300060))
})

test('who asks is told by basic authentication, and by nothing else', async () => {
  const url = await serving(echo)
  const credential = { username: 'me', password: 'päss' }
  const answer = await ask(url, { serverAuthentication: { credential, authenticationType: 'basic' } })
  const { headers } = JSON.parse(String(answer.result)) as { headers: Record<string, string> }
  expect(headers['authorization']).toBe(`Basic ${Buffer.from('me:päss').toString('base64')}`)
  for (const serverAuthentication of [{ credential }, { credential, authenticationType: 'digest' }])
    await expect(ask(url, { serverAuthentication })).rejects.toThrow(code(801))
  await expect(ask(url, { serverAuthentication: { authenticationType: 'basic' } })).rejects.toThrow(code(401))
  await expect(ask(url, { sslType: 'TLCP' })).rejects.toThrow(code(801))
})

test('through a proxy: TLS in a tunnel, all else by the whole address, and nothing for those that are left out', async () => {
  const asked: string[] = []
  const target = createSecureServer({ cert: serverCertificate, key: serverKey }, (_request, response) =>
    response.end('secured'),
  )
  const port = await listening(target)
  const proxy = createServer((request, response) => {
    asked.push(`${request.url} ${request.headers['proxy-authorization']}`)
    response.end('by proxy')
  })
  proxy.on('connect', (request, socket) => {
    asked.push(`CONNECT ${request.url}`)
    const onward = connect(port, '127.0.0.1', () => socket.write('HTTP/1.1 200 OK\r\n\r\n'))
    socket.pipe(onward).pipe(socket)
  })
  const usingProxy = {
    host: '127.0.0.1',
    port: await listening(proxy),
    username: 'me',
    password: 'pw',
    exclusionList: ['127.0.0.1'],
  }
  const caPath = join(folder, 'ca')
  writeFileSync(caPath, authority)
  expect((await ask(`https://localhost:${port}/x`, { usingProxy, caPath })).result).toBe('secured')
  expect((await ask('http://host.invalid/y', { usingProxy })).result).toBe('by proxy')
  expect(asked).toEqual([`CONNECT localhost:${port}`, `http://host.invalid/y Basic ${btoa('me:pw')}`])
  expect((await ask(await serving(echo), { usingProxy })).responseCode).toBe(200)
  expect(asked).toHaveLength(2)
})
