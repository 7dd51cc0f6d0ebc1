/** Stands in for the module `worker-program` of `@vpnext/wireguard`: inside the host image the worker lies beside the kits. */
export const workerProgram = new URL('./engine-worker.mjs', import.meta.url)
