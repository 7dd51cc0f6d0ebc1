/** What `Hypium.setData` takes: for suites and cases, how often they run and with which data. */
export class DataDriver {
  #suites: readonly object[] = []

  set(data: unknown): void {
    this.#suites = listOf(memberOf(data, 'suites'))
  }

  timesOfSuite(suite: string): number {
    return timesOf(this.#suiteOf(suite))
  }

  timesOfCase(suite: string, name: string): number {
    return timesOf(this.#caseOf(suite, name))
  }

  /** The data of each run of a case: those of the case, with the suite's added; without any, one empty run. */
  of(suite: string, name: string): readonly unknown[] {
    const common = memberOf(this.#suiteOf(suite), 'params')
    const own = listOf(memberOf(this.#caseOf(suite, name), 'params'))
    return own.length === 0 ? [common ?? {}] : own.map((each) => Object.assign({}, each, common))
  }

  #suiteOf(suite: string): object | undefined {
    return this.#suites.find((each) => {
      const names: unknown = memberOf(each, 'describe')
      return Array.isArray(names) && names.includes(suite)
    })
  }

  #caseOf(suite: string, name: string): object | undefined {
    return listOf(memberOf(this.#suiteOf(suite), 'items')).find((each) => memberOf(each, 'it') === name)
  }
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}

function listOf(value: unknown): object[] {
  if (!Array.isArray(value)) return []
  return value.filter((each: unknown): each is object => typeof each === 'object' && each !== null)
}

function timesOf(value: unknown): number {
  const times = memberOf(value, 'stress')
  return typeof times === 'number' && Number.isInteger(times) && times >= 1 ? times : 1
}
