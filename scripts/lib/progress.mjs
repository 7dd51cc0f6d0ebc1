import { spawn } from 'node:child_process'
import { styleText } from 'node:util'

const colour = (style, text) =>
  process.stderr.isTTY && !process.env.NO_COLOR ? styleText(style, text) : text

/** Says one line to the person who waits; standard output stays free for results. */
export function say(text) {
  process.stderr.write(`${text}\n`)
}

/**
 * Runs a command and shows its name, then how long it took; its output only when it fails or `show` asks for it.
 *
 * @param {string} title what the step does, in a few words
 * @param {string} command
 * @param {string[]} args
 * @param {{ show?: boolean, env?: NodeJS.ProcessEnv, cwd?: string }} [options]
 * @returns {Promise<void>} rejects with a short message when the exit code is not 0
 */
export async function step(title, command, args, options = {}) {
  const startedAt = Date.now()
  say(`${colour('cyan', '›')} ${title} …`)
  const chunks = []
  const code = await new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: ['ignore', options.show ? 'inherit' : 'pipe', options.show ? 'inherit' : 'pipe'],
    })
    child.stdout?.on('data', (chunk) => chunks.push(chunk))
    child.stderr?.on('data', (chunk) => chunks.push(chunk))
    child.on('error', reject)
    child.on('close', (exitCode, signal) => resolve(exitCode ?? signal))
  })
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1)
  if (code !== 0) {
    process.stderr.write(Buffer.concat(chunks))
    throw new StepFailed(`${title}: \`${command} ${args.join(' ')}\` ended with ${code} after ${seconds} s`)
  }
  say(`${colour('green', '✓')} ${title} (${seconds} s)`)
}

/** A step of a script that failed; its message is for the person who ran it, without a stack. */
export class StepFailed extends Error {
  name = 'StepFailed'
}

/** Runs a script's main function: a StepFailed ends it with its message and exit code 1. */
export async function main(run) {
  try {
    process.exitCode = (await run()) ?? 0
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error
    say(`${colour('red', '✗')} ${error.message}`)
    process.exitCode = 1
  }
}
