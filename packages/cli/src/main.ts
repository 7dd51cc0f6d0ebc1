#!/usr/bin/env node
import { bundledCommand } from './bundled-command.ts'
import { traceToSources } from './trace-to-sources.ts'

const bundle = bundledCommand()
if (bundle === undefined) {
  await import('./command.ts')
} else {
  traceToSources()
  await import(bundle.href)
}
