/** What a program at one end does once it is configured. */
export type Answer = (question: unknown) => unknown

/**
 * The life of a program at one end: its first message configures it, each further one is a question.
 *
 * @param start configures; resolves when packets flow, with what answers questions
 */
export function runEnd(start: (config: unknown) => Promise<Answer> | Answer): void {
  let answer: Promise<Answer> | undefined
  process.on('message', (message) => {
    const reply =
      answer === undefined
        ? (answer = Promise.resolve(start(message))).then(() => 'ready')
        : answer.then((ready) => ready(message))
    void reply.then((result) => process.send?.(result ?? null))
  })
  process.on('disconnect', () => process.exit())
}
