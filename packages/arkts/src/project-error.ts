/** Something wrong in a project, at a place its author can open. */
export interface ProjectProblem {
  /** Path relative to the project folder, with `/`; `.` for the folder itself. */
  readonly file: string
  /** From 1; 0 when the whole file is meant. */
  readonly line: number
  /** From 1; 0 when the whole file or line is meant. */
  readonly column: number
  /** Path of the JSON5 key, e.g. `module.abilities[0].srcEntry`, or the import; `''` when there is none. */
  readonly key: string
  readonly reason: string
  /** What to do about it; `''` when the reason says it all. */
  readonly hint: string
}

/** A project that cannot be read, compiled or packed. Its message is one line per problem and needs no stack trace. */
export class ProjectError extends Error implements ProjectProblem {
  override readonly name = 'ProjectError'
  /** All that was found at once; the fields of the error itself repeat the first. */
  readonly problems: readonly ProjectProblem[]
  readonly file: string
  readonly line: number
  readonly column: number
  readonly key: string
  readonly reason: string
  readonly hint: string

  constructor(first: ProjectProblem, ...others: ProjectProblem[]) {
    const problems = [first, ...others]
    super(problems.map(describeProblem).join('\n'))
    this.problems = problems
    this.file = first.file
    this.line = first.line
    this.column = first.column
    this.key = first.key
    this.reason = first.reason
    this.hint = first.hint
  }
}

/** One line: `entry/src/main/module.json5:12:5: module.type: … (hint)`. */
export function describeProblem(problem: ProjectProblem): string {
  const position = problem.line > 0 ? `:${problem.line}${problem.column > 0 ? `:${problem.column}` : ''}` : ''
  const key = problem.key === '' ? '' : `${problem.key}: `
  const hint = problem.hint === '' ? '' : ` (${problem.hint})`
  return `${problem.file}${position}: ${key}${problem.reason}${hint}`
}

/** A problem with a file as a whole. */
export function fileProblem(file: string, reason: string, hint = ''): ProjectProblem {
  return { file, line: 0, column: 0, key: '', reason, hint }
}

/** Each once: two entries that import the same file find the same mistake in it. */
export function distinctProblems(problems: readonly ProjectProblem[]): ProjectProblem[] {
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()]
}
