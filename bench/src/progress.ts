/** What a person who waits sees on standard error. */
export interface Progress {
  step(text: string): void
  /** Part of the step that is under way: rewrites its line on a terminal, says nothing elsewhere. */
  part(done: number, of: number): void
  /** Ends the line. */
  done(): void
}

/** @param stream where to; `isTTY` decides whether lines are rewritten */
export function createProgress(stream: NodeJS.WriteStream): Progress {
  let current = ''
  return {
    step(text) {
      this.done()
      current = text
      stream.write(stream.isTTY ? `› ${text} …` : `› ${text}\n`)
    },
    part(done, of) {
      if (stream.isTTY) stream.write(`\r› ${current} … ${done}/${of}`)
    },
    done() {
      if (current !== '' && stream.isTTY) stream.write('\n')
      current = ''
    },
  }
}
