import type { Readable } from 'node:stream'
import { LineSplitter } from './line-splitter.ts'

/** Gives out the lines of a stream, of which a piece is read in each turn of the event loop: whoever writes without end keeps nobody waiting. */
export function readLines(stream: Readable | null, onLine: (line: string) => void): void {
  const splitter = new LineSplitter(onLine)
  stream?.on('data', (bytes: Buffer) => {
    stream.pause()
    setImmediate(() => stream.resume())
    splitter.write(bytes)
  })
  stream?.once('end', () => splitter.end())
  stream?.once('error', () => splitter.end())
}
