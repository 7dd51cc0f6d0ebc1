import { once } from 'node:events'
import { createServer } from 'node:http'
import { createServer as createTcpServer } from 'node:net'
import { expect, test } from 'vitest'

import { ask, createRequest, echo, listening } from '../../test/http-harness.ts'
import { testAbility } from '../../test/test-runtime.ts'
import { permitOf } from '../permissions.ts'
import { httpNamespace } from './http-namespace.ts'

type Call = (...args: unknown[]) => unknown
const code = (expected: number): object => expect.objectContaining({ code: expected }) as object

test('what goes wrong has the device’s code', async () => {
  const closed = createTcpServer()
  const port = await listening(closed)
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
  for (const absent of [
    { customMethod: 'PATCH' },
    { dnsServers: ['192.0.2.1'] },
    { dnsOverHttps: 'https://x.example' },
    { body: 'x' },
    { queryParams: 'a=1' },
    { usingSocks5Proxy: { host: '192.0.2.1', port: 1080 } },
  ])
    await expect(ask(`http://127.0.0.1:${port}`, absent)).rejects.toThrow(code(801))
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
  const request = createRequest()
  const heard = new Promise((resolve) => request['request']?.(`http://127.0.0.1:${silent}`, resolve))
  request['destroy']?.()
  expect(await heard).toMatchObject({ code: 2300023 })
  const again = `http://127.0.0.1:${await listening(createServer(echo))}`
  await expect(request['request']?.(again)).rejects.toThrow(code(2300999))
})
