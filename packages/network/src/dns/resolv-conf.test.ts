import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type DnsTestBed, dnsComplianceCases } from './compliance.ts'
import { chooseDnsBackend } from './choose.ts'
import { resolvConfBackend } from './resolv-conf.ts'
import type { DnsData, DnsFileUndo } from '../plan/step.ts'

let directory: string
let path: string

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'vpnext-dns-'))
  path = join(directory, 'resolv.conf')
})
afterEach(() => {
  rmSync(directory, { recursive: true })
})

const machines: Readonly<Record<string, () => void>> = {
  'a file': () => {
    writeFileSync(path, '# by hand\nnameserver 192.0.2.1\noptions edns0\n')
    chmodSync(path, 0o640)
  },
  'a link to a generated file': () => {
    writeFileSync(join(directory, 'stub.conf'), 'nameserver 127.0.0.53\n')
    symlinkSync('stub.conf', path)
  },
  'a dangling link': () => symlinkSync('../run/nothing.conf', path),
  'no file': () => undefined,
  'an empty file': () => writeFileSync(path, ''),
}

describe.each(Object.entries(machines))('where resolv.conf is %s', (_name, make) => {
  test.each(dnsComplianceCases)('$name', (compliance) => {
    make()
    compliance.run(testBed())
  })
})

function testBed(): DnsTestBed<DnsFileUndo> {
  return {
    backend: resolvConfBackend,
    target: { path, interfaceName: 'vpn-tun', resolvectl: '/nonexistent' },
    state: () =>
      JSON.stringify(
        readdirSync(directory)
          .toSorted()
          .map((name) => describeFile(join(directory, name))),
      ),
    servers: () => {
      if (!existsSync(path)) return []
      return [...readFileSync(path, 'utf8').matchAll(/^nameserver\s+(\S+)/gm)].map((match) => match[1] ?? '')
    },
    interfere: () => writeFileSync(path, '# by a DHCP client\nnameserver 198.51.100.1\n'),
  }
}

function describeFile(file: string): string {
  const { mode, uid, gid } = lstatSync(file)
  const content = (mode & 0o170000) === 0o120000 ? readlinkSync(file) : readFileSync(file, 'latin1')
  return `${file} ${mode.toString(8)} ${uid} ${gid} ${content}`
}

const dns: Omit<DnsData, 'path'> = {
  backend: 'resolv.conf',
  interfaceName: 'vpn-tun',
  resolvectl: '/nonexistent',
  instance: 'test',
  servers: ['10.8.0.1'],
  searchDomains: ['corp.test'],
}

test('the file says who wrote it, and how to get the old one back', () => {
  const data = { ...dns, path }
  resolvConfBackend.apply(data, resolvConfBackend.capture(data, []))
  expect(readFileSync(path, 'utf8')).toBe(
    '# Written by vpnext (instance test) while a VPN is up; what was here before comes back when it goes.\n' +
      '# After a crash: vpnext doctor --repair\n' +
      'search corp.test\n' +
      'nameserver 10.8.0.1\n',
  )
  expect(lstatSync(path).mode & 0o777).toBe(0o644)
})

test('a link to a pipe that nobody writes is replaced without waiting, and comes back', () => {
  execFileSync('mkfifo', [join(directory, 'pipe')])
  symlinkSync('pipe', path)
  const data = { ...dns, path }
  expect(chooseDnsBackend({ resolvConf: path, resolvectl: '/bin/true' })).toBe('resolv.conf')
  const undo = resolvConfBackend.capture(data, [])
  resolvConfBackend.apply(data, undo)
  expect(readFileSync(path, 'utf8')).toContain('nameserver 10.8.0.1\n')
  expect(resolvConfBackend.restore(undo, [])).toBe('restored')
  expect(readlinkSync(path)).toBe('pipe')
})

test('whatever was in the file comes back, byte for byte', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      writeFileSync(path, bytes)
      const data = { ...dns, path }
      const undo = JSON.parse(JSON.stringify(resolvConfBackend.capture(data, [])))
      resolvConfBackend.apply(data, undo)
      expect(resolvConfBackend.restore(undo, [])).toBe('restored')
      expect(new Uint8Array(readFileSync(path))).toEqual(bytes)
    }),
    { numRuns: 30 },
  )
})

test('a writer that was killed between the content and the length is recognised', () => {
  const longer = `# ${'a long comment '.repeat(30)}\nnameserver 192.0.2.1\n`
  writeFileSync(path, longer)
  const data = { ...dns, path }
  const undo = resolvConfBackend.capture(data, [])
  writeFileSync(path, undo.ours + longer.slice(undo.ours.length))
  expect(resolvConfBackend.restore(undo, [])).toBe('restored')
  expect(readFileSync(path, 'utf8')).toBe(longer)
})

test('a leftover of a writer that was killed is cleared away', () => {
  writeFileSync(path, 'nameserver 192.0.2.1\n')
  const undo = resolvConfBackend.capture({ ...dns, path }, [])
  writeFileSync(join(directory, '.resolv.conf.vpnext-test'), 'half')
  expect(resolvConfBackend.restore(undo, [])).toBe('nothing-to-do')
  expect(readdirSync(directory)).toEqual(['resolv.conf'])
})

test('a directory in its place is refused by name', () => {
  expect(() => resolvConfBackend.capture({ ...dns, path: directory }, [])).toThrow(
    `${directory} is neither a file nor a link`,
  )
})

test('tunnels share the file, and go in any order', () => {
  const original = 'nameserver 192.0.2.1\noptions edns0\n'
  const wishes = [
    { servers: ['10.8.0.1'], searchDomains: ['one.test'] },
    { servers: ['10.9.0.1', '10.8.0.1'], searchDomains: [] },
    { servers: [], searchDomains: ['three.test', 'one.test'] },
  ]
  const servers = (): string[] => testBed().servers()
  fc.assert(
    fc.property(fc.shuffledSubarray([0, 1, 2], { minLength: 3 }), (order) => {
      writeFileSync(path, original)
      let present: DnsFileUndo[] = []
      for (const wish of wishes) {
        const data = { ...dns, path, ...wish }
        const undo = resolvConfBackend.capture(data, present)
        resolvConfBackend.apply(data, undo)
        present.push(undo)
      }
      expect(servers()).toEqual(['10.9.0.1', '10.8.0.1'])
      expect(readFileSync(path, 'utf8')).toContain('\nsearch three.test one.test\n')
      const undos = [...present]
      for (const index of order) {
        present = present.filter((undo) => undo !== undos[index])
        expect(resolvConfBackend.restore(undos[index]!, present)).not.toBe('not-ours')
        expect(resolvConfBackend.restore(undos[index]!, present)).toBe('nothing-to-do')
        const expected = present.toReversed().flatMap((undo) => undo.servers)
        expect(servers()).toEqual(expected.length === 0 ? ['192.0.2.1'] : [...new Set(expected)])
      }
      expect(readFileSync(path, 'utf8')).toBe(original)
    }),
  )
})

test('a second tunnel that was recorded but not applied leaves the first one’s file', () => {
  writeFileSync(path, 'nameserver 192.0.2.1\n')
  const data = { ...dns, path }
  const first = resolvConfBackend.capture(data, [])
  resolvConfBackend.apply(data, first)
  const second = resolvConfBackend.capture({ ...data, servers: ['10.9.0.1'] }, [first])
  expect(resolvConfBackend.restore(second, [first])).toBe('nothing-to-do')
  expect(readFileSync(path, 'utf8')).toBe(first.ours)
})
