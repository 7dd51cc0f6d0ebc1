import { existsSync, readFileSync } from 'node:fs'
import { SourceMap } from 'node:module'
import { fileURLToPath } from 'node:url'

/**
 * Lets stack traces name the sources of a bundle. Node's own way, `--enable-source-maps`, reads every map as its file is loaded, which
 * takes as long as the verb; this one reads a map when a trace is read. Where a map cannot be read, as by a process that is out of
 * descriptors, the trace names the bundle: whoever looks at an error must not get another one.
 */
export function traceToSources(): void {
  const maps = new Map<string, SourceMap | undefined>()
  const mapOf = (file: string): SourceMap | undefined => {
    try {
      if (!maps.has(file)) maps.set(file, readMap(file))
    } catch {
      return undefined
    }
    return maps.get(file)
  }
  Error.prepareStackTrace = (error, frames) =>
    [String(error), ...frames.map((frame) => `    at ${describeFrame(frame, mapOf)}`)].join('\n')
}

function describeFrame(frame: NodeJS.CallSite, mapOf: (file: string) => SourceMap | undefined): string {
  // oxlint-disable-next-line typescript/no-base-to-string -- V8 gives it a toString() of its own
  const text = String(frame)
  const [file, line, column] = [frame.getFileName(), frame.getLineNumber(), frame.getColumnNumber()]
  if (typeof file !== 'string' || line === null || column === null) return text
  const entry = mapOf(file)?.findEntry(line - 1, column - 1)
  if (entry === undefined || !('originalSource' in entry)) return text
  const source = fileURLToPath(new URL(entry.originalSource, file))
  return text.replace(
    `${file}:${line}:${column}`,
    `${source}:${entry.originalLine + 1}:${entry.originalColumn + 1}`,
  )
}

function readMap(file: string): SourceMap | undefined {
  if (!file.startsWith('file:')) return undefined
  const map = new URL(`${file}.map`)
  return existsSync(map) ? new SourceMap(JSON.parse(readFileSync(map, 'utf8'))) : undefined
}
