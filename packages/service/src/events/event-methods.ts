import type { Handlers } from '@vpnext/varlink'
import type { HostRun } from '../abilities/host-run.ts'
import type { hostInterface } from '../protocol/host-interface.ts'
import type { CommonEvents } from './common-events.ts'
import { eventError } from './event-error.ts'

type EventMethods = Pick<
  Handlers<typeof hostInterface>,
  'PublishEvent' | 'SubscribeEvents' | 'UnsubscribeEvents'
>

/** The calls of one host about common events. */
export function eventMethods(run: HostRun, events: CommonEvents): EventMethods {
  const whenAttached = (): void => {
    if (run.stage.kind !== 'attached') throw eventError(1500007, 'the host is not attached')
  }
  return {
    // Until its process has ended: most extensions publish in onDestroy that they are gone.
    PublishEvent: (publication, { oneway }) => {
      whenAttached()
      events.publish(run, publication, oneway)
      return {}
    },
    SubscribeEvents: (subscription) => {
      whenAttached()
      if (run.ending.signal.aborted) throw eventError(1500007, 'the extension is being stopped')
      events.subscribe(run, subscription)
      return {}
    },
    UnsubscribeEvents: ({ subscriber }) => {
      events.unsubscribe(run, subscriber)
      return {}
    },
  }
}
