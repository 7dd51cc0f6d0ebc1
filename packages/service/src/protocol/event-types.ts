import { type Fields, t } from '@vpnext/varlink'

/** Largest event, in bytes of JSON: what several of them may wait for a host must stay small. */
export const maxPublicationBytes: number = 64 * 1024
/** Names of the system's own events begin so. */
export const systemEventPrefix = 'usual.event.'

/** A common event as its publisher gives it: `CommonEventPublishData` of the device, and the event's name. */
export const eventPublication = {
  event: t.string,
  /** Only subscribers of this bundle get it. */
  bundleName: t.maybe(t.string),
  code: t.maybe(t.int),
  data: t.maybe(t.string),
  /** Only subscribers whose bundles ask for all of these permissions get it. */
  subscriberPermissions: t.array(t.string),
  ordered: t.bool,
  sticky: t.bool,
  parameters: t.maybe(t.json),
} satisfies Fields

/** `CommonEventSubscribeInfo` of the device. */
export const eventSubscription = {
  /** The host's own name for the subscription; an earlier one of the same number ends. */
  subscriber: t.int,
  events: t.array(t.string),
  /** Only events of bundles that ask for this permission. */
  publisherPermission: t.maybe(t.string),
  /** Only events of this bundle. */
  publisherBundleName: t.maybe(t.string),
  /** For ordered events: the highest is first. */
  priority: t.int,
} satisfies Fields

/** An event on its way to one subscription. */
export const eventDelivery = {
  subscriber: t.int,
  event: t.string,
  bundleName: t.maybe(t.string),
  code: t.maybe(t.int),
  data: t.maybe(t.string),
  ordered: t.bool,
  sticky: t.bool,
  parameters: t.maybe(t.json),
} satisfies Fields

/** What a subscriber made of an ordered event; of others nothing. */
export const eventResult = { code: t.maybe(t.int), data: t.maybe(t.string), aborted: t.bool } satisfies Fields
