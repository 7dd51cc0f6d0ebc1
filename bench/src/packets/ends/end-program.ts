/** What a program at one end does once it is configured. */
export type Answer = (question: unknown) => unknown

/** What a started program is: it answers, and may have something to do before it ends. */
export interface Started {
  readonly answer: Answer
  readonly close?: () => Promise<void>
}

/**
 * The life of a program at one end: its first message configures it, each further one is a question. It ends when whoever
 * asks is gone.
 *
 * @param start configures; resolves when packets flow
 */
export function runEnd(start: (config: unknown) => Promise<Started> | Started): void {
  let started: Promise<Started> | undefined
  process.on('message', (message) => {
    const reply =
      started === undefined
        ? (started = Promise.resolve(start(message))).then(() => 'ready')
        : started.then(({ answer }) => answer(message))
    void reply.then((result) => process.send?.(result ?? null))
  })
  process.on('disconnect', () => {
    void Promise.resolve(started)
      .then((running) => running?.close?.())
      .finally(() => process.exit())
  })
}
