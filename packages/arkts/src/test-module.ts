import type { ProjectFolder } from './project-folder.ts'
import type { Project } from './project.ts'
import { SourceFiles } from './source-files.ts'

/** The tests of a module: `src/ohosTest`, written for `@ohos/hypium`. */
export interface TestModule {
  /** The module that is tested, e.g. `entry`. */
  readonly module: string
  /** Relative to the project folder, e.g. `entry/src/ohosTest`. */
  readonly path: string
  /** The file whose default export declares all suites, relative to the project folder. */
  readonly source: string
  /** Its key among the scripts of an archive. */
  readonly key: string
}

/** Where the list of all suites is, as DevEco Studio makes it, in the order in which it is looked for. */
const suiteFiles = ['ets/test/List.test', 'ets/test/index', 'ets/test/Ability.test']

/**
 * Finds the tests of a project. A module without `src/ohosTest`, or without a list of suites in it, has none.
 *
 * @returns in the order of the modules
 */
export async function readTestModules(folder: ProjectFolder, project: Project): Promise<TestModule[]> {
  const found: TestModule[] = []
  const files = new SourceFiles()
  for (const { name, path } of project.modules) {
    const tests = `${path}/src/ohosTest`
    const place = await folder.resolve(tests)
    if (typeof place === 'string') continue
    const file = suiteFiles
      .map((suite) => files.find(`${place.path}/${suite}`))
      .find((each) => each !== undefined)
    if (file !== undefined)
      found.push({ module: name, path: tests, source: folder.show(file), key: testKey(name) })
  }
  return found
}

/** Where the script of a module's tests lies in an archive. No ability can have this name. */
export function testKey(module: string): string {
  return `${module}-ohosTest`
}
