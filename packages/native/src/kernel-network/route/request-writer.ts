import { refuse } from '../fields.ts'
import type { MessageWriter } from '../netlink/message-writer.ts'
import { writeAddress } from './address-message.ts'
import { writeAddLink, writeDeleteLink, writeSetLink } from './link-writer.ts'
import type { RtRequest } from './request.ts'
import { writeRoute } from './route-writer.ts'
import { writeRule } from './rule-writer.ts'

/**
 * Writes the one message of a request.
 *
 * @param sequence the number its acknowledgement will carry
 * @throws RangeError `<field>: …` for bad input
 */
export function writeRequest(writer: MessageWriter, request: RtRequest, sequence: number): void {
  switch (request.op) {
    case 'addLink':
      return writeAddLink(writer, request, sequence)
    case 'deleteLink':
      return writeDeleteLink(writer, request, sequence)
    case 'setLink':
      return writeSetLink(writer, request, sequence)
    case 'addAddress':
    case 'deleteAddress':
      return writeAddress(writer, request, sequence)
    case 'addRoute':
    case 'replaceRoute':
    case 'deleteRoute':
      return writeRoute(writer, request, sequence)
    case 'addRule':
    case 'deleteRule':
      return writeRule(writer, request, sequence)
    default:
      return refuse('op', `${JSON.stringify((request as { op: unknown }).op)} is not an operation`)
  }
}
