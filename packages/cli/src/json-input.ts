import { errorText } from '@vpnext/native'
import type { CliContext } from './context.ts'
import { exitCodes } from './exit-codes.ts'
import { CliFailure } from './cli-failure.ts'
import { readNamedFile } from './named-file.ts'

/** More than any configuration needs; a pipe that never ends is no configuration. In bytes. */
const longest = 16 * 1024 * 1024

/**
 * Reads a JSON object that a person names on the command line.
 *
 * @param path of a file; `-` for standard input
 * @throws CliFailure 5 when there is no such file, 1 when it holds something else
 */
export async function readJsonObject(context: CliContext, path: string): Promise<object> {
  const where = path === '-' ? 'standard input' : path
  const text =
    path === '-'
      ? await readStandardInput(context)
      : (await readNamedFile(path, longest, context.signal)).bytes.toString('utf8')
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    const reason = errorText(error)
    throw new CliFailure(exitCodes.failure, `${where} is no JSON: ${reason}`, { cause: error })
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  throw new CliFailure(exitCodes.failure, `${where}: a JSON object is needed`)
}

/** All of standard input as text. @throws CliFailure when it is very long */
export async function readStandardInput({ stdin, signal }: CliContext): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  const stop = (): void => void stdin.destroy()
  signal.throwIfAborted()
  signal.addEventListener('abort', stop, { once: true })
  try {
    for await (const chunk of stdin) {
      const part: unknown = chunk
      const bytes = Buffer.isBuffer(part) ? part : Buffer.from(String(part))
      length += bytes.length
      if (length > longest) {
        throw new CliFailure(exitCodes.failure, `standard input: more than ${longest} bytes`)
      }
      chunks.push(bytes)
    }
  } finally {
    signal.removeEventListener('abort', stop)
  }
  return Buffer.concat(chunks).toString('utf8')
}
