import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { admitted, ask, createRequest, echo, serving } from '../../test/http-harness.ts'

const code = (expected: number): object => expect.objectContaining({ code: expected }) as object

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'vpnext-http-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

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
  const request = createRequest()
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
