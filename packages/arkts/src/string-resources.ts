import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

import { readConfiguration } from './configuration-file.ts'
import { elementFile } from './configuration-schemas.ts'
import type { ProjectFolder } from './project-folder.ts'

const reference = /^\$string:(.+)$/

/** The `string` elements of one or more resource folders, in the default language (`base`). */
export class StringResources {
  readonly #values: ReadonlyMap<string, string>

  private constructor(values: ReadonlyMap<string, string>) {
    this.#values = values
  }

  /**
   * @param resourceFolders relative to the project, e.g. `AppScope/resources`; a later one wins. Missing ones are empty.
   * @throws ProjectError for an element file that is not as it should be
   */
  static async read(folder: ProjectFolder, resourceFolders: readonly string[]): Promise<StringResources> {
    const values = new Map<string, string>()
    for (const resources of resourceFolders) {
      const elements = `${resources}/base/element`
      const names = await readdir(join(folder.root, elements)).catch(() => [])
      for (const name of names.filter((candidate) => candidate.endsWith('.json')).toSorted()) {
        const file = await readConfiguration(folder, `${elements}/${name}`, elementFile)
        for (const { name: key, value } of file?.content.string ?? []) values.set(key, value)
      }
    }
    return new StringResources(values)
  }

  /** `$string:x` as its text, undefined when there is no `x`; any other text as it is. */
  expand(text: string): string | undefined {
    const name = reference.exec(text)?.[1]
    return name === undefined ? text : this.#values.get(name)
  }
}
