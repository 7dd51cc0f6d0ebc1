/** The sources have no side effects of their own, so a module of which nothing is used is left out: zod is one. */
export const leaveOutUnused = {
  name: 'leave-out-unused',
  setup({ onResolve, resolve }) {
    const asked = Symbol('asked')
    onResolve({ filter: /^(@vpnext\/|\.)/ }, async (request) => {
      if (request.pluginData === asked || request.kind === 'entry-point') return undefined
      const { path, errors } = await resolve(request.path, {
        importer: request.importer,
        resolveDir: request.resolveDir,
        kind: request.kind,
        pluginData: asked,
      })
      return errors.length > 0 ? { errors } : { path, sideEffects: false }
    })
  },
}
