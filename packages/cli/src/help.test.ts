import { expect, test } from 'vitest'
import { recordingContext } from '../test/recording-context.ts'
import { type Verb, listGroups, listVerbs } from '../test/verb-list.ts'
import { exitCodes } from './exit-codes.ts'
import { createProgram } from './program.ts'
import { runCli } from './run-cli.ts'
import { joinParameterPairs } from './verbs/start-parameters.ts'

async function helpOf({ name }: Pick<Verb, 'name'>): Promise<string> {
  const context = recordingContext()
  expect(await runCli([...name.split(' '), '--help'], context)).toBe(exitCodes.success)
  expect(context.errors()).toBe('')
  return context.output()
}

const exampleOf = (help: string): string | undefined => /\nExample:\n {2}vpnext (.+)\n/.exec(help)?.[1]

test.each([...listVerbs(), ...listGroups()])('$name has help with an example of itself', async (verb) => {
  const help = await helpOf(verb)
  expect(help).toContain(`Usage: vpnext ${verb.name} `)
  // Long ones are broken into lines.
  expect(help.replaceAll(/\s+/g, ' ')).toContain(verb.command.description())
  expect(exampleOf(help)).toMatch(new RegExp(`^${verb.name}\\b`))
})

test.each(listVerbs())('the example of $name is a command line that the verb takes', async (verb) => {
  const words = (exampleOf(await helpOf(verb)) ?? '').split(' ')
  const program = createProgram(recordingContext())
  const command = verb.name.split(' ').reduce((parent, name) => {
    const child = parent.commands.find((candidate) => candidate.name() === name)
    if (child === undefined) throw new Error(`no ${name}`)
    return child
  }, program)
  let ran = false
  command.action(() => {
    ran = true
  })
  await program.parseAsync(joinParameterPairs(words), { from: 'user' })
  expect(ran).toBe(true)
})

test('the help of every verb is what it was', async () => {
  const names = ['', ...listGroups().map(({ name }) => name), ...listVerbs().map(({ name }) => name)]
  const texts: string[] = []
  for (const name of names) {
    const context = recordingContext()
    await runCli([...name.split(' ').filter((word) => word !== ''), '--help'], context)
    texts.push(`$ vpnext ${name}${name === '' ? '' : ' '}--help\n${context.output()}`)
  }
  await expect(texts.join('\n')).toMatchFileSnapshot('../test/help.txt')
})

test.each([
  [[], ''],
  [['nosuch'], "unknown command 'nosuch'"],
  [['start'], "missing required argument 'bundle'"],
  [['start', 'a.b.c', 'A', 'more'], 'too many arguments'],
  [['status', '--nope'], "unknown option '--nope'"],
  [['logs', '-n', 'x'], 'A whole number from 0 to 100000 is needed'],
  [['logs', '-n', '-1'], 'A whole number from 0 to 100000 is needed'],
  [['logs', '-n', '1e3'], 'A whole number from 0 to 100000 is needed'],
  [['service', 'run', '--consent-timeout', '0'], 'A whole number of seconds from 1 to 3600 is needed'],
  [['service', 'run', '--instance', 'Bad!'], '1 to 16 of a-z, 0-9 and - are needed'],
  [['doctor', '--instance', 'a'.repeat(17)], '1 to 16 of a-z, 0-9 and - are needed'],
  [['consent', 'allow', 'a.b.c', '--code', 'zz'], '64 of 0-9 and a-f are needed'],
  [['consent'], ''],
  [['service'], ''],
])('vpnext %j is a mistake: exit code 2, and what is wrong', async (args, message) => {
  const context = recordingContext()
  expect(await runCli(args, context)).toBe(exitCodes.usage)
  expect(context.output()).toBe('')
  expect(context.errors()).toContain(message)
  expect(context.errors()).toMatch(/--help|Usage:/)
  expect(context.errors()).not.toContain('    at ')
})

test('a mistake under --json is JSON too', async () => {
  const context = recordingContext()
  expect(await runCli(['start', '--json'], context)).toBe(exitCodes.usage)
  expect(JSON.parse(context.output())).toEqual({
    error: { message: "missing required argument 'bundle'", exitCode: exitCodes.usage },
  })
})

test('--version tells the version', async () => {
  const context = recordingContext()
  expect(await runCli(['--version'], context)).toBe(exitCodes.success)
  expect(context.output()).toMatch(/^\d+\.\d+\.\d+\n$/)
})
