import { build } from 'esbuild'
import fc from 'fast-check'
import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { fileURLToPath } from 'node:url'

import { bufferNamespace } from './buffer.ts'
import { jsonNamespace } from './json.ts'
import { processNamespace } from './process.ts'
import { urlNamespace } from './url.ts'

type Any = (...args: unknown[]) => unknown
type Namespace = Record<string, Any>
const code = (number: number): unknown => expect.objectContaining({ code: number })

const buffer = bufferNamespace() as Namespace & {
  from(...args: unknown[]): Buffer
  alloc(...args: unknown[]): Buffer
}
const json = jsonNamespace() as Namespace & { BigIntMode: Record<string, number> }

test('a buffer has memory of its own, unless it is made on an ArrayBuffer', () => {
  const text = buffer.from('grüß', 'utf-8')
  expect(text.buffer.byteLength).toBe(6)
  expect(buffer.from(text).toString()).toBe('grüß')
  const memory = new ArrayBuffer(8)
  const view = buffer.from(memory, 2, 4)
  view.writeUInt32BE(0xdeadbeef)
  expect(new Uint8Array(memory)).toEqual(new Uint8Array([0, 0, 0xde, 0xad, 0xbe, 0xef, 0, 0]))
  expect(view.subarray(1, 3).toString('hex')).toBe('adbe')
  expect(buffer['concat']?.([text, view])).toHaveLength(10)
  expect(buffer['isBuffer']?.(view)).toBe(true)
  expect(buffer['byteLength']?.('grüß')).toBe(6)
  expect(buffer.alloc(3, 'ab').toString()).toBe('aba')
  expect(buffer['transcode']?.(text, 'utf8', 'latin1')).toHaveLength(4)
})

test('its errors are those of the device, on slices too', () => {
  const bytes = buffer.alloc(4)
  expect(() => bytes.readInt32BE(1)).toThrow(code(10200001))
  expect(() => bytes.subarray(1).writeUInt8(256, 0)).toThrow(code(10200001))
  expect(() => bytes.subarray(1).swap16()).toThrow(code(10200009))
  expect(() => bytes.write('x', 0, 'gbk' as BufferEncoding)).toThrow(code(401))
  expect(() => buffer.alloc(-1)).toThrow(code(401))
  expect(() => buffer.from(new ArrayBuffer(1), 2)).toThrow(code(10200001))
  expect(() => buffer.from(5)).toThrow(code(401))
})

test('JSON is the global one, apart from its errors', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(json['parse']?.(JSON.stringify(value))).toEqual(JSON.parse(JSON.stringify(value)))
      expect(json['stringify']?.(value, null, 2)).toBe(JSON.stringify(value, null, 2))
    }),
  )
  expect(json['parse']?.('{"a":1}', (_key: string, value: unknown) => (value === 1 ? 2 : value))).toEqual({
    a: 2,
  })
  expect(json['stringify']?.({ a: 1, b: 2 }, ['a'])).toBe('{"a":1}')
  expect(() => json['parse']?.('{')).toThrow(code(401))
  const circular: Record<string, unknown> = {}
  circular['self'] = circular
  expect(() => json['stringify']?.(circular)).toThrow(code(401))
  const object = { a: 1 }
  expect(json['has']?.(object, 'a')).toBe(true)
  json['remove']?.(object, 'a')
  expect(object).toEqual({})
})

test('large numbers become bigints when asked for, and texts that look like them do not', () => {
  const text = '{"large":9007199254740993,"small":1,"float":1.5,"text":"9007199254740993 \\" 5"}'
  const mode = json.BigIntMode
  expect(json['parse']?.(text, undefined, { bigIntMode: mode['PARSE_AS_BIGINT'] })).toEqual({
    large: 9007199254740993n,
    small: 1,
    float: 1.5,
    text: '9007199254740993 " 5',
  })
  expect(json['parse']?.('[1,-2]', undefined, { bigIntMode: mode['ALWAYS_PARSE_AS_BIGINT'] })).toEqual([
    1n,
    -2n,
  ])
  expect(json['parse']?.('[1]', undefined, { bigIntMode: mode['DEFAULT'] })).toEqual([1])
})

test('URLs are parsed, and their parameters changed', () => {
  const { URL: Url, URLParams } = urlNamespace() as unknown as {
    URL: {
      new (url: unknown, base?: unknown): URL
      parseURL(url: unknown): URL & { params: URLSearchParams }
    }
    URLParams: new (init?: unknown) => URLSearchParams
  }
  const url = Url.parseURL('https://user@vpn.example:8443/path?a=1&b=2')
  expect([url.host, url.pathname, url.username, url.params.get('b')]).toEqual([
    'vpn.example:8443',
    '/path',
    'user',
    '2',
  ])
  url.params.set('a', '3')
  expect(url.href).toBe('https://user@vpn.example:8443/path?a=3&b=2')
  expect(new Url('../x', 'https://a.example/b/c').href).toBe('https://a.example/x')
  expect(() => Url.parseURL('no url')).toThrow(code(10200002))
  expect(() => Url.parseURL(1)).toThrow(code(401))
  expect(new URLParams([['a', 'ä']]).toString()).toBe('a=%C3%A4')
  expect(new URLParams({ a: 1 }).get('a')).toBe('1')
})

test('the process tells what it is', () => {
  const kit = processNamespace(() => {
    throw new Error('ended')
  }) as unknown as Namespace & { pid: number; uid: number; ProcessManager: new () => Namespace }
  expect([kit.pid, kit.uid]).toEqual([process.pid, process.getuid?.()])
  expect(kit['uptime']?.()).toBeGreaterThan(0)
  expect(kit['getStartRealtime']?.()).toBeGreaterThan(0)
  const manager = new kit.ProcessManager()
  expect(manager['isAppUid']?.(20010001)).toBe(true)
  expect(manager['isAppUid']?.(0)).toBe(false)
  expect(manager['kill']?.(0, process.pid)).toBe(true)
  expect(manager['kill']?.(0, 2 ** 22 - 1)).toBe(false)
  expect(() => manager['exit']?.(0)).toThrow('ended')
  expect(() => manager['exit']?.('now')).toThrow(code(401))
})

test('exit ends the process at once, without exit handlers', async () => {
  const path = fileURLToPath(new URL('../exit-process.ts', import.meta.url))
  const contents = `import { exitNow } from ${JSON.stringify(path)}
    process.on('exit', () => console.log('handler'))
    console.log('before')
    exitNow()`
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: '/', loader: 'ts' },
    bundle: true,
    write: false,
    platform: 'node',
  })
  const { signal, stdout } = spawnSync(process.execPath, ['-e', outputFiles[0]?.text ?? ''], {
    encoding: 'utf8',
  })
  expect([signal, stdout]).toEqual(['SIGKILL', 'before\n'])
})
