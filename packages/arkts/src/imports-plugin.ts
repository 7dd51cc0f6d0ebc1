import type { Loader, OnLoadResult, OnResolveArgs, OnResolveResult, Plugin } from 'esbuild'

import { arkuiFiles, madeModules } from './import-names.ts'
import { namesInputMap, withoutInputMap } from './input-maps.ts'

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

/** Files that may name a source map. */
export const scripts: RegExp = /\.(?:ets|[cm]?[jt]sx?)$/

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
  /** Of a file. @throws node's error where it cannot be read */
  sourceOf(path: string): string
}

/**
 * Has esbuild ask about imports, and wait for who answers if need be. Source maps of the project's own are left out where it asks about `all`.
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
        contents: withoutInputMap(String(pluginData)),
        loader: loaderOf(path),
      }))
      build.onLoad({ filter: /.*/, namespace: madeModules }, async ({ path }): Promise<OnLoadResult> => ({
        contents: withoutInputMap((await answering).textOf(path)),
        loader: 'ts',
      }))
      if (which !== 'all') return
      build.onLoad(
        { filter: scripts, namespace: 'file' },
        async ({ path }): Promise<OnLoadResult | undefined> => {
          const text = (await answering).sourceOf(path)
          return namesInputMap(text) ? { contents: withoutInputMap(text), loader: 'default' } : undefined
        },
      )
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
