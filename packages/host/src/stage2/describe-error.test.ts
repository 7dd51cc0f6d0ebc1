import { businessError } from '@vpnext/api'
import { expect, test } from 'vitest'

import { longText, shortText } from './describe-error.ts'

test('an error is told with what a BusinessError says more; the long text has its stack', () => {
  const error = businessError(401, { field: 'config.mtu', reason: 'is no number' })
  expect(shortText(error)).toBe('BusinessError: Parameter error. (code 401; config.mtu; is no number)')
  expect(longText(error)).toMatch(
    /^BusinessError: Parameter error\.\n +at (.|\n)*\(code 401; config\.mtu; is no number\)$/,
  )
  expect([shortText('text'), longText(null)]).toEqual(["'text'", 'thrown: null'])
})

class Hostile extends Error {
  override get message(): string {
    throw new Error('not to be read')
  }
  override get stack(): string {
    throw new Error('not to be read')
  }
}
const hostileData = Object.assign(new Error('x'), { data: { value: Object.create(null) } })
const hostileProxy = new Proxy(
  {},
  {
    getPrototypeOf: () => {
      throw new Error('not to be asked')
    },
  },
)

test.each([[new Hostile()], [hostileData], [hostileProxy]])(
  'an error that throws when it is looked at',
  (error) => {
    expect(shortText(error)).toBe('an error that throws when it is looked at')
    expect(longText(error)).toBe('an error that throws when it is looked at')
  },
)
