import { readFileSync, realpathSync, statSync } from 'node:fs'
import { isAbsolute, join, relative, sep } from 'node:path'

import { ProjectError, fileProblem } from './project-error.ts'
import { realPathOf } from './real-path.ts'

/** Largest JSON5 file read, in bytes: real ones have a few thousand. */
const maxConfigurationBytes = 1024 * 1024

/**
 * The one folder a project may read from. Links are followed, and must end inside it. Nothing is read in another thread: that takes longer
 * than to read what is small.
 */
export class ProjectFolder {
  /** Absolute, without symbolic links. */
  readonly root: string

  private constructor(root: string) {
    this.root = root
  }

  /** @throws ProjectError when `folder` is no readable folder */
  static async open(folder: string): Promise<ProjectFolder> {
    const root = realPathOf(folder)
    if (root === undefined || !statSync(root).isDirectory()) {
      throw new ProjectError(fileProblem(folder, 'is not a folder', 'give the folder that holds AppScope'))
    }
    return new ProjectFolder(root)
  }

  /**
   * What a path inside the project really is.
   *
   * @param path relative to the project folder, or absolute
   * @returns the absolute path without links; `'missing'`; or `'outside'` when it leaves the project
   * @throws ProjectError when a folder on the way is closed to this user
   */
  async resolve(path: string): Promise<{ readonly path: string } | 'missing' | 'outside'> {
    const absolute = isAbsolute(path) ? path : join(this.root, path)
    if (!this.holds(absolute)) return 'outside'
    const real = realPathOf(absolute)
    if (real === undefined) {
      if (isClosed(absolute)) throw new ProjectError(fileProblem(this.show(absolute), 'is closed to you'))
      return 'missing'
    }
    return this.holds(real) ? { path: real } : 'outside'
  }

  /** As {@link resolve}, for what is read: `'no-file'` for a folder, and for a pipe or a device, which may never end. */
  async resolveFile(path: string): Promise<{ readonly path: string } | 'missing' | 'outside' | 'no-file'> {
    const found = await this.resolve(path)
    return typeof found === 'string' || statSync(found.path).isFile() ? found : 'no-file'
  }

  /** Whether an absolute path is the folder or lies in it, by its text alone. */
  holds(absolute: string): boolean {
    return absolute === this.root || absolute.startsWith(this.root + sep)
  }

  /** An absolute path as messages show it: relative to the project, with `/`. */
  show(absolute: string): string {
    const shown = relative(this.root, absolute)
    return shown === '' ? '.' : shown.split(sep).join('/')
  }

  /**
   * Reads a UTF-8 file of the project.
   *
   * @param path relative to the project folder
   * @returns undefined when there is no such file
   * @throws ProjectError when it leaves the project, is no file, is too large or is not UTF-8
   */
  async readText(path: string): Promise<string | undefined> {
    const found = await this.resolveFile(path)
    if (found === 'missing') return undefined
    if (found === 'outside') throw new ProjectError(fileProblem(path, 'leaves the project folder'))
    if (found === 'no-file') throw new ProjectError(fileProblem(path, 'is not a file'))
    const { size } = statSync(found.path)
    if (size > maxConfigurationBytes) {
      throw new ProjectError(fileProblem(path, `has ${size} bytes, more than ${maxConfigurationBytes}`))
    }
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(found.path))
    } catch (error) {
      const reason = error instanceof TypeError ? 'is not UTF-8' : 'cannot be read'
      throw new ProjectError(fileProblem(path, reason))
    }
  }
}

function isClosed(path: string): boolean {
  try {
    realpathSync.native(path)
    return false
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EACCES'
  }
}
