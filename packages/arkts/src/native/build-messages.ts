import { basename, isAbsolute, join, relative } from 'node:path'

import type { ProjectProblem } from '../project-error.ts'
import { machineAbi } from './tool-chain-file.ts'

/** Problems that are told at once; a forgotten header makes hundreds. */
const maxProblems = 20
/** Lines of output that are shown when no message in them was understood. */
const lastLines = 20

/** Where the paths in the messages of a build start, and what they are shown relative to. */
export interface MessagePlaces {
  /** Absolute. */
  readonly project: string
  /** Folder that cmake names its files relative to, absolute. */
  readonly source: string
  /** Folder that the compiler ran in, absolute. */
  readonly build: string
}

/** Finds the errors in what cmake, a compiler of gcc's or clang's kind and a linker wrote. */
export function readBuildMessages(output: string, places: MessagePlaces): ProjectProblem[] {
  const lines = output.split('\n')
  const problems = new Map<string, ProjectProblem>()
  const objects = objectSources(output)
  const skipped = skippedLibraries(output)
  for (const [index, line] of lines.entries()) {
    const problem =
      compilerError(line, places) ??
      linkerError(line, objects, skipped, places) ??
      optionError(line, places) ??
      cmakeError(lines, index, places)
    if (problem !== undefined) problems.set(`${problem.file}:${problem.line}:${problem.reason}`, problem)
  }
  const found = [...problems.values()]
  if (found.length === 0) return [wholeOutput(lines, places)]
  if (found.length <= maxProblems) return found
  const rest = problemAt('', 0, 0, `and ${found.length - maxProblems} errors more`, places)
  return [...found.slice(0, maxProblems), rest]
}

/** GNU's assembler writes `Error`. */
function compilerError(line: string, places: MessagePlaces): ProjectProblem | undefined {
  const [, file, row, column, reason] =
    /^(?:In file included from )?([^\s:][^:]*):(\d+):(?:(\d+):)? (?:(?:fatal )?[Ee]rror|sorry, unimplemented): (.*)$/.exec(
      line,
    ) ?? []
  if (file === undefined || reason === undefined) return undefined
  const [, header] = /^'?([^\s':]+)'?(?: file not found|: No such file or directory)/.exec(reason) ?? []
  const hint = header === undefined ? languageHint(reason) : headerHint(header)
  return problemAt(
    join(isAbsolute(file) ? '/' : places.build, file),
    Number(row),
    Number(column ?? 0),
    reason,
    places,
    hint,
  )
}

/** What a compiler says of its options: `g++: error: unrecognized …`. `collect2` only repeats that the linker failed. */
function optionError(line: string, places: MessagePlaces): ProjectProblem | undefined {
  const [, tool, reason] = /^(?:\S*\/)?([^\s:/]+): (?:fatal )?error: (.+)$/.exec(line) ?? []
  if (tool === undefined || reason === undefined || tool === 'collect2' || /^ld\b/.test(tool))
    return undefined
  return problemAt('', 0, 0, `${tool}: ${reason}`, places)
}

/** Folders of the NDK's headers, and what lies in none. */
const isOfNdk =
  /^(\w+Kit\/|(network|netstack|bundle|database|hidebug|hiappevent|hicollie|hitrace|filemanagement|window_manager|ace|arkui|native_\w+|resourcemanager|ffrt|transient_task|telephony|huks|asset|multimedia|ohaudio)\/|(syscap_ndk|libipc_kit|ffrt)\.h$)/

function headerHint(header: string): string {
  if (isOfNdk.test(header))
    return `vpnext has no <${header}> of the HarmonyOS NDK; docs/extensions.md lists what there is`
  return ''
}

/** What gcc refuses of C++ that clang takes. */
const isOfClang =
  /^designator order for field|non-trivial designated initializers|changes meaning of|^'__(?:builtin|c11_atomic)_\w+' was not declared/

function languageHint(reason: string): string {
  if (isOfClang.test(reason))
    return 'the compiler of the device is clang, which may take it; with CC=clang CXX=clang++ vpnext builds with it'
  return ''
}

/** Libraries that the linker has found by name and cannot use, by their name without `lib` and `.so`. */
function skippedLibraries(output: string): Map<string, string> {
  const found = output.matchAll(/skipping incompatible (\S+) when searching for -l:?(\S+)/g)
  return new Map([...found].map(([, path = '', name = '']) => [name, path]))
}

const ownPlace = machineAbi() === 'arm64-v8a' ? 'in its place' : `into ${machineAbi()} beside arm64-v8a`
const builtElsewhere = `a library that was built for HarmonyOS cannot be linked for Linux; one for this machine belongs ${ownPlace}`

function linkerError(
  line: string,
  objects: ReadonlyMap<string, string>,
  skipped: ReadonlyMap<string, string>,
  places: MessagePlaces,
): ProjectProblem | undefined {
  const [, missing] =
    /ld(?:\.\w+)?: (?:error: )?(?:cannot find|unable to find library) -l:?(\S+?)(?::.*)?$/.exec(line) ?? []
  if (missing !== undefined) {
    const other = skipped.get(missing)
    if (other !== undefined)
      return problemAt(absolute(other, places), 0, 0, 'is not for this machine', places, builtElsewhere)
    const hint = 'neither this machine nor vpnext has it; docs/extensions.md tells of stand-ins'
    return problemAt('', 0, 0, `the linker finds no lib${missing}.so`, places, hint)
  }
  const [, file, row, name] =
    /^(?:\S*ld(?:\.\w+)?: )?(?:[^\s:]+\.o: in function [^:]*: ?)?([^\s:()]+):(?:(\d+)|\([^)]*\)): undefined reference to [`'](.+)'$/.exec(
      line,
    ) ?? []
  if (file !== undefined && name !== undefined)
    return undefinedSymbol(file, Number(row ?? 0), name, objects, places)
  const [, symbol] = /ld\.lld: error: undefined symbol: (.+)$/.exec(line) ?? []
  if (symbol !== undefined) return undefinedSymbol('', 0, symbol, objects, places)
  const [, object, wrong] =
    /ld(?:\.\w+)?: ([^\s:]+): (file not recognized.*|error adding symbols.*|incompatible with.*)$/.exec(
      line,
    ) ?? []
  if (object === undefined || wrong === undefined) return undefined
  return problemAt(absolute(object, places), 0, 0, wrong, places, builtElsewhere)
}

function absolute(path: string, { build }: MessagePlaces): string {
  return join(isAbsolute(path) ? '/' : build, path)
}

function undefinedSymbol(
  file: string,
  row: number,
  name: string,
  objects: ReadonlyMap<string, string>,
  places: MessagePlaces,
): ProjectProblem {
  const path = file === '' ? '' : join(isAbsolute(file) ? '/' : places.source, objects.get(file) ?? file)
  const hint = /^(OH_|OHOS_|ArkUI_)/.test(name) ? 'this function of the HarmonyOS NDK is not in vpnext' : ''
  return problemAt(path, row, 0, `undefined reference to ${name}`, places, hint)
}

/** The linker knows a source's name alone; the objects' paths, `CMakeFiles/entry.dir/core/tun.cpp.o`, have the rest. */
function objectSources(output: string): Map<string, string> {
  const sources = new Map<string, string>()
  for (const [, path] of output.matchAll(/CMakeFiles\/[^/\s]+\.dir\/(\S+)\.o(?=[:\s)])/g))
    if (path !== undefined) sources.set(basename(path), path)
  return sources
}

function cmakeError(
  lines: readonly string[],
  index: number,
  places: MessagePlaces,
): ProjectProblem | undefined {
  const [, file, row, command] =
    /^CMake Error(?: \(dev\))? at ([^\s:]+):(\d+)(?: \((\w+)\))?:/.exec(lines[index] ?? '') ?? []
  if (file === undefined) {
    const [, general] = /^CMake Error: (.+)$/.exec(lines[index] ?? '') ?? []
    return general === undefined ? undefined : problemAt('', 0, 0, general, places)
  }
  // What a project says itself has paragraphs, of which the last may say what to do; cmake's own advice is left out.
  const isOwn = command === 'message'
  const text: string[] = []
  for (let next = index + 1; next < lines.length && text.length < (isOwn ? 12 : 6); next += 1) {
    const line = lines[next] ?? ''
    if (/^\S/.test(line)) break
    // What a sentence ends with stands below a blank line.
    if (!isOwn && line.trim() === '' && text.length > 0 && text.at(-1)?.endsWith(':') !== true) break
    if (line.trim() !== '') text.push(line.trim())
  }
  const reason = `${command === undefined ? '' : `${command}: `}${text.join(' ')}`
  const path = join(isAbsolute(file) ? '/' : places.source, file)
  return problemAt(path, Number(row), 0, reason, places, isOwn ? definitionHint(reason) : '')
}

/** A project's own words often name an option of cmake's, which has its place in DevEco Studio's files. */
function definitionHint(reason: string): string {
  const [definition] = /(?<=^|\s)-D\s?\w+(?:=\w+)?/.exec(reason) ?? []
  if (definition === undefined) return ''
  return `${definition} belongs into buildOption.externalNativeOptions.arguments of the module's build-profile.json5`
}

function wholeOutput(lines: readonly string[], places: MessagePlaces): ProjectProblem {
  const text = lines
    .filter((line) => line.trim() !== '')
    .slice(-lastLines)
    .join('\n')
  return problemAt('', 0, 0, `the build failed; its last words:\n${text}`, places)
}

/** @param path absolute; `''` for the CMakeLists.txt as a whole */
function problemAt(
  path: string,
  line: number,
  column: number,
  reason: string,
  places: MessagePlaces,
  hint = '',
): ProjectProblem {
  const shown = relative(places.project, path === '' ? join(places.source, 'CMakeLists.txt') : path)
  const file = shown.startsWith('..') ? path : shown
  return { file, line, column, key: '', reason: reason.replaceAll(`${places.project}/`, ''), hint }
}
