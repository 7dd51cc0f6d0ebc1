import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import {
  type AddressInfo,
  type Server,
  type Socket,
  connect,
  createServer as createTcpServer,
} from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TLSSocket } from 'node:tls'
import { gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'

import {
  authority,
  clientCertificate,
  clientKey,
  serverCertificate,
  serverKey,
} from '../../test/certificates.ts'
import { permitAll, permitOf } from '../permissions.ts'
import { testAbility } from '../../test/test-runtime.ts'
import { httpNamespace } from './http-namespace.ts'

type Call = (...args: unknown[]) => unknown
interface Answer {
  readonly result: unknown
  readonly resultType: number
  readonly responseCode: number
  readonly header: Record<string, unknown>
  readonly cookies: string
  readonly performanceTiming: Record<string, number>
}

const admitted: number[] = []
const http = httpNamespace({
  // The service answers in a later turn.
  admit: async (fd) => {
    admitted.push(fd)
    await new Promise((resolve) => setTimeout(resolve, 5))
  },
  permit: permitAll,
}) as Record<string, Call>
const create = (): Record<string, Call> => http['createHttp']?.() as Record<string, Call>
const ask = async (...args: unknown[]): Promise<Answer> => (await create()['request']?.(...args)) as Answer
const code = (expected: number): object => expect.objectContaining({ code: expected }) as object

let folder: string
const servers: Server[] = []
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'vpnext-http-'))
})
afterAll(() => rmSync(folder, { recursive: true }))
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close()
    if ('closeAllConnections' in server && typeof server.closeAllConnections === 'function')
      server.closeAllConnections()
  }
})

async function listening(server: Server): Promise<number> {
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

async function serving(
  handler: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<string> {
  return `http://127.0.0.1:${await listening(createServer(handler))}`
}

/** Answers with what it was asked. */
function echo(request: IncomingMessage, response: ServerResponse): void {
  const pieces: Buffer[] = []
  request.on('data', (piece: Buffer) => pieces.push(piece))
  request.on('end', () => {
    const { method, url, headers } = request
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ method, url, headers, body: Buffer.concat(pieces).toString() }))
  })
}

test('a request, its header, its answer, and the socket that it is admitted by', async () => {
  const url = await serving(echo)
  const before = admitted.length
  const answer = await ask(`${url}/path?a=1`, {
    header: { 'X-Mine': 'yes' },
    expectDataType: 1,
    extraData: { b: 'ä' },
  })
  expect(answer).toMatchObject({ responseCode: 200, resultType: 1, cookies: '' })
  expect(answer.result).toMatchObject({
    method: 'GET',
    url: '/path?a=1&b=%C3%A4',
    headers: { 'x-mine': 'yes', 'content-type': 'application/json', 'accept-encoding': 'gzip, deflate' },
  })
  expect(answer.header).toMatchObject({
    'content-type': 'application/json',
    'status-line': 'HTTP/1.1 200 OK',
  })
  expect(answer.performanceTiming['totalTiming']).toBeGreaterThan(0)
  expect(admitted.length).toBe(before + 1)
})

test('bodies: objects as the content type has it, bytes, and forms', async () => {
  const url = await serving(echo)
  const sent = async (options: object): Promise<{ body: string; headers: Record<string, string> }> =>
    (await ask(url, { method: 'POST', expectDataType: 1, ...options })).result as never
  expect((await sent({ extraData: { a: 1 } })).body).toBe('{"a":1}')
  const form = { 'Content-Type': 'application/x-www-form-urlencoded' }
  expect((await sent({ header: form, extraData: { a: 'x y', b: 2 } })).body).toBe('a=x%20y&b=2')
  expect((await sent({ extraData: new Uint8Array([104, 105]).buffer })).body).toBe('hi')
  const path = join(folder, 'part')
  writeFileSync(path, 'of a file')
  const parts = await sent({
    header: { 'content-type': 'multipart/form-data' },
    multiFormDataList: [
      { name: 'one', contentType: 'text/plain', data: 'text' },
      { name: 'two', contentType: 'text/plain', filePath: path, remoteFileName: 'a.txt' },
    ],
  })
  const boundary = /boundary=(.+)$/.exec(parts.headers['content-type'] ?? '')?.[1] ?? ''
  expect(parts.body.split(`--${boundary}`)).toEqual([
    '',
    '\r\nContent-Disposition: form-data; name="one"\r\nContent-Type: text/plain\r\n\r\ntext\r\n',
    '\r\nContent-Disposition: form-data; name="two"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\nof a file\r\n',
    '--\r\n',
  ])
})

test('the type of a result: what is asked for, else what the server says; packed answers are unpacked', async () => {
  const url = await serving((request, response) => {
    const [type, encoding] = (request.url ?? '').slice(1).split(',')
    response.setHeader('content-type', decodeURIComponent(type ?? ''))
    if (encoding !== undefined) response.setHeader('content-encoding', encoding)
    response.end(encoding === 'gzip' ? gzipSync('packed') : 'no JSON')
  })
  expect(await ask(`${url}/image%2Fpng`)).toMatchObject({
    resultType: 2,
    result: expect.any(ArrayBuffer) as object,
  })
  expect(await ask(`${url}/text%2Fplain`)).toMatchObject({ resultType: 0, result: 'no JSON' })
  expect(await ask(`${url}/text%2Fplain`, { expectDataType: 1 })).toMatchObject({
    resultType: 0,
    result: 'no JSON',
  })
  expect(await ask(`${url}/text%2Fplain,gzip`)).toMatchObject({ result: 'packed' })
  await expect(ask(`${url}/text%2Fplain,deflate`)).rejects.toThrow(code(2300061))
  await expect(ask(`${url}/text%2Fplain`, { maxLimit: 3 })).rejects.toThrow(code(2300023))
})

test('redirections are followed; another server does not hear of secrets; cookies are told', async () => {
  const other = await serving(echo)
  const url = await serving((request, response) => {
    if (request.url === '/loop') response.writeHead(302, { location: '/loop' }).end()
    else if (request.url === '/away') response.writeHead(302, { location: `${other}/end` }).end()
    else if (request.url === '/again') response.writeHead(307, { location: '/end' }).end()
    else {
      response.setHeader('set-cookie', [
        'a=1; Path=/x; Secure',
        'b=2; Domain=example.com; Max-Age=0; HttpOnly',
      ])
      echo(request, response)
    }
  })
  const header = { authorization: 'secret', 'x-mine': 'yes' }
  const away = await ask(`${url}/away`, { method: 'POST', header, extraData: 'body', expectDataType: 1 })
  expect(away.result).toMatchObject({ method: 'GET', url: '/end', body: '' })
  expect(away.result).not.toHaveProperty('headers.authorization')
  const again = await ask(`${url}/again`, { method: 'POST', header, extraData: 'body', expectDataType: 1 })
  expect(again.result).toMatchObject({ method: 'POST', body: 'body', headers: { authorization: 'secret' } })
  const now = Math.floor(Date.now() / 1000)
  const [first, second] = again.cookies.split('\r\n').map((line) => line.split('\t'))
  expect(first).toEqual(['127.0.0.1', 'FALSE', '/x', 'TRUE', '0', 'a', '1'])
  expect(second?.filter((_part, index) => index !== 4)).toEqual([
    '#HttpOnly_.example.com',
    'TRUE',
    '/',
    'FALSE',
    'b',
    '2',
  ])
  expect(Math.abs(Number(second?.[4]) - now)).toBeLessThan(600)
  await expect(ask(`${url}/loop`)).rejects.toThrow(code(2300047))
})

test('a stream: pieces, how far it is, and the code at the end', async () => {
  const url = await serving((_request, response) => {
    response.writeHead(201, { 'content-length': '6' })
    response.write('abc')
    setTimeout(() => response.end('def'), 20)
  })
  const request = create()
  const heard: unknown[] = []
  request['once']?.('headersReceive', () => heard.push('headers'))
  request['on']?.('headerReceive', (_error: unknown, header: Record<string, string>) =>
    heard.push(header['content-length']),
  )
  request['on']?.('dataReceive', (data: ArrayBuffer) => heard.push(Buffer.from(data).toString()))
  request['on']?.('dataReceiveProgress', (progress: unknown) => heard.push(progress))
  request['on']?.('dataEnd', () => heard.push('end'))
  expect(await request['requestInStream']?.(url)).toBe(201)
  expect(heard.slice(0, 2)).toEqual(['headers', '6'])
  expect(heard.filter((each) => typeof each === 'string').join('')).toBe('headers6abcdefend')
  expect(heard.at(-2)).toEqual({ receiveSize: 6, totalSize: 6 })
})

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
  expect((await ask(`https://localhost:${port}/x`, { usingProxy, caPath })).result).toBe('secured')
  expect((await ask('http://host.invalid/y', { usingProxy })).result).toBe('by proxy')
  expect(asked).toEqual([`CONNECT localhost:${port}`, `http://host.invalid/y Basic ${btoa('me:pw')}`])
  expect((await ask(await serving(echo), { usingProxy })).responseCode).toBe(200)
  expect(asked).toHaveLength(2)
})

test('what goes wrong has the device’s code', async () => {
  const closed = createTcpServer()
  const port = await listening(closed)
  servers.splice(servers.indexOf(closed), 1)
  closed.close()
  await once(closed, 'close')
  await expect(ask(`http://127.0.0.1:${port}`)).rejects.toThrow(code(2300007))
  await expect(ask('no address')).rejects.toThrow(code(2300003))
  await expect(ask('ftp://127.0.0.1/')).rejects.toThrow(code(2300001))
  const hangUp = await listening(createTcpServer((socket) => socket.once('data', () => socket.destroy())))
  await expect(ask(`http://127.0.0.1:${hangUp}`)).rejects.toThrow(code(2300052))
  const nonsense = await listening(
    createTcpServer((socket) => socket.once('data', () => socket.end('nonsense\r\n\r\n'))),
  )
  await expect(ask(`http://127.0.0.1:${nonsense}`)).rejects.toThrow(code(2300008))
  const silent = await listening(createTcpServer((socket) => socket.on('error', () => undefined)))
  await expect(ask(`http://127.0.0.1:${silent}`, { readTimeout: 50 })).rejects.toThrow(code(2300028))
  await expect(ask(1)).rejects.toThrow(code(401))
  await expect(ask(`http://127.0.0.1:${port}`, { method: 'PATCH' })).rejects.toThrow(code(401))
  await expect(ask(`http://127.0.0.1:${port}`, { header: { 'a b': '1' } })).rejects.toThrow(code(401))
  await expect(ask(`http://127.0.0.1:${port}`, { header: { a: '1\r\nb: 2' } })).rejects.toThrow(code(401))
  const refused = httpNamespace({
    admit: async () => undefined,
    permit: permitOf({ ...testAbility, permissions: [] }),
  }) as Record<string, Call>
  const request = refused['createHttp']?.() as Record<string, Call>
  await expect(request['request']?.('http://127.0.0.1/')).rejects.toThrow(code(201))
})

test('destroy ends what runs, and a callback hears of it; the object is of no further use', async () => {
  const silent = await listening(createTcpServer((socket) => socket.on('error', () => undefined)))
  const request = create()
  const heard = new Promise((resolve) => request['request']?.(`http://127.0.0.1:${silent}`, resolve))
  request['destroy']?.()
  expect(await heard).toMatchObject({ code: 2300023 })
  const again = `http://127.0.0.1:${await listening(createServer(echo))}`
  await expect(request['request']?.(again)).rejects.toThrow(code(2300999))
})
