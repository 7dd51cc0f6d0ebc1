import { spawn } from 'node:child_process'

/** How a tool ended, and what it wrote on either output, in order. */
export interface ToolResult {
  readonly code: number
  readonly output: string
}

/** What is kept of an output, in UTF-16 units: errors come first, floods of warnings after. */
const maxOutput = 8 * 1024 * 1024

/**
 * Runs a program and waits for its end. Its messages are in English, so that they can be read.
 *
 * @throws the signal's reason when it aborts; the program and what it started are ended
 * @throws node's error of spawn
 */
export function runTool(
  command: string,
  args: readonly string[],
  options: { env?: Readonly<Record<string, string>>; signal?: AbortSignal | undefined } = {},
): Promise<ToolResult> {
  const { signal } = options
  signal?.throwIfAborted()
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      // A group of its own: a build tool has children.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, LC_ALL: 'C', CLICOLOR_FORCE: '0', TERM: 'dumb', ...options.env },
    })
    const chunks: string[] = []
    let length = 0
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        if (length < maxOutput) chunks.push(text)
        length += text.length
      })
    }
    const end = (): void => {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
    }
    signal?.addEventListener('abort', end, { once: true })
    child.once('error', reject)
    child.once('close', (code) => {
      signal?.removeEventListener('abort', end)
      if (signal?.aborted === true)
        reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'))
      else resolve({ code: code ?? 1, output: chunks.join('') })
    })
  })
}
