import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type ApiCall, errorCodes, errorMessage, errorRegistry, isErrorCode, limits } from '../index.ts'

const ability = {
  16000001: 'The specified ability does not exist.',
  16000002: 'Incorrect ability type.',
  16000006: 'Cross-user operations are not allowed.',
  16000011: 'The context does not exist.',
  16000050: 'Internal error.',
  16200001: 'The caller has been released.',
}
const service = {
  2200002: 'Operation failed. Cannot connect to service.',
  2200003: 'System internal error.',
}

/** Codes and texts under each call of the API document, typed in from it. */
const documented: Partial<Record<ApiCall, Record<number, string>>> = {
  startVpnExtensionAbility: {
    401: 'If the input parameter is not valid parameter.',
    16000008: 'The crowdtesting application expires.',
    ...ability,
  },
  stopVpnExtensionAbility: { 401: 'If the input parameter is not valid parameter.', ...ability },
  createVpnConnection: { 401: 'Parameter error.' },
  create: {
    401: 'Parameter error.',
    2200001: 'Invalid parameter value.',
    ...service,
    2203001: 'VPN creation denied, please check the user type.',
    2203002: 'VPN exist already, please execute destroy first.',
  },
  protect: {
    401: 'Parameter error.',
    2200001: 'Invalid parameter value.',
    ...service,
    2203004: 'Invalid socket file descriptor.',
  },
  destroy: { 401: 'Parameter error.', ...service },
}

/** What we add to the document's calls: later versions of the API, and what the device delivers without saying so. */
const added: Partial<Record<ApiCall, number[]>> = {
  startVpnExtensionAbility: [201],
  stopVpnExtensionAbility: [201],
  create: [201],
  protect: [201],
  destroy: [201, 19900002],
}

const codesOf = (call: ApiCall): number[] =>
  errorCodes.filter((code) => errorRegistry[code].calls.includes(call)).toSorted((a, b) => a - b)

describe('error registry', () => {
  it('has the codes of the document for each of its calls, and no others but those we add', () => {
    const calls: ApiCall[] = [
      'startVpnExtensionAbility',
      'stopVpnExtensionAbility',
      'createVpnConnection',
      'create',
      'protect',
      'destroy',
    ]
    expect(Object.keys(documented)).toEqual(calls)
    for (const call of calls) {
      const expected = [...Object.keys(documented[call] ?? {}).map(Number), ...(added[call] ?? [])]
      expect({ call, codes: codesOf(call) }).toEqual({ call, codes: expected.toSorted((a, b) => a - b) })
    }
  })

  it('has the texts of the document, call by call', () => {
    const texts = Object.entries(documented).flatMap(([call, codes]) =>
      Object.entries(codes).map(([code, text]) => ({ call, code: Number(code), text })),
    )
    expect(texts.length).toBe(30)
    for (const { call, code, text } of texts) {
      const registered = isErrorCode(code) && isCall(call) ? errorMessage(code, call) : undefined
      expect(registered, `${call} ${code}`).toBe(text)
    }
  })

  it('files each code under its own number and gives each a call, but for what is no call', () => {
    for (const code of errorCodes) {
      expect(errorRegistry[code].code).toBe(code)
      expect({ code, hasCalls: errorRegistry[code].calls.length > 0 }).toEqual({
        code,
        hasCalls: code !== 801,
      })
    }
    expect(errorCodes).toHaveLength(19)
    expect(isErrorCode('401')).toBe(false)
    expect(isErrorCode(2203003)).toBe(false)
  })
})

describe('docs/errors.md', () => {
  const page = readFileSync(new URL('../../../../docs/errors.md', import.meta.url), 'utf8')
  const rows = page
    .split('\n')
    .filter((line) => /^\| [0-9]+ \|/.test(line))
    .map((line) => line.split('|').map((cell) => cell.trim()))

  it('has one row for each code, in order, and no other', () => {
    expect(rows.map((row) => Number(row[1]))).toEqual(errorCodes)
  })

  it('says what the registry says', () => {
    const told = rows.map((row) => ({ messages: ticked(row[2]), calls: ticked(row[3]), meaning: row[4] }))
    const registered = errorCodes.map((code) => {
      const { message, otherMessages = [], calls, meaning } = errorRegistry[code]
      return {
        messages: [message, ...otherMessages.map((other) => other.message)],
        calls: [...calls],
        meaning,
      }
    })
    expect(told).toEqual(registered)
  })

  it('tells what to do about each', () => {
    expect(rows.filter((row) => !/^.{10,}\.$/.test(row[5] ?? '')).map((row) => row[1])).toEqual([])
  })

  it('names every limit of a config', () => {
    const table = page.slice(page.indexOf('## Limits'))
    const {
      addresses,
      routes,
      applications,
      dnsServers,
      mtuMin,
      mtuMax,
      mtuMinIPv6,
      vpnIdLength,
      wantTextLength,
    } = limits
    const named = [
      addresses,
      routes,
      applications,
      dnsServers,
      mtuMin,
      mtuMax,
      mtuMinIPv6,
      vpnIdLength,
      wantTextLength,
    ]
    const wants = [
      limits.wantParameterValues,
      limits.wantParameterDepth,
      limits.wantParameterCharacters,
      limits.wantDescriptors,
    ]
    expect([...named, ...wants].filter((limit) => !new RegExp(`\\b${limit}\\b`).test(table))).toEqual([])
  })
})

function ticked(cell: string | undefined): string[] {
  return [...(cell ?? '').matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '')
}

function isCall(call: string): call is ApiCall {
  return Object.hasOwn(documented, call)
}
