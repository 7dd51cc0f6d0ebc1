import type { Loader, OnLoadResult, OnResolveArgs, OnResolveResult, Plugin } from 'esbuild'

import { arkuiFiles, madeModules } from './import-names.ts'

/**
 * The imports that esbuild asks about, each with a message to this process and back. `names`: what begins neither with `./` nor as
 * one of the kits' patterns; `kits`: these as well.
 */
export type AskedImports = 'names' | 'kits' | 'all'

const askedPaths: { readonly [which in AskedImports]: RegExp } = {
  names: /^[^.@]|^@[^/.:]*(?:\/|$)|\.\./,
  kits: /^[^.]|\.\./,
  all: /.*/,
}

/** An import, as esbuild tells it. */
export type ImportRequest = Pick<OnResolveArgs, 'path' | 'kind' | 'importer'>

/** Who knows what imports mean. */
export interface ImportAnswers {
  /** esbuild works by itself. */
  begun(): void
  ended(): void
  resolve(request: ImportRequest): Promise<OnResolveResult>
  /** Of a module whose text is made. */
  textOf(path: string): string
}

/**
 * Has esbuild ask about imports, and wait for who answers if need be.
 *
 * @param asked called when esbuild asks whether it may begin, which it is told at once
 */
export function importsPlugin(
  which: AskedImports,
  answering: Promise<ImportAnswers>,
  asked: () => void = () => undefined,
): Plugin {
  const resolve = async (request: ImportRequest): Promise<OnResolveResult> =>
    await (await answering).resolve(request)
  return {
    name: 'vpnext-imports',
    setup(build) {
      build.onStart(() => {
        asked()
        void answering.then((answers) => setImmediate(() => answers.begun()), ignore)
      })
      build.onEnd(() => void answering.then((answers) => answers.ended(), ignore))
      build.onResolve({ filter: askedPaths[which] }, resolve)
      build.onResolve({ filter: /.*/, namespace: arkuiFiles }, resolve)
      build.onResolve({ filter: /.*/, namespace: madeModules }, resolve)
      build.onLoad({ filter: /.*/, namespace: arkuiFiles }, ({ path, pluginData }): OnLoadResult => ({
        contents: String(pluginData),
        loader: loaderOf(path),
      }))
      build.onLoad({ filter: /.*/, namespace: madeModules }, async ({ path }): Promise<OnLoadResult> => ({
        contents: (await answering).textOf(path),
        loader: 'ts',
      }))
    },
  }
}

/** Nobody answers, and what asks is told. */
function ignore(): void {}

function loaderOf(path: string): Loader {
  if (/\.d\.e?ts$/.test(path)) return 'empty'
  if (path.endsWith('.json')) return 'json'
  return /\.e?ts$/.test(path) ? 'ts' : 'js'
}
