import { SystemError } from '@vpnext/native'
import { JournalError } from '@vpnext/network'
import { ServiceError } from '@vpnext/service'
import { publicInterface } from '@vpnext/service/protocol'
import { ConnectionError, varlinkError } from '@vpnext/varlink'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { exitCodes } from './exit-codes.ts'
import { CliFailure } from './cli-failure.ts'
import { explainFailure } from './failure.ts'

const businessError = (code: number): unknown =>
  varlinkError(publicInterface, 'BusinessError', {
    code,
    message: 'Text of the document.',
    reason: 'because',
  })

function nodeError(path: string): unknown {
  try {
    return readFileSync(path)
  } catch (error) {
    return error
  }
}

test.each([
  ['201', businessError(201), exitCodes.refused],
  ['2203001', businessError(2203001), exitCodes.refused],
  ['16000001', businessError(16000001), exitCodes.notFound],
  ['16000002', businessError(16000002), exitCodes.notFound],
  ['16000006', businessError(16000006), exitCodes.refused],
  ['16000050', businessError(16000050), exitCodes.failure],
  ['2200001', businessError(2200001), exitCodes.failure],
  [
    'MachineRefused',
    varlinkError(publicInterface, 'MachineRefused', { reason: 'ENOSPC: no space left on device, write' }),
    exitCodes.failure,
  ],
  [
    'NotPermitted',
    varlinkError(publicInterface, 'NotPermitted', { reason: 'you may not' }),
    exitCodes.refused,
  ],
  [
    'NoSuchBundle',
    varlinkError(publicInterface, 'NoSuchBundle', { bundleName: 'a.b.c' }),
    exitCodes.notFound,
  ],
  [
    'NoSuchRequest',
    varlinkError(publicInterface, 'NoSuchRequest', { bundleName: 'a.b.c' }),
    exitCodes.notFound,
  ],
  [
    'InvalidBundle',
    varlinkError(publicInterface, 'InvalidBundle', { field: 'app', reason: 'is bad' }),
    exitCodes.failure,
  ],
  ['a lost connection', new ConnectionError('closed', 'the connection was closed'), exitCodes.noService],
  ['another service', new ServiceError('in-use', '/state: is in use'), exitCodes.failure],
  ['a journal of another version', new JournalError('/journal', 'cannot be read'), exitCodes.failure],
  ['EPERM of the kernel', new SystemError(1, 'unshare'), exitCodes.refused],
  ['ENODEV of the kernel', new SystemError(19, 'ioctl'), exitCodes.failure],
  ['a missing file', nodeError('/nonexistent/file'), exitCodes.failure],
])('%s is explained, with its exit code', (_name, error, exitCode) => {
  const failure = explainFailure(error)
  expect(failure).toMatchObject({ exitCode, printed: 'nothing' })
  expect(failure?.message).toMatch(/\S/)
  expect(failure?.message).not.toContain('\n    at ')
})

test('an error of the document is told with its code, and whole to programs', () => {
  const failure = explainFailure(businessError(201))
  expect(failure?.message).toBe('Text of the document (201): because')
  expect(failure?.details).toMatchObject({ code: 201, reason: 'because' })
})

test('a failure whose cleaning up failed too is explained by the failure', () => {
  const first = new CliFailure(exitCodes.notFound, 'not there')
  const both = Object.assign(new Error('An error was suppressed during disposal.'), {
    name: 'SuppressedError',
    suppressed: first,
    error: new Error('cleaning up'),
  })
  expect(explainFailure(both)).toBe(first)
})

test.each([new TypeError('x is not a function'), new Error('something'), 'text', undefined])(
  'a fault of ours is not explained away: %s',
  (error) => {
    expect(explainFailure(error)).toBeUndefined()
  },
)
