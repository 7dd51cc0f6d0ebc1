import type { HttpParts } from '../http/http-request.ts'
import { provide } from '../provided.ts'
import { WebSocket } from './web-socket.ts'

/** `webSocket` of `@kit.NetworkKit`: clients, over sockets that are protected like all others. */
export function webSocketNamespace(parts: HttpParts): object {
  return provide('webSocket', { createWebSocket: () => new WebSocket(parts) })
}
