import { check, declare, declareRaw } from './libc.ts'

const replaceImage = declareRaw<
  [path: string, argv: readonly (string | null)[], env: readonly (string | null)[]]
>('int execve(const char *, const char **, const char **)')
const control = declareRaw<[fd: number, command: number, value: number]>('int fcntl(int, int, int)')
const setSignalHandler = declare<[signal: number, handler: bigint | number], bigint | number>(
  'intptr_t signal(int, intptr_t)',
)

const F_GETFD = 1
const F_SETFD = 2
const SIGPIPE = 13
const SIG_DFL = 0

export interface ExecOptions {
  /** Descriptors the new program gets, besides 0, 1 and 2. All others that node opened close. Default none. */
  readonly keep?: readonly number[]
}

/**
 * Replaces this process by another program; returns only by throwing. All other threads end. SIGPIPE, which node
 * ignores, has its default action in the new program.
 *
 * @param path absolute
 * @param argv including argv[0]
 * @param env the whole new environment
 * @throws RangeError for NUL in any string
 * @throws SystemError ENOENT, EACCES, E2BIG, EPERM; descriptors and signals are as before then
 */
export function execve(
  path: string,
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
  options: ExecOptions = {},
): never {
  const entries = Object.entries(env).map(([name, value]) => `${name}=${value}`)
  for (const text of [path, ...argv, ...entries]) {
    if (text.includes('\0')) throw new RangeError('execve: NUL in the path, argv or env')
  }
  const inherited = [...new Set([0, 1, 2, ...(options.keep ?? [])])]
  const flags = inherited.map((fd) => control(fd, F_GETFD, 0))
  inherited.forEach((fd) => control(fd, F_SETFD, 0))
  const handler = setSignalHandler(SIGPIPE, SIG_DFL)

  const result = replaceImage(path, [...argv, null], [...entries, null])

  setSignalHandler(SIGPIPE, handler)
  inherited.forEach((fd, index) => control(fd, F_SETFD, Math.max(0, flags[index] ?? 0)))
  check(result, 'execve', path)
  throw new Error('execve: returned without an error')
}
