/** Stands in for the module `worker-program` of `@vpnext/packet`: inside the host image the worker lies beside the kits. */
export const workerProgram = new URL('./pump-worker.mjs', import.meta.url)
