import { styleText } from 'node:util'
import type { CliContext } from '../context.ts'

/** Says on standard error what the demo does, and how long each step took. */
export interface Teller {
  /** Runs one step; its title appears before it starts. */
  step<T>(title: string, action: () => Promise<T>): Promise<T>
  line(text: string): void
}

/** Steps shorter than this need no time behind them, in ms. */
const noticeable = 500

export function createTeller(context: CliContext): Teller {
  const colour = (style: 'cyan' | 'green' | 'red', text: string): string =>
    context.stderr.isTTY === true && context.env['NO_COLOR'] === undefined ? styleText(style, text) : text
  const line = (text: string): void => void context.stderr.write(`${text}\n`)
  return {
    line,
    async step(title, action) {
      line(`${colour('cyan', '›')} ${title} …`)
      const startedAt = performance.now()
      try {
        const result = await action()
        const took = performance.now() - startedAt
        if (took >= noticeable) line(`${colour('green', '✓')} ${title} (${(took / 1000).toFixed(1)} s)`)
        return result
      } catch (error) {
        line(`${colour('red', '✗')} ${title}`)
        throw error
      }
    },
  }
}
