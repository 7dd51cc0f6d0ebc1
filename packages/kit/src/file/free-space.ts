import * as fs from 'node:fs'

import { bothForms } from '../call-forms.ts'
import { provide } from '../provided.ts'
import { pathArgument } from './arguments.ts'
import { type Forms, forms } from './operation.ts'

/** `statfs` of `@kit.CoreFileKit`: bytes of the file system that a path is in. */
export function statfsNamespace(): object {
  return provide('statfs', {
    ...bothForms({
      getFreeSize: ofFileSystem(({ bavail, bsize }) => bavail * bsize),
      getTotalSize: ofFileSystem(({ blocks, bsize }) => blocks * bsize),
    }),
  })
}

function ofFileSystem(tell: (facts: fs.StatsFs) => number): Forms<number> {
  return forms({
    read: ([path]) => pathArgument(path),
    now: (path) => tell(fs.statfsSync(path)),
    later: async (path) => tell(await fs.promises.statfs(path)),
  })
}
