import { elementFile } from './configuration-schemas.ts'
import { jsonFilesIn } from './json-files.ts'
import type { ProjectProblem } from './project-error.ts'
import type { ProjectFolder } from './project-folder.ts'

const reference = /^\$string:(.+)$/

/** A text and the way to the element that holds it. */
interface StringResource {
  readonly value: string
  problem(reason: string): ProjectProblem
}

/** The `string` elements of one or more resource folders, in the default language (`base`). */
export class StringResources {
  readonly #values: ReadonlyMap<string, StringResource>

  private constructor(values: ReadonlyMap<string, StringResource>) {
    this.#values = values
  }

  /**
   * @param resourceFolders relative to the project, e.g. `AppScope/resources`; a later one wins. Missing ones are empty.
   * @throws ProjectError for an element file that is not as it should be
   */
  static async read(folder: ProjectFolder, resourceFolders: readonly string[]): Promise<StringResources> {
    const values = new Map<string, StringResource>()
    for (const resources of resourceFolders) {
      for await (const { file } of jsonFilesIn(folder, `${resources}/base/element`, elementFile)) {
        for (const [index, { name: key, value }] of file.content.string.entries()) {
          values.set(key, { value, problem: (reason) => file.problem(['string', index, 'value'], reason) })
        }
      }
    }
    return new StringResources(values)
  }

  /** `$string:x` as its text, undefined when there is no `x`; any other text as it is. */
  expand(text: string): string | undefined {
    const name = reference.exec(text)?.[1]
    return name === undefined ? text : this.#values.get(name)?.value
  }

  /** A problem with the text that `$string:x` stands for, at its element; undefined for any other text. */
  problemWith(text: string, reason: string): ProjectProblem | undefined {
    const name = reference.exec(text)?.[1]
    return name === undefined ? undefined : this.#values.get(name)?.problem(reason)
  }
}
