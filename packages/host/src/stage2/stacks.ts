import { imageFolder } from './places.ts'

/** Frames of a stack. Between two of the author's there may be more of vpnext's than the ten that V8 keeps. */
const mostFrames = 64

/** Lets the stacks of errors reach the author's code, and name its files and lines. */
export function tellStacks(): void {
  Error.stackTraceLimit = mostFrames
  process.setSourceMapsEnabled(true)
}

/**
 * A stack as its author reads it: without the frames below the author's first, which are those of whoever called it.
 *
 * @param isReported the error is one that the API documents, so that where vpnext made it says nothing either
 * @returns the whole stack when nothing in it is the author's
 */
export function authorsStack(stack: string, isReported: boolean): string {
  const lines = stack.split('\n')
  const last = lines.findLastIndex((line) => isFrame(line) && !isOwn(line))
  if (last === -1) return stack
  return lines
    .slice(0, last + 1)
    .filter((line) => !isReported || !isFrame(line) || !isOwn(line))
    .join('\n')
}

function isFrame(line: string): boolean {
  return /^\s+at /.test(line)
}

function isOwn(line: string): boolean {
  return line.includes(`(${imageFolder}/`) || line.includes(` ${imageFolder}/`) || /[( ]node:/.test(line)
}
