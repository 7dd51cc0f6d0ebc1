import type { CliContext } from './context.ts'

/** Why a command ends before it is done; the reason of its context's signal. */
export class Interruption extends Error {
  override readonly name = 'Interruption'
  /**
   * A signal; `no-answer`: the person closed a question; `parent`: the command that this one is a part of has stopped;
   * `output-closed`: whoever read the output went away, as `head` does, which is nobody's fault; `output-failed`: it could not
   * be written, which has been told.
   */
  readonly by: 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'no-answer' | 'parent' | 'output-closed' | 'output-failed'

  constructor(by: Interruption['by']) {
    super(by === 'no-answer' ? 'cancelled: nothing was decided' : `stopped by ${by}`)
    this.by = by
  }
}

/**
 * Runs what goes on until somebody interrupts it, so that the interruption is its proper end.
 *
 * @throws what the action throws while nobody has interrupted it
 */
export async function untilInterrupted(context: CliContext, action: () => Promise<void>): Promise<void> {
  try {
    await action()
  } catch (error) {
    if (!context.signal.aborted) throw error
  }
}
