import { expect, test } from 'vitest'

import { errnoName } from '../../system-error.ts'
import { nftErrno } from './nft-error.ts'

test.each([
  ['Error: Could not process rule: No such file or directory\nlist table inet x\n^^^^', 'ENOENT'],
  ['Error: No such file or directory; did you mean table ‘a’ in family inet?\nlist table inet b', 'ENOENT'],
  ['/dev/stdin:1:1-3: Error: Could not process rule: File exists', 'EEXIST'],
  ['internal:0:0-0: Error: Could not process rule: Operation not permitted\n', 'EPERM'],
  ['Error: syntax error, unexpected newline\nadd table', 'EINVAL'],
  ['', 'EINVAL'],
])('the error number is found in nft’s text: %s', (text, code) => {
  expect(errnoName(nftErrno(text))).toBe(code)
})
