import { errnoNumber } from '../../system-error.ts'

/** What strerror(3) says in the C locale, in which node runs, of the errors that nf_tables gives. */
const texts: ReadonlyMap<string, string> = new Map([
  ['Operation not permitted', 'EPERM'],
  ['No such file or directory', 'ENOENT'],
  ['Interrupted system call', 'EINTR'],
  ['File exists', 'EEXIST'],
  ['Device or resource busy', 'EBUSY'],
  ['Operation not supported', 'EOPNOTSUPP'],
  ['No such device', 'ENODEV'],
  ['No buffer space available', 'ENOBUFS'],
  ['Cannot allocate memory', 'ENOMEM'],
  ['Too many open files', 'EMFILE'],
  ['Numerical result out of range', 'ERANGE'],
])

/**
 * libnftables tells errors as text only. Finds the error number in the first line that ends in a known one
 * (`Error: Could not process rule: No such file or directory`).
 *
 * @returns EINVAL when there is none, as for syntax errors
 */
export function nftErrno(text: string): number {
  for (const line of text.split('\n')) {
    if (!line.includes('Error: ')) continue
    const reason =
      line
        .slice(line.lastIndexOf(': ') + 2)
        .split(';')[0]
        ?.trim() ?? ''
    const code = texts.get(reason)
    if (code !== undefined) return errnoNumber(code)
  }
  return errnoNumber('EINVAL')
}
