import { openFds } from '@vpnext/native'
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { HuksCalls } from '../../test/huks-calls.ts'
import { testKits } from '../../test/test-runtime.ts'
import type { Kits } from '../kits.ts'

let folder: string
let kits: Kits
let huks: HuksCalls
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vpnext-huks-'))
  kits = testKits({}, { dataFolder: folder }).kits
  huks = new HuksCalls(kits)
})
afterEach(() => {
  kits[Symbol.dispose]()
  rmSync(folder, { recursive: true })
  expect(openFds()).toBe(0)
})
const code = (expected: number): object => expect.objectContaining({ code: expected }) as object
const aes = { ALGORITHM: 'ALG_AES', KEY_SIZE: 256, PURPOSE: 'KEY_PURPOSE_ENCRYPT|KEY_PURPOSE_DECRYPT' }
const ecb = { ALGORITHM: 'ALG_AES', PADDING: 'PADDING_PKCS7', BLOCK_MODE: 'MODE_ECB' }
const encrypting = { ...ecb, PURPOSE: 'KEY_PURPOSE_ENCRYPT' }
const nothing = {}

test('a key is there until it is removed, and tells what it is for and not itself', async () => {
  await expect(huks.call('isKeyItemExist', 'a', nothing)).rejects.toThrow(code(12000011))
  expect(await huks.call('hasKeyItem', 'a', nothing)).toBe(false)
  expect(await huks.call('generateKeyItem', 'a', huks.options(aes))).toBeUndefined()
  expect(await huks.call('isKeyItemExist', 'a', nothing)).toBe(true)
  expect(await huks.call('hasKeyItem', 'a', nothing)).toBe(true)
  const { properties } = await huks.result('getKeyItemProperties', 'a', nothing)
  expect(properties).toContainEqual({ tag: huks.tag('KEY_SIZE'), value: 256 })
  expect(properties).toContainEqual({ tag: huks.tag('KEY_FLAG'), value: 2 })
  await expect(huks.call('exportKeyItem', 'a', nothing)).rejects.toThrow(code(401))
  // Keys of one level of storage are not seen on another.
  const level = huks.options({ AUTH_STORAGE_LEVEL: 'AUTH_STORAGE_LEVEL_DE' })
  expect(await huks.call('hasKeyItem', 'a', level)).toBe(false)
  expect(await huks.call('listAliases', nothing)).toEqual({ keyAliases: ['a'] })
  expect(await huks.call('deleteKeyItem', 'a', nothing)).toBeUndefined()
  for (const name of ['deleteKeyItem', 'getKeyItemProperties', 'exportKeyItem', 'initSession'])
    await expect(huks.call(name, 'a', nothing), name).rejects.toThrow(code(12000011))
  expect(await huks.call('listAliases', nothing)).toEqual({ keyAliases: [] })
})

test('keys are in a file of the user alone, for all processes of the bundle', async () => {
  await huks.call('generateKeyItem', 'a', huks.options(aes))
  const path = join(folder, 'el2/huks/keys.json')
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(statSync(join(folder, 'el2/huks')).mode & 0o777).toBe(0o700)
  expect(readdirSync(folder)).toEqual(['el2'])
  const secret = await huks.run('a', encrypting, Buffer.from('secret'))
  const other = testKits({}, { dataFolder: folder }).kits
  const theirs = new HuksCalls(other)
  const decrypting = { ...ecb, PURPOSE: 'KEY_PURPOSE_DECRYPT' }
  expect((await theirs.run('a', decrypting, secret)).toString()).toBe('secret')
  // None is lost when many come at once.
  const names = Array.from({ length: 8 }, (_, index) => `many${index}`)
  await Promise.all(
    names.map((name, index) =>
      (index % 2 === 0 ? huks : theirs).call('generateKeyItem', name, huks.options(aes)),
    ),
  )
  expect(await theirs.call('listAliases', nothing)).toEqual({
    keyAliases: expect.arrayContaining(['a', ...names]) as string[],
  })
  other[Symbol.dispose]()
  writeFileSync(path, 'nonsense')
  await expect(huks.call('hasKeyItem', 'a', nothing)).rejects.toThrow(code(12000004))
  await expect(huks.call('generateKeyItem', 'b', huks.options(aes))).rejects.toThrow(code(12000004))
  expect(readFileSync(path, 'utf8')).toBe('nonsense')
})

test('what lacks, is wrong or is not here has its code', async () => {
  const generate = (given: object): Promise<unknown> =>
    huks.call('generateKeyItem', 'a', huks.options({ ...aes, ...given }))
  const { ALGORITHM, KEY_SIZE, PURPOSE } = aes
  await expect(huks.call('generateKeyItem', 'a', nothing)).rejects.toThrow(code(12000002))
  for (const part of [
    { ALGORITHM, PURPOSE },
    { KEY_SIZE, PURPOSE },
    { ALGORITHM, KEY_SIZE },
  ])
    await expect(huks.call('generateKeyItem', 'a', huks.options(part))).rejects.toThrow(code(12000002))
  await expect(generate({ ALGORITHM: 'ALG_SM2' })).rejects.toThrow(code(12000001))
  await expect(generate({ KEY_SIZE: 255 })).rejects.toThrow(code(12000003))
  await expect(generate({ PURPOSE: 0 })).rejects.toThrow(code(12000003))
  await expect(generate({ USER_AUTH_TYPE: 'USER_AUTH_TYPE_PIN' })).rejects.toThrow(code(12000013))
  await expect(generate({ IS_DEVICE_PASSWORD_SET: true })).rejects.toThrow(code(12000016))
  const size = huks.tag('KEY_SIZE')
  const wrong: unknown[][] = [
    [],
    ['a'],
    [1, nothing],
    ['', nothing],
    ['é'.repeat(65), nothing],
    ['a', { properties: {} }],
    ['a', { properties: [{ tag: 5, value: 5 }] }],
    ['a', { properties: [{ tag: size, value: '256' }] }],
    ['a', { properties: [{ tag: size, value: true }] }],
    ['a', { properties: [{ tag: huks.tag('IV'), value: 'text' }] }],
    [
      'a',
      {
        properties: [
          { tag: size, value: 1 },
          { tag: size, value: 1 },
        ],
      },
    ],
    ['a', { inData: 'text' }],
  ]
  for (const name of ['generateKeyItem', 'initSession', 'hasKeyItem', 'deleteKeyItem', 'importKeyItem'])
    for (const args of wrong)
      expect(() => huks.call(name, ...args), `${name} ${JSON.stringify(args)}`).toThrow(code(401))
  expect(() => huks.call('updateSession', '1', nothing)).toThrow(code(401))
  expect(() => huks.call('finishSession', 1)).toThrow(code(401))
  expect(readdirSync(folder)).toEqual([])
})

test('a session ends when it is finished, aborted or fails, and there are 15 at most', async () => {
  await huks.call('generateKeyItem', 'a', huks.options(aes))
  const begin = async (): Promise<number> => {
    const { handle } = (await huks.call('initSession', 'a', huks.options(encrypting))) as { handle: number }
    return handle
  }
  const handles = await Promise.all(Array.from({ length: 15 }, begin))
  expect(new Set(handles).size).toBe(15)
  await expect(begin()).rejects.toThrow(code(12000010))
  const [first = 0, second = 0, third = 0] = handles
  await huks.call('abortSession', first, nothing)
  await huks.call('finishSession', second, nothing)
  const decrypting = { ...ecb, PURPOSE: 'KEY_PURPOSE_DECRYPT' }
  const { handle } = (await huks.call('initSession', 'a', huks.options(decrypting))) as { handle: number }
  await expect(huks.call('finishSession', handle, { inData: new Uint8Array(5) })).rejects.toThrow(
    code(12000006),
  )
  for (const ended of [first, second, handle])
    for (const name of ['updateSession', 'finishSession', 'abortSession'])
      await expect(huks.call(name, ended, nothing)).rejects.toThrow(code(12000011))
  // A key may be removed under a session.
  await huks.call('deleteKeyItem', 'a', nothing)
  expect((await huks.result('finishSession', third, { inData: new Uint8Array(5) })).outData).toHaveLength(16)
})

test('callbacks get what promises do, after a token too', async () => {
  const called = (name: string, ...args: unknown[]): Promise<unknown[]> =>
    new Promise((resolve) => {
      expect(huks.call(name, ...args, (...answer: unknown[]) => resolve(answer))).toBeUndefined()
    })
  expect(await called('generateKeyItem', 'a', huks.options(aes))).toEqual([undefined, undefined])
  expect(await called('hasKeyItem', 'a', nothing)).toEqual([undefined, true])
  expect(await called('initSession', 'b', nothing)).toEqual([code(12000011), undefined])
  const [, data] = await called('initSession', 'a', huks.options(encrypting))
  const { handle } = data as { handle: number }
  const [, result] = await called('finishSession', handle, nothing, new Uint8Array(1))
  expect(result).toEqual({ outData: expect.any(Uint8Array) as Uint8Array })
})
