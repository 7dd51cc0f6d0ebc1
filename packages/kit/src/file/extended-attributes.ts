import { extendedAttribute, setExtendedAttribute } from '@vpnext/native'

import { pathArgument } from './arguments.ts'
import { invalidArgument } from './file-error.ts'
import { type Forms, forms } from './operation.ts'

/** XATTR_NAME_MAX, include/uapi/linux/limits.h. */
const maxNameBytes = 255

/** `setxattr(path, key, value)`: a text beside the content of a file; `key` begins with `user.`. */
export const setxattr: Forms<void> = withPromise({
  read: ([path, key, value]) => {
    if (typeof value !== 'string') throw invalidArgument('value', 'is not a text')
    return { path: pathArgument(path), key: keyArgument(key), value }
  },
  now: ({ path, key, value }) => setExtendedAttribute(path, key, Buffer.from(value)),
})

/** `getxattr(path, key)`. */
export const getxattr: Forms<string> = withPromise({
  read: ([path, key]) => ({ path: pathArgument(path), key: keyArgument(key) }),
  now: ({ path, key }) => Buffer.from(extendedAttribute(path, key)).toString(),
})

function withPromise<Input, Output>(operation: {
  read: (args: readonly unknown[]) => Input
  now: (input: Input) => Output
}): Forms<Output> {
  return forms({ ...operation, later: async (input) => operation.now(input) })
}

function keyArgument(value: unknown): string {
  if (typeof value === 'string' && value !== '' && !value.includes('\0')) {
    if (Buffer.byteLength(value) <= maxNameBytes) return value
    throw invalidArgument('key', `has more than ${maxNameBytes} bytes`)
  }
  throw invalidArgument('key', 'is not a text')
}
