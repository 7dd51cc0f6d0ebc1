import type { InferFields } from '@vpnext/varlink'
import {
  type eventPublication,
  type eventSubscription,
  maxPublicationBytes,
  systemEventPrefix,
} from '../protocol/event-types.ts'
import { publicationBytes } from '../protocol/publication-bytes.ts'
import { eventError } from './event-error.ts'

/** A publication as a host sends it. */
export type Publication = Readonly<InferFields<typeof eventPublication>>
export type Subscription = Readonly<InferFields<typeof eventSubscription>>

/** What the service itself knows of who publishes or subscribes. */
export interface Participant {
  readonly bundleName: string
  /** What the bundle asks for. */
  readonly permissions: readonly string[]
  readonly systemApplication: boolean
}

/** Longest name of an event, in bytes, as on the device. */
const maxEventBytes = 254
/** Names one subscription may list. */
const maxEvents = 256
const stickyPermission = 'ohos.permission.COMMONEVENT_STICKY'

/**
 * Whether a bundle may publish this.
 *
 * @returns the size of the publication, in bytes of JSON; of a small one the most that it can be
 * @throws VarlinkError BusinessError 201, 401, 1500004, 1500007
 */
export function checkPublication(publication: Publication, publisher: Participant): number {
  const { event, sticky } = publication
  checkName(event, 'event')
  if (event.startsWith(systemEventPrefix) && !publisher.systemApplication) {
    throw eventError(1500004, `${event} is an event of the system`, 'event')
  }
  if (sticky && !publisher.permissions.includes(stickyPermission)) {
    throw eventError(201, `the bundle does not ask for ${stickyPermission}`, 'options.isSticky')
  }
  const size = publicationBytes(publication)
  if (size > maxPublicationBytes) {
    throw eventError(1500007, `the event has ${size} bytes, more than ${maxPublicationBytes}`, 'options')
  }
  return size
}

/** @throws VarlinkError BusinessError 401 */
export function checkSubscription({ events }: Subscription): void {
  if (events.length === 0 || events.length > maxEvents) {
    throw eventError(401, `has not 1 to ${maxEvents} names`, 'subscribeInfo.events')
  }
  for (const [index, event] of events.entries()) checkName(event, `subscribeInfo.events[${index}]`)
}

/** Whether an event of `publisher` is for a subscription of `subscriber`, both of the same user. */
export function isFor(
  publication: Publication,
  publisher: Participant,
  subscription: Subscription,
  subscriber: Participant,
): boolean {
  const { bundleName, subscriberPermissions } = publication
  const { publisherBundleName, publisherPermission } = subscription
  return (
    subscription.events.includes(publication.event) &&
    isAbsentOr(bundleName, subscriber.bundleName) &&
    isAbsentOr(publisherBundleName, publisher.bundleName) &&
    subscriberPermissions.every((permission) => subscriber.permissions.includes(permission)) &&
    (isAbsent(publisherPermission) || publisher.permissions.includes(publisherPermission))
  )
}

function isAbsent(value: string | undefined): value is '' | undefined {
  return value === undefined || value === ''
}

function isAbsentOr(value: string | undefined, expected: string): boolean {
  return isAbsent(value) || value === expected
}

function checkName(event: string, field: string): void {
  if (event === '' || Buffer.byteLength(event) > maxEventBytes) {
    throw eventError(401, `has not 1 to ${maxEventBytes} bytes`, field)
  }
}
