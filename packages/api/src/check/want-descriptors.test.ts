import { describe, expect, it } from 'vitest'
import { isBusinessError } from '../errors/business-error.ts'
import { limits } from '../limits.ts'
import type { Want } from '../types/want.ts'
import { checkWant } from './check-want.ts'
import { descriptorNumbers, descriptorPlaces, withoutDescriptors } from './want-descriptors.ts'

const fd = (value: unknown): object => ({ type: 'FD', value })
const wantOf = (parameters: object): Want => checkWant({ parameters })

function refusal(parameters: object): string | undefined {
  try {
    descriptorNumbers(descriptorPlaces(wantOf(parameters)))
    return undefined
  } catch (error) {
    return isBusinessError(error)
      ? `${error.code} ${error.data?.field}: ${error.data?.reason}`
      : String(error)
  }
}

describe('the descriptors of a Want', () => {
  it('are found at any depth, with their paths; those of parameters themselves have a name', () => {
    const want = wantOf({ log: fd(7), text: 'FD', deep: { list: [1, fd(0), { of: fd(9) }] } })
    const places = descriptorPlaces(want)
    expect(places.map(({ path, name }) => [path, name])).toEqual([
      ['want.parameters.log', 'log'],
      ['want.parameters.deep.list[1]', undefined],
      ['want.parameters.deep.list[2].of', undefined],
    ])
    expect(descriptorNumbers(places)).toEqual([7, 0, 9])
  })

  it('are objects of type and value alone, as the device has it', () => {
    const others = {
      a: { type: 'FD' },
      b: { type: 'fd', value: 3 },
      c: { type: 'FD', value: 3, more: 1 },
      d: ['FD', 3],
    }
    expect(descriptorPlaces(wantOf(others))).toEqual([])
    expect(descriptorPlaces({})).toEqual([])
  })

  it.each([
    [-1, 'not -1'],
    [1.5, 'not 1.5'],
    [limits.socketFd + 1, 'not 2147483648'],
    ['7', 'not "7"'],
    [null, 'not null'],
    [{ fd: 7 }, 'not an object'],
    [true, 'not true'],
  ])('have numbers: %j is refused', (value, text) => {
    expect(refusal({ log: fd(value) })).toBe(
      `401 want.parameters.log.value: must be the number of a descriptor, ${text}`,
    )
  })

  it('are 16 at most', () => {
    const many = (count: number): object =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`d${index}`, fd(index)]))
    expect(refusal(many(16))).toBeUndefined()
    expect(refusal(many(17))).toBe('401 want.parameters.d16: a Want carries at most 16 descriptors')
  })

  it('are given other numbers, and left out', () => {
    const want = wantOf({ log: fd(7), list: [fd(8), 1] })
    descriptorPlaces(want).forEach((place, index) => place.put(index))
    expect(want.parameters).toEqual({ log: fd(0), list: [fd(1), 1] })
    expect(withoutDescriptors(want).parameters).toEqual({ list: [null, 1] })
  })

  it('are not taken from fds, which is what arrives', () => {
    expect(checkWant({ fds: { log: 7 } })).toEqual({})
  })
})
