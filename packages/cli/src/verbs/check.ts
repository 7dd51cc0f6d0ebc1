import type { StrictnessFinding, StrictnessReport } from '@vpnext/arkts'
import type { Command } from 'commander'
import { type CliContext, printResult } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { CliFailure } from '../cli-failure.ts'
import { visible } from '../text/visible.ts'
import { jsonOption, withExample } from './options.ts'

interface Options {
  readonly linter?: string
  readonly json?: boolean
}

/** `vpnext check <project>`: whether the device's compiler would take the code, by its own linter. */
export function addCheckVerb(program: Command, context: CliContext): void {
  const command = program
    .command('check <project>')
    .description('hold a HarmonyOS project against ArkTS’s rules, by the linter of the device’s compiler')
    .option('--linter <folder>', 'the package ohos-typescript, when it is not where vpnext has it')
    .addOption(jsonOption())
  withExample(command, 'vpnext check ./apps/hello-vpn').action(async (project: string, options: Options) => {
    const { checkProject } = await import('../check-project.ts')
    const report = await checkProject(project, context.signal, options.linter)
    printResult(context, options, report, () => reportLines(report))
    const breaches = report.findings.filter(isBreach)
    if (breaches.length === 0) return
    const files = new Set(breaches.map(({ file }) => file)).size
    throw new CliFailure(
      exitCodes.breaches,
      `${count(breaches.length, 'breach', 'breaches')} of ArkTS’s rules in ${files} of ${count(report.files.length, 'file')}`,
      { printed: 'the result' },
    )
  })
}

/** Warnings, and what may only look wrong here, are told and do not fail. */
function isBreach({ severity, uncertain }: StrictnessFinding): boolean {
  return severity === 'error' && !uncertain
}

/** A line for each finding, then what `perhaps` means or that all is well. */
export function reportLines({ files, findings }: StrictnessReport): string[] {
  const lines = findings.map(findingLine)
  if (findings.some(({ uncertain }) => uncertain)) lines.push(doubt)
  if (findings.some(isBreach)) return lines
  return [...lines, `${count(files.length, 'file')} as ArkTS wants ${files.length === 1 ? 'it' : 'them'}`]
}

const doubt =
  'perhaps: it rests on types, and the file uses some that vpnext has no declarations of, as those of pages are'

function findingLine({ file, line, column, rule, severity, text, uncertain }: StrictnessFinding): string {
  const kind = uncertain ? 'perhaps ' : severity === 'warning' ? 'warning ' : ''
  return visible(`${file}:${line}:${column}: ${kind}${rule}: ${text}`)
}

function count(number: number, one: string, several = `${one}s`): string {
  return `${number} ${number === 1 ? one : several}`
}
