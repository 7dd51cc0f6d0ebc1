import { readdirSync, statSync } from 'node:fs'

/**
 * The command in one file instead of 400, compiled: most of what a verb takes is Node finding files and compiling them.
 * scripts/build-command.mjs writes it.
 *
 * @param dist the compiled package, where this file is
 * @returns undefined where there is none, or a package was compiled after it
 */
export function bundledCommand(dist: URL = new URL('.', import.meta.url)): URL | undefined {
  const bundle = new URL('bundle/start.cjs', dist)
  const made = modified(bundle)
  if (made === undefined) return undefined
  const packages = new URL('../../', dist)
  const compiled = readdirSync(packages).map((name) =>
    modified(new URL(`${name}/dist/.tsbuildinfo`, packages)),
  )
  return compiled.every((time) => time === undefined || time <= made) ? bundle : undefined
}

/** In ms since 1970; undefined when there is no such file. */
function modified(file: URL): number | undefined {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs
}
