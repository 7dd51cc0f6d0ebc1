import type { Command } from 'commander'
import { createProgram } from '../src/program.ts'
import { recordingContext } from './recording-context.ts'

/** One verb as a person types it. */
export interface Verb {
  /** E.g. `consent allow`. */
  readonly name: string
  readonly command: Command
}

/** Every verb that does something, without `help`; a group such as `consent` is none itself. */
export function listVerbs(): Verb[] {
  return leaves(createProgram(recordingContext()), [])
}

/** Groups of verbs, such as `consent`. */
export function listGroups(): Verb[] {
  return createProgram(recordingContext())
    .commands.filter((command) => command.commands.length > 0)
    .map((command) => ({ name: command.name(), command }))
}

function leaves(parent: Command, path: readonly string[]): Verb[] {
  return parent.commands.flatMap((command) => {
    const names = [...path, command.name()]
    return command.commands.length === 0 ? [{ name: names.join(' '), command }] : leaves(command, names)
  })
}
