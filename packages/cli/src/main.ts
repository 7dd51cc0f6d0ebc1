#!/usr/bin/env node
import { bundledCommand } from './bundled-command.ts'
import { leaveClosedFolder } from './closed-folder.ts'
import { traceToSources } from './trace-to-sources.ts'

leaveClosedFolder()
const bundle = bundledCommand()
if (bundle === undefined) {
  await import('./command.ts')
} else {
  traceToSources()
  await import(bundle.href)
}
