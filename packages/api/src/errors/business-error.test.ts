import { describe, expect, it } from 'vitest'
import { BusinessError, businessError, errorCodes, isBusinessError } from '../index.ts'

describe('BusinessError', () => {
  const error = businessError(401, { field: 'config.mtu', reason: 'must be a number' })

  it('tells all as JSON', () => {
    expect(JSON.parse(JSON.stringify(error))).toEqual({
      code: 401,
      message: 'Parameter error.',
      data: { field: 'config.mtu', reason: 'must be a number' },
    })
    expect(JSON.parse(JSON.stringify(businessError(2203002)))).toEqual({
      code: 2203002,
      message: 'VPN exist already, please execute destroy first.',
    })
  })

  it('is an Error with a name and a stack', () => {
    expect(error).toBeInstanceOf(Error)
    expect(error).toBeInstanceOf(BusinessError)
    expect(String(error)).toBe('BusinessError: Parameter error.')
    expect(error.stack).toContain('business-error.test.ts')
  })

  it('has a numeric code that equals its text loosely', () => {
    const code: unknown = error.code
    expect(typeof code).toBe('number')
    // eslint-disable-next-line eqeqeq -- how programs written for the device compare
    expect(code == '401').toBe(true)
  })

  it('keeps the cause out of the JSON', () => {
    const cause = new Error('EPERM')
    const wrapped = businessError(2200003, undefined, { cause })
    expect(wrapped.cause).toBe(cause)
    expect(Object.keys(wrapped).toSorted()).toEqual(['code', 'message'])
    expect('cause' in businessError(2200003)).toBe(false)
  })

  it('has the text of the call', () => {
    const options = { call: 'stopVpnExtensionAbility' } as const
    expect(businessError(401, undefined, options).message).toBe(
      'If the input parameter is not valid parameter.',
    )
    expect(businessError(401, undefined, { call: 'destroy' }).message).toBe('Parameter error.')
  })

  it('is told from other errors', () => {
    expect(errorCodes.every((code) => isBusinessError(businessError(code)))).toBe(true)
    expect(isBusinessError(Object.assign(new Error('x'), { code: 401 }))).toBe(false)
    expect(isBusinessError(new BusinessError(12, 'x'))).toBe(false)
    expect(isBusinessError({ code: 401, message: 'x', name: 'BusinessError' })).toBe(false)
    expect(isBusinessError(undefined)).toBe(false)
  })
})
