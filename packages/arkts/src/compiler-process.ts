import { initialize, stop } from 'esbuild'

/** Who needs esbuild's process now. */
let users = 0

/**
 * What the Go runtime of esbuild's process reads: it collects no garbage up to so many bytes, as esbuild's own command does not at all,
 * because it ends before that would be of use.
 */
const settings = { GOGC: 'off', GOMEMLIMIT: '512MiB' } as const

/**
 * Has esbuild's process start, which takes a while that can be used: it is there until all who asked for it have disposed of what
 * they got, so that nothing outlives a compilation.
 */
export function startCompiler(): Disposable {
  if (users === 0) initializeWithSettings()
  users += 1
  let held = true
  return {
    [Symbol.dispose]() {
      if (!held) return
      held = false
      users -= 1
      if (users === 0) void stop()
    },
  }
}

/** esbuild hands its process the environment of this one. What a person has set stays. */
function initializeWithSettings(): void {
  const { env } = process
  const isOurs = env['GOGC'] === undefined && env['GOMEMLIMIT'] === undefined
  try {
    if (isOurs) Object.assign(env, settings)
    void initialize({})
  } finally {
    if (isOurs) for (const name of Object.keys(settings)) delete env[name]
  }
}
