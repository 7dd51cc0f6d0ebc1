import { chmodSync, chownSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sampleHash } from '../../test/sample-target.ts'
import { type TemporaryFolder, temporaryFolder } from '../../test/temporary-folder.ts'
import { Policy } from './policy.ts'

const bundleName = 'com.example.vpn'
const subject = { ownerUid: 1000, bundleName, codeHash: sampleHash }
const nothing = {
  system: false,
  consent: undefined,
  alwaysOn: undefined,
  lockdown: undefined,
  scope: undefined,
  commands: false,
  endpoints: [],
}

let folder: TemporaryFolder
beforeEach(() => {
  folder = temporaryFolder()
  mkdirSync(folder.in('policy'))
})
afterEach(() => folder[Symbol.dispose]())

function write(name: string, ...rules: object[]): string {
  const path = folder.in('policy', name)
  writeFileSync(path, JSON.stringify({ version: 1, rules }))
  return path
}
function open(onDamage: (error: unknown) => void = () => expect.unreachable()): Policy {
  return Policy.open(folder.in('policy'), onDamage)
}

test('without a folder, and for a bundle that no rule names, nothing is decided', () => {
  write('a.json', { bundleName: 'com.example.other', consent: 'allowed' })
  expect(open().decide(subject)).toEqual(nothing)
  rmSync(folder.in('policy'), { recursive: true })
  expect(open().decide(subject)).toEqual(nothing)
})

test('a rule holds for the users and the code it names', () => {
  write('a.json', { bundleName, users: [1000, 1001], codeHash: sampleHash, consent: 'allowed' })
  const policy = open()
  expect(policy.decide(subject).consent).toBe('allowed')
  expect(policy.decide({ ...subject, ownerUid: 1002 }).consent).toBeUndefined()
  expect(policy.decide({ ...subject, codeHash: 'b'.repeat(64) }).consent).toBeUndefined()
})

test('of rules that decide the same, the last in the order of the file names counts', () => {
  write('20-local.json', { bundleName, consent: 'denied' })
  write('10-site.json', { bundleName, consent: 'allowed', alwaysOn: true })
  write('.hidden.json', { bundleName, alwaysOn: false })
  writeFileSync(folder.in('policy', 'README'), 'no rules')
  expect(open().decide(subject)).toEqual({ ...nothing, consent: 'denied', alwaysOn: true })
})

test('lockdown is yes, no or always', () => {
  for (const lockdown of [false, 'always', true]) {
    write('a.json', { bundleName, lockdown })
    expect(open().decide(subject).lockdown).toBe(lockdown)
  }
})

test('endpoints are addresses with port and protocol', () => {
  const endpoint = { address: '192.0.2.1', port: 51_820, protocol: 'udp' }
  write('a.json', { bundleName, endpoints: [endpoint] })
  expect(open().decide(subject).endpoints).toEqual([endpoint])
})

test.each([
  ['a system application without its code', { bundleName, system: true }, /codeHash/],
  ['a misspelt member', { bundleName, alwayson: true }, /alwayson/],
  ['a lockdown that is none', { bundleName, lockdown: 'sometimes' }, /lockdown/],
  ['a bundle name that is none', { bundleName: '../x', consent: 'allowed' }, /bundleName/],
  [
    'an address that is none',
    { bundleName, endpoints: [{ address: 'x', port: 1, protocol: 'udp' }] },
    /address/,
  ],
])('%s is refused by name', (_what, rule, reason) => {
  const path = write('a.json', rule)
  expect(() => open()).toThrow(
    expect.objectContaining({ code: 'damaged-state', message: expect.stringMatching(reason) as unknown }),
  )
  expect(() => open()).toThrow(path)
})

test('a file or folder that others can write to, that is a link or foreign, is refused', () => {
  const unsafe = expect.objectContaining({ code: 'unsafe-path' })
  const path = write('a.json', { bundleName, consent: 'allowed' })
  expect(open().decide(subject).consent).toBe('allowed')
  for (const mode of [0o664, 0o646]) {
    chmodSync(path, mode)
    expect(() => open()).toThrow(unsafe)
  }
  chmodSync(path, 0o644)
  chmodSync(folder.in('policy'), 0o775)
  expect(() => open()).toThrow(unsafe)
  chmodSync(folder.in('policy'), 0o755)
  symlinkSync(path, folder.in('policy', 'b.json'))
  expect(() => open()).toThrow(unsafe)
  rmSync(folder.in('policy', 'b.json'))
  if (process.getuid?.() === 0) {
    chownSync(path, 1000, 1000)
    expect(() => open()).toThrow(unsafe)
  }
})

test('folders above it that somebody else owns or can write to are refused, however they are named', () => {
  mkdirSync(folder.in('etc', 'policy'), { recursive: true })
  writeFileSync(
    folder.in('etc', 'policy', 'a.json'),
    JSON.stringify({ version: 1, rules: [{ bundleName, consent: 'denied' }] }),
  )
  const consent = (path: string): unknown => Policy.open(path, () => undefined).decide(subject).consent
  const path = folder.in('etc', 'policy')
  symlinkSync(folder.in('etc'), folder.in('link'))
  const linked = folder.in('link', 'policy')
  expect([consent(path), consent(linked)]).toEqual(['denied', 'denied'])
  const unsafe: unknown = expect.objectContaining({
    code: 'unsafe-path',
    message: expect.stringContaining(`${folder.in('etc')}: `),
  })
  const expectRefused = (): void => {
    expect(() => consent(path)).toThrow(unsafe)
    expect(() => consent(linked)).toThrow(unsafe)
  }
  chmodSync(folder.in('etc'), 0o757)
  expectRefused()
  // As /tmp: what is there stays its owner's.
  chmodSync(folder.in('etc'), 0o1777)
  expect(consent(path)).toBe('denied')
  chmodSync(folder.in('etc'), 0o755)
  if (process.getuid?.() !== 0) return
  chownSync(folder.in('etc'), 1000, 1000)
  expectRefused()
  chownSync(folder.in('etc'), 0, 1000)
  chmodSync(folder.in('etc'), 0o775)
  expectRefused()
  chmodSync(folder.in('etc'), 0o755)
  expect(consent(path)).toBe('denied')
})

test('a change holds for whatever is asked later; one that cannot be read is told once and changes nothing', async () => {
  const damages: unknown[] = []
  const policy = open((error) => damages.push(error))
  const consentLater = async (): Promise<unknown> => {
    await Promise.resolve()
    return policy.decide(subject).consent
  }
  expect(await consentLater()).toBeUndefined()
  const path = write('a.json', { bundleName, consent: 'allowed' })
  expect(await consentLater()).toBe('allowed')
  writeFileSync(path, '{')
  expect(await consentLater()).toBe('allowed')
  expect(await consentLater()).toBe('allowed')
  expect(damages).toEqual([expect.objectContaining({ code: 'damaged-state' })])
  rmSync(path)
  expect(await consentLater()).toBeUndefined()
})

test('everything that is asked in one go hears the same', async () => {
  const policy = open()
  expect(policy.decide(subject).consent).toBeUndefined()
  write('a.json', { bundleName, consent: 'allowed', excludable: true })
  expect([policy.decide(subject).consent, policy.excludable()]).toEqual([undefined, []])
  await Promise.resolve()
  expect([policy.decide(subject).consent, policy.excludable()]).toEqual(['allowed', [bundleName]])
})

test('a name may be left out of device tunnels when the last rule about it says so', () => {
  write('a.json', { bundleName, excludable: true }, { bundleName: 'com.example.other', excludable: true })
  write('b.json', { bundleName: 'com.example.other', excludable: false })
  expect(open().excludable()).toEqual([bundleName])
})

test('a file in the place of the folder is told as that', () => {
  writeFileSync(folder.in('file'), '')
  expect(() => Policy.open(folder.in('file'), () => undefined)).toThrow(/file: is not a folder/)
})

test('a byte order mark, as editors of Windows write it, is no part of the policy', () => {
  const rules = [{ bundleName, consent: 'denied' }]
  writeFileSync(folder.in('policy', 'a.json'), `\uFEFF${JSON.stringify({ version: 1, rules })}`)
  expect(open().decide(subject).consent).toBe('denied')
})
