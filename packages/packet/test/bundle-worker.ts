import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

import { buildSync } from 'esbuild'

const here = import.meta.dirname

/** A worker program as one file that plain node runs, made from the sources under test. */
export interface WorkerBundle extends Disposable {
  readonly url: URL
}

/** @param entry its source; default: the pump's own */
export function bundleWorker(entry: string = join(here, '../src/pump/pump-worker.ts')): WorkerBundle {
  const folder = mkdtempSync(join(tmpdir(), 'vpnext-packet-'))
  const path = join(folder, 'worker.mjs')
  const koffi = resolve(here, '../../../node_modules/koffi/index.js')
  buildSync({
    entryPoints: [entry],
    outfile: path,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['@vpnext/source'],
    alias: { koffi },
    external: [koffi],
  })
  return {
    url: pathToFileURL(path),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}
