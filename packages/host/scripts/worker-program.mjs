/** Stands in for the module of the same name in `@vpnext/packet`: inside the host image the pump's worker lies beside the kits. */
export const workerProgram = new URL('./pump-worker.mjs', import.meta.url)
