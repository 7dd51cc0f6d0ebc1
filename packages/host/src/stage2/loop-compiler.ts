import { statSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'

/** Bytes. In a longer script compiling the loop pays: without it node takes about 50 ns a byte. */
const SHORT = 65_536

/**
 * Loads a script while V8 compiles no loop that is running (on-stack replacement), if the script is short. Node counts the
 * lines of a script that has a source map, character by character. V8 takes that loop for hot and spends 3 to 5 ms on it
 * in another thread, which then has the processor when the service wants it: for the `create` with which an extension
 * begins. With two processors that `create` took a third longer.
 *
 * @param load resumes when the script runs, because its own loops may be worth it; else that is done when it returns
 */
export function withoutLoopCompiler<T>(path: string, load: (resume: () => void) => T): T {
  if (!isShort(path)) return load(() => undefined)
  let isPaused = true
  const resume = (): void => {
    if (isPaused) setFlagsFromString('--use-osr')
    isPaused = false
  }
  setFlagsFromString('--no-use-osr')
  try {
    return load(resume)
  } finally {
    resume()
  }
}

function isShort(path: string): boolean {
  const size = statSync(path, { throwIfNoEntry: false })?.size
  return size !== undefined && size <= SHORT
}
