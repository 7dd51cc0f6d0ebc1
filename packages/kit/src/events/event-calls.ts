import { errorText } from '@vpnext/native'
import { BusinessError } from '@vpnext/api'
import {
  type eventDelivery,
  type eventPublication,
  type eventResult,
  type eventSubscription,
  hostInterface,
  maxPublicationBytes,
  PublishBudget,
  publicationBytes,
  systemEventPrefix,
} from '@vpnext/service/protocol'
import { type InferFields, type Peer, isVarlinkError } from '@vpnext/varlink'

/** An event as it is published. */
export type EventPublication = Readonly<InferFields<typeof eventPublication>>
/** What a subscriber wants to hear. */
export type EventSubscription = Readonly<InferFields<typeof eventSubscription>>
/** An event that has arrived for one subscriber. */
export type EventDelivery = Readonly<InferFields<typeof eventDelivery>>
/** What the subscriber made of an ordered event. */
export type EventResult = Readonly<InferFields<typeof eventResult>>

/** What the kits ask of the service about common events. Every call rejects with a BusinessError. */
export interface EventCalls {
  publishEvent(publication: EventPublication): Promise<void>
  subscribeEvents(subscription: EventSubscription): Promise<void>
  unsubscribeEvents(subscriber: number): Promise<void>
}

/** The calls of {@link EventCalls} over the private channel; 1500007 when the service is gone or fails. */
export function eventCalls(peer: Peer): EventCalls {
  const budget = new PublishBudget()
  return {
    publishEvent: (publication) => {
      if (!budget.take() || !isSurelyAccepted(publication)) {
        return orBusinessError(peer.call(hostInterface, 'PublishEvent', publication))
      }
      // An answer would be one more process to wake up while the event is on its way.
      peer.oneway(hostInterface, 'PublishEvent', publication)
      return Promise.resolve()
    },
    subscribeEvents: (subscription) =>
      orBusinessError(peer.call(hostInterface, 'SubscribeEvents', subscription)),
    unsubscribeEvents: (subscriber) =>
      orBusinessError(peer.call(hostInterface, 'UnsubscribeEvents', { subscriber })),
  }
}

/** Whether nothing that only the service knows decides about an event: an answer could say nothing new. */
function isSurelyAccepted(publication: EventPublication): boolean {
  const { event, ordered, sticky } = publication
  if (ordered || sticky || event === '' || event.startsWith(systemEventPrefix)) return false
  return publicationBytes(publication) <= maxPublicationBytes
}

async function orBusinessError(answer: Promise<unknown>): Promise<void> {
  try {
    await answer
  } catch (error) {
    if (!isVarlinkError(error, hostInterface, 'BusinessError')) {
      const reason = errorText(error)
      const message = 'Failed to send the message to the common event service.'
      throw new BusinessError(1500007, message, { reason }, { cause: error })
    }
    const { code, message, field, reason } = error.parameters
    const detail = { ...(field !== undefined && { field }), ...(reason !== undefined && { reason }) }
    throw new BusinessError(code, message, detail, { cause: error })
  }
}
