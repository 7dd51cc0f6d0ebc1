import { basename, dirname } from 'node:path'

/** `fileIo.File`: an open file. It is closed with `fileIo.close`. */
export class KitFile {
  readonly fd: number
  readonly path: string
  readonly name: string

  constructor(fd: number, path: string) {
    this.fd = fd
    this.path = path
    this.name = basename(path)
  }

  getParent(): string {
    return dirname(this.path)
  }
}
