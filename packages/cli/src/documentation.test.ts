import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { listVerbs } from '../test/verb-list.ts'
import { exitCodes } from './exit-codes.ts'

const page = readFileSync(new URL('../../../docs/cli.md', import.meta.url), 'utf8')

/** The cells of the table below a heading, without header and rule. */
function rowsBelow(heading: string): string[][] {
  const section = page.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? ''
  const lines = section.split('\n').filter((line) => line.startsWith('|'))
  return lines.slice(2).map((line) =>
    line
      .split('|')
      .map((cell) => cell.trim())
      .slice(1, -1),
  )
}

const codesIn = (cell = ''): string[] => [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '')

test('docs/cli.md lists every verb and no other', () => {
  const documented = rowsBelow('Verbs').map(([verb]) => codesIn(verb).join())
  expect(documented.toSorted()).toEqual(
    listVerbs()
      .map(({ name }) => name)
      .toSorted(),
  )
})

test.each(listVerbs())('docs/cli.md lists what $name takes and no more', ({ name, command }) => {
  const row = rowsBelow('Verbs').find(([verb]) => codesIn(verb).join() === name)
  const options = command.options.map((option) => option.long ?? '')
  const words = command.registeredArguments.map((argument) =>
    argument.required ? `<${argument.name()}>` : `[${argument.name()}]`,
  )
  expect(codesIn(row?.[1]).toSorted()).toEqual([...words, ...options].toSorted())
})

test('docs/cli.md lists every exit code and no other', () => {
  const documented = rowsBelow('Exit codes').map(([code]) => Number(code))
  expect(documented).toEqual(Object.values(exitCodes).toSorted((a, b) => a - b))
})
