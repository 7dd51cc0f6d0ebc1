import * as fc from 'fast-check'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { recordingContext } from '../../test/recording-context.ts'
import { exitCodes } from '../exit-codes.ts'
import { joinParameterPairs, pairOptions, readParameters } from './start-parameters.ts'

const none = { ps: [], pi: [], pb: [] }
const pair = (key: string, value: string): string => `${key}\0${value}`

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vpnext-cli-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

test('a pair takes exactly the two words that follow, whatever they look like', () => {
  const word = fc.string({ minLength: 1 }).filter((text) => !text.includes('\0'))
  fc.assert(
    fc.property(fc.constantFrom(...pairOptions), word, word, word, (option, key, value, bundle) => {
      const joined = joinParameterPairs(['start', option, key, value, `b${bundle}`])
      expect(joined).toEqual(['start', option, pair(key, value), `b${bundle}`])
    }),
  )
})

test('only start has pairs, and only before --', () => {
  expect(joinParameterPairs(['logs', '--ps', 'a', 'b'])).toEqual(['logs', '--ps', 'a', 'b'])
  const words = ['start', 'x', '--', '--ps', 'a', 'b']
  expect(joinParameterPairs(words)).toEqual(words)
  expect(joinParameterPairs([])).toEqual([])
})

test('strings, integers and booleans, and the file below them', async () => {
  const parameters = join(folder, 'parameters.json')
  writeFileSync(parameters, '{"server": "from the file", "deep": {"a": [1]}}')
  const options = {
    ps: [pair('server', 'vpn.example'), pair('empty', '')],
    pi: [pair('port', '51820'), pair('offset', '-5')],
    pb: [pair('on', 'true'), pair('off', 'F')],
    parameters,
  }
  expect(await readParameters(recordingContext(), options)).toEqual({
    server: 'vpn.example',
    empty: '',
    port: 51820,
    offset: -5,
    on: true,
    off: false,
    deep: { a: [1] },
  })
})

test.each([
  [{ ...none, pi: [pair('port', 'x')] }, '--pi port: x is no integer'],
  [{ ...none, pi: [pair('port', '1.5')] }, '--pi port: 1.5 is no integer'],
  [{ ...none, pi: [pair('port', '9007199254740993')] }, '--pi port: 9007199254740993 is no integer'],
  [{ ...none, pb: [pair('on', 'yes')] }, '--pb on: yes is neither true nor false'],
  [{ ...none, ps: ['alone'] }, '--ps takes a key and a value'],
])('%j is a mistake that is named', async (options, message) => {
  await expect(readParameters(recordingContext(), options)).rejects.toMatchObject({
    exitCode: exitCodes.usage,
    message: expect.stringContaining(message) as string,
  })
})

test.each(['[1]', '"text"', 'null', '{"a": }', ''])('a file that holds %j is refused', async (text) => {
  const parameters = join(folder, 'parameters.json')
  writeFileSync(parameters, text)
  await expect(readParameters(recordingContext(), { ...none, parameters })).rejects.toMatchObject({
    exitCode: exitCodes.failure,
    message: expect.stringContaining(parameters) as string,
  })
})

test('a file that is not there is exit code 5', async () => {
  const parameters = join(folder, 'nothing.json')
  await expect(readParameters(recordingContext(), { ...none, parameters })).rejects.toMatchObject({
    exitCode: exitCodes.notFound,
  })
})

test('- is standard input', async () => {
  const context = recordingContext({ stdin: Readable.from(['{"who":', ' "Hans"}']) })
  expect(await readParameters(context, { ...none, parameters: '-' })).toEqual({ who: 'Hans' })
})
