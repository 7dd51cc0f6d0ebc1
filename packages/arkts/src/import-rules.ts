import { dirname } from 'node:path'

import type { OnResolveArgs, OnResolveResult, PluginBuild, Plugin } from 'esbuild'

import type { ProjectFolder } from './project-folder.ts'

/** Marks a request this plugin makes of esbuild's own resolver, which comes back to it. */
const asked = Symbol('asked')

/** The system's own modules, which the host provides: `@kit.NetworkKit`, `@ohos.net.vpnExtension`, `@ohos:hilog`. */
export function isKit(path: string): boolean {
  return /^@kit\.|^@ohos[.:]/.test(path)
}

/** A native module of the bundle: `libentry.so`. */
export function isNative(path: string): boolean {
  return path.endsWith('.so')
}

/**
 * What code of a project may import: kits and native modules, which stay `require` calls, and files of the project.
 * Everything else is refused with the place of the import.
 */
export function importRules(folder: ProjectFolder): Plugin {
  return {
    name: 'vpnext-imports',
    setup(build) {
      build.onResolve({ filter: /.*/ }, (request) => resolveImport(folder, build, request))
    },
  }
}

async function resolveImport(
  folder: ProjectFolder,
  build: PluginBuild,
  request: OnResolveArgs,
): Promise<OnResolveResult | undefined> {
  if (request.pluginData === asked || request.kind === 'entry-point') return undefined
  if (isKit(request.path) || isNative(request.path)) return { path: request.path, external: true }
  if (!/^\.\.?(\/|$)/.test(request.path)) return refuse(foreignReason(request.path))
  const { path, errors } = await build.resolve(request.path, {
    importer: request.importer,
    resolveDir: dirname(request.importer),
    kind: request.kind,
    pluginData: asked,
  })
  if (errors.length > 0) return refuse(`no such file: ${request.path}, nor with .ets, .ts, .js or .json`)
  const found = await folder.resolve(path)
  if (found === 'outside') return refuse(`${request.path} leaves the project folder`)
  return found === 'missing' ? refuse(`no such file: ${request.path}`) : { path: found.path }
}

function refuse(text: string): OnResolveResult {
  return { errors: [{ text }] }
}

function foreignReason(path: string): string {
  if (path.startsWith('/'))
    return `${path} is an absolute path: import files of the project by a relative one`
  if (path.startsWith('@hms.'))
    return `${path} is a kit of Huawei Mobile Services, which vpnext does not have`
  return `${path} is neither a kit (@kit.*, @ohos.*), a native module (*.so) nor a relative path`
}
