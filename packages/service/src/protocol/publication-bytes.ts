import type { InferFields } from '@vpnext/varlink'
import type { eventPublication } from './event-types.ts'

/** Of what the service keeps for a host that does not read, 2 MiB for 512 events, so many bytes fall to one: less need not be exact. */
const smallBytes = 4096
/** JSON writes a character with six bytes at most, `\\u0000`. */
const bytesOfCharacter = 6
/** The names of all members, and those that are no texts, have fewer. */
const bytesBesideTexts = 256

/**
 * The size of an event, in bytes of JSON; of a small one the most that it can be, because to write it only to count takes as long as
 * all checks together.
 */
export function publicationBytes(publication: Readonly<InferFields<typeof eventPublication>>): number {
  const { event, bundleName = '', data = '', subscriberPermissions, parameters } = publication
  const most = (event.length + bundleName.length + data.length) * bytesOfCharacter + bytesBesideTexts
  if (parameters === undefined && subscriberPermissions.length === 0 && most <= smallBytes) return most
  return Buffer.byteLength(JSON.stringify(publication))
}
