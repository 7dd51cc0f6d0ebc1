/**
 * The one protocol of vpnext: every message between its processes is defined in this folder and nowhere else.
 *
 * @example
 * ```ts
 * import { connectVarlink } from '@vpnext/varlink'
 * import { publicInterface } from '@vpnext/service/protocol'
 *
 * await using client = await connectVarlink('/run/vpnext/io.vpnext')
 * const { parameters } = await client.call(publicInterface, 'GetStatus', {})
 * console.log(parameters.status.tunnels)
 * ```
 * @packageDocumentation
 */
export * from './bundle.ts'
export * from './bundle-names.ts'
export * from './event-types.ts'
export * from './host-interface.ts'
export * from './host-launch.ts'
export * from './ipc-types.ts'
export * from './public-interface.ts'
export * from './publication-bytes.ts'
export * from './publish-budget.ts'
export * from './types.ts'
