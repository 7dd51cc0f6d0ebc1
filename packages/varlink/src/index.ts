/**
 * Varlink (https://varlink.org) over Unix sockets, with descriptors: one definition gives the interface text, the types
 * of both ends, and the checks at run time.
 *
 * @example
 * ```ts
 * import { connectVarlink, defineInterface, implement, serveVarlink, t } from '@vpnext/varlink'
 *
 * const example = defineInterface('io.example', {
 *   methods: { Ping: { doc: 'Says it back.', in: { text: t.string }, out: { text: t.string } } },
 * })
 * await using server = await serveVarlink({
 *   path: '/run/user/1000/io.example',
 *   mode: 0o600,
 *   interfaces: [implement(example, { Ping: ({ text }) => ({ text }) })],
 *   vendor: 'Example', product: 'Ping', version: '1', url: 'https://example.io',
 * })
 * await using client = await connectVarlink(server.path)
 * const { parameters } = await client.call(example, 'Ping', { text: 'hello' })
 * console.log(parameters.text)
 * ```
 * @packageDocumentation
 */
export {
  t,
  type Fields,
  type Infer,
  type InferFields,
  type MaybeSchema,
  type Schema,
  type SchemaBuilders,
  type Shape,
} from './schema.ts'
export {
  defineInterface,
  type AnyInterface,
  type ErrorName,
  type ErrorParameters,
  type Interface,
  type InterfaceDefinition,
  type MethodDefinition,
  type MethodInput,
  type MethodName,
  type MethodOutput,
  type StreamMethodName,
} from './interface.ts'
export { describeInterface } from './idl.ts'
export { InvalidValueError } from './conform.ts'
export {
  ConnectionError,
  VarlinkError,
  isVarlinkError,
  varlinkError,
  type ConnectionErrorCode,
} from './errors.ts'
export {
  implement,
  takeFds,
  withFds,
  type Call,
  type Connection,
  type Handler,
  type Handlers,
  type Implementation,
  type PeerIdentity,
  type WithFds,
} from './handler.ts'
export type { ErrorReporter } from './dispatch.ts'
export type { ServiceInfo } from './service-interface.ts'
export { serveVarlink, type ServeOptions, type VarlinkServer } from './server.ts'
export { connectVarlink, type ConnectOptions, type VarlinkClient } from './client.ts'
export { createPeer, type Peer, type PeerOptions } from './peer.ts'
export type { CallOptions, Reply } from './reply.ts'
export { hasMoreValues } from './message-weight.ts'
export { SendTurns } from './send-turns.ts'
