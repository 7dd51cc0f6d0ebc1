import { isDeepStrictEqual } from 'node:util'

import { build } from 'esbuild'

import { commonOptions } from './build-options.ts'
import type { Bundled, ScriptEntry } from './build-options.ts'
import { guessEntries } from './guess-entries.ts'
import { kitPatterns } from './import-names.ts'
import { importsPlugin } from './imports-plugin.ts'
import type { ImportAnswers } from './imports-plugin.ts'

/**
 * Compiles what the extensions of a project most likely are while what reads and checks the project is still being loaded. It is of use only
 * if that finds the same; nothing that is wrong is told from here.
 */
export class HeadStart implements Disposable {
  readonly #root: string
  readonly #entries: readonly ScriptEntry[]
  readonly #outcome: Promise<Bundled | undefined>
  /** Resolves when esbuild works by itself: from then on this thread may be busy. */
  readonly begun: Promise<unknown>
  #answer: (answers: ImportAnswers) => void = () => undefined
  #asked: () => void = () => undefined
  #giveUp: (reason: Error) => void = () => undefined

  private constructor(root: string, entries: readonly ScriptEntry[]) {
    this.#root = root
    this.#entries = entries
    const answering = new Promise<ImportAnswers>((resolve, reject) => {
      this.#answer = resolve
      this.#giveUp = reject
    })
    answering.catch(() => undefined)
    const begun = new Promise<void>((resolve) => {
      // When it has been told that it may begin.
      this.#asked = () => void setImmediate(resolve)
    })
    this.#outcome = build({
      ...commonOptions(root, entries),
      external: [...kitPatterns],
      plugins: [importsPlugin('names', answering, () => this.#asked())],
    }).catch(() => undefined)
    this.begun = Promise.race([begun, this.#outcome])
  }

  /**
   * Begins, with esbuild's process, which should have been started.
   *
   * @param path of a project's folder, as its user named it
   * @returns undefined where little can be known of it so soon
   */
  static begin(path: string): HeadStart | undefined {
    const guess = guessEntries(path)
    return guess === undefined ? undefined : new HeadStart(guess.root, guess.entries)
  }

  /**
   * What came of it, once it was found what had to be compiled.
   *
   * @param root the project's folder, absolute, without links
   * @param answers of who knows the project's imports
   * @returns undefined when something else was begun; resolves with undefined when it did not succeed
   */
  take(
    root: string,
    entries: readonly ScriptEntry[],
    answers: ImportAnswers,
  ): Promise<Bundled | undefined> | undefined {
    if (root !== this.#root || !isDeepStrictEqual(entries, this.#entries)) return undefined
    this.#answer(answers)
    return this.#checked(answers)
  }

  /** Files that are more than TypeScript are not esbuild's to read. */
  async #checked(answers: ImportAnswers): Promise<Bundled | undefined> {
    for (const { source } of this.#entries) {
      const wanted = await answers.resolve({ path: source, kind: 'entry-point', importer: '' })
      if (!isDeepStrictEqual(wanted, { path: `${this.#root}/${source}` })) return undefined
    }
    return await this.#outcome
  }

  /** Whatever esbuild still asks is not answered any more. */
  [Symbol.dispose](): void {
    this.#giveUp(new Error('nobody waits for it'))
  }
}
