import { describe, expect, it } from 'vitest'
import { failureOf } from '../../test/failure-of.ts'
import {
  checkCreateArguments,
  checkDestroyArguments,
  checkGenerateVpnIdArguments,
  checkProtectArguments,
  checkProtectProcessNetArguments,
  checkSocketFd,
  checkWant,
  checkWantArguments,
  limits,
} from '../index.ts'

const callback = (): void => {}

describe('checkSocketFd', () => {
  it.each([1, 3, 38, 2 ** 31 - 1])('%d passes', (fd) => {
    expect(checkSocketFd(fd)).toBe(fd)
  })

  it.each([
    [undefined, 401],
    [null, 401],
    ['38', 401],
    [{}, 401],
    [38n, 401],
    [Number.NaN, 2200001],
    [Number.POSITIVE_INFINITY, 2200001],
    [3.7, 2200001],
    [2 ** 31, 2200001],
    [-(2 ** 31) - 1, 2200001],
    [0, 2203004],
    [-0, 2203004],
    [-1, 2203004],
    [-(2 ** 31), 2203004],
  ])('%s: %i', (fd, code) => {
    expect(failureOf(() => checkSocketFd(fd))).toEqual({ code, field: 'socketFd' })
  })
})

describe('checkWant', () => {
  it('accepts {} and leaves out what is not there', () => {
    expect(checkWant({})).toEqual({})
    expect(checkWant({ bundleName: undefined, unknown: 1 })).toEqual({})
  })

  it('copies all known fields', () => {
    const want = {
      bundleName: 'com.a.b',
      abilityName: 'Vpn',
      moduleName: 'entry',
      deviceId: '',
      uri: 'a:b',
      type: 't',
      flags: 1,
      action: 'a',
      entities: ['e'],
      parameters: { text: 'x', number: 1.5, yes: true, nothing: null, list: [1, [2]], deep: { er: {} } },
    }
    const copy = checkWant(want)
    expect(copy).toEqual(want)
    expect(copy.parameters?.['deep']).not.toBe(want.parameters.deep)
  })

  it('drops what JSON drops', () => {
    const parameters = { a: undefined, b: () => 0, c: Symbol('c'), d: [undefined, () => 0], e: 1 }
    expect(checkWant({ parameters })).toEqual({ parameters: { d: [null, null], e: 1 } })
  })

  const cycle: Record<string, unknown> = {}
  cycle['self'] = cycle
  const deep = (levels: number): unknown => (levels === 0 ? 1 : { x: deep(levels - 1) })

  it.each([
    ['undefined', undefined, 'want'],
    ['null', null, 'want'],
    ['text', 'x', 'want'],
    ['array', [], 'want'],
    ['function', callback, 'want'],
    ['bundleName: 5', { bundleName: 5 }, 'want.bundleName'],
    ['abilityName: null', { abilityName: null }, 'want.abilityName'],
    ['a long uri', { uri: 'x'.repeat(4097) }, 'want.uri'],
    ['flags: NaN', { flags: Number.NaN }, 'want.flags'],
    ['entities: text', { entities: 'x' }, 'want.entities'],
    ['entities: [1]', { entities: [1] }, 'want.entities[0]'],
    ['many entities', { entities: Array(65).fill('x') }, 'want.entities'],
    ['parameters: array', { parameters: [] }, 'want.parameters'],
    ['a bigint', { parameters: { a: [1n] } }, 'want.parameters.a[0]'],
    ['an infinite number', { parameters: { a: { b: Number.POSITIVE_INFINITY } } }, 'want.parameters.a.b'],
    ['many values', { parameters: { a: Array(10_001).fill(1) } }, 'want.parameters.a'],
    [
      'many values in many lists',
      { parameters: { a: Array(5000).fill(Array(5000)) } },
      'want.parameters.a[1]',
    ],
    ['a long text', { parameters: { a: 'x'.repeat(1_048_576) } }, 'want.parameters.a'],
  ])('%s: 401 with the text of start', (_, want, field) => {
    expect(failureOf(() => checkWant(want))).toEqual({ code: 401, field })
    expect(() => checkWant(want)).toThrow('If the input parameter is not valid parameter.')
  })

  it('refuses what is nested too deep, a cycle above all', () => {
    expect(
      failureOf(() => checkWant({ parameters: { a: deep(limits.wantParameterDepth - 1) } })),
    ).toBeUndefined()
    expect(failureOf(() => checkWant({ parameters: { a: deep(limits.wantParameterDepth) } }))?.code).toBe(401)
    expect(failureOf(() => checkWant({ parameters: cycle }))?.code).toBe(401)
  })
})

describe('arguments of the calls', () => {
  it.each([
    ['no argument', [], 401],
    ['null', [null], 401],
    ['{}', [{}], undefined],
    ['two arguments', [{}, {}], 401],
  ])('start(%s)', (_, args, code) => {
    expect(failureOf(() => checkWantArguments(args, 'startVpnExtensionAbility'))?.code).toBe(code)
  })

  it.each([
    ['no argument', [], { config: undefined, callback: undefined }],
    ['a config', [1], { config: 1, callback: undefined }],
    ['a config and a callback', [1, callback], { config: 1, callback }],
    ['a config and a number', [1, 1], { code: 401, field: 'callback' }],
    ['three arguments', [1, callback, 1], { code: 401, field: 'arguments' }],
  ])('create(%s)', (_, args, expected) => {
    expect(resultOf(() => checkCreateArguments(args))).toEqual(expected)
  })

  it.each([
    ['a number and a callback', [3, callback], { socketFd: 3, callback }],
    ['a number and undefined', [3, undefined], { code: 401, field: 'callback' }],
  ])('protect(%s)', (_, args, expected) => {
    expect(resultOf(() => checkProtectArguments(args))).toEqual(expected)
  })

  it.each([
    ['', [], { vpnId: '', callback: undefined }],
    ['callback', [callback], { vpnId: '', callback }],
    ["''", [''], { vpnId: '', callback: undefined }],
    ["'a'", ['a'], { vpnId: 'a', callback: undefined }],
    ["'a', callback", ['a', callback], { vpnId: 'a', callback }],
    ['undefined', [undefined], { code: 401, field: 'vpnId' }],
    ['null', [null], { code: 401, field: 'vpnId' }],
    ['5', [5], { code: 401, field: 'vpnId' }],
    ['{}', [{}], { code: 401, field: 'vpnId' }],
    ['callback, callback', [callback, callback], { code: 401, field: 'vpnId' }],
    ["'a', 'b'", ['a', 'b'], { code: 401, field: 'callback' }],
    ['129 characters', ['x'.repeat(129)], { code: 401, field: 'vpnId' }],
    ['three arguments', ['a', callback, 1], { code: 401, field: 'arguments' }],
  ])('destroy(%s)', (_, args, expected) => {
    expect(resultOf(() => checkDestroyArguments(args))).toEqual(expected)
  })

  it('generateVpnId() takes a callback or nothing', () => {
    expect(checkGenerateVpnIdArguments([])).toEqual({ callback: undefined })
    expect(checkGenerateVpnIdArguments([callback])).toEqual({ callback })
    expect(checkGenerateVpnIdArguments([5])).toEqual({ callback: undefined })
    expect(failureOf(() => checkGenerateVpnIdArguments([callback, 1]))?.code).toBe(19900001)
  })

  it('protectProcessNet() takes nothing', () => {
    expect(failureOf(() => checkProtectProcessNetArguments([]))).toBeUndefined()
    expect(failureOf(() => checkProtectProcessNetArguments([undefined]))?.code).toBe(19900001)
  })
})

function resultOf(check: () => unknown): unknown {
  let result: unknown
  return failureOf(() => (result = check())) ?? result
}
