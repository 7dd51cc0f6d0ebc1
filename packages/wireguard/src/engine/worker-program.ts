/** The engine's worker program, the same seen from `src` and from `dist`. A bundler puts a module of its own in this one's place. */
export const workerProgram: URL = new URL('../../dist/engine/engine-worker.js', import.meta.url)
