import { isCallback, settle } from '../async-forms.ts'
import { asyncForm, bothForms, callForms, noInput } from '../call-forms.ts'
import {
  integerParameter,
  objectParameter,
  optionalMember,
  parameterError,
  textParameter,
} from '../parameters.ts'
import { provide } from '../provided.ts'
import { slotCalls, slotLevel, slotType } from './notification-slots.ts'
import type { LogLine } from '../runtime.ts'

/** `notificationManager.ContentType`. */
const contentType = {
  NOTIFICATION_CONTENT_BASIC_TEXT: 0,
  NOTIFICATION_CONTENT_LONG_TEXT: 1,
  NOTIFICATION_CONTENT_PICTURE: 2,
  NOTIFICATION_CONTENT_CONVERSATION: 3,
  NOTIFICATION_CONTENT_MULTILINE: 4,
} as const

/** Where the text of each kind of content is. */
const contentMembers = ['normal', 'longText', 'multiLine', 'picture'] as const

interface Notification {
  readonly request: object
  readonly id: number
  readonly label: string
}

/**
 * `notificationManager` of `@kit.NotificationKit`. There is no desktop in reach of a host: a notification becomes a line of
 * the log, with the tag `notification`.
 */
export function notificationManagerNamespace(log: (line: LogLine) => void): object {
  const active = new Map<string, Notification>()
  let badge = 0
  const say = (message: string): void => log({ level: 'info', domain: 0, tag: 'notification', message })
  const cancel = ({ id, label }: Pick<Notification, 'id' | 'label'>): void => {
    if (active.delete(keyOf(label, id))) say(`${id}: gone`)
  }
  return provide('notificationManager', {
    ...bothForms({ isNotificationEnabled: callForms({ read: noInput, now: () => true }) }),
    publish: asyncForm(
      ([request]) => readNotification(request),
      async (notification) => {
        const { id, label, request } = notification
        active.set(keyOf(label, id), notification)
        say(`${id}: ${textOf(request)}`)
      },
    ),
    cancel: (...args: unknown[]) => {
      const id = integerParameter(args[0], 'id')
      const label = typeof args[1] === 'string' ? args[1] : ''
      cancel({ id, label })
      const callback = args.at(-1)
      return settle(Promise.resolve(), isCallback<void>(callback) ? callback : undefined)
    },
    cancelAll: asyncForm(noInput, async () => {
      for (const notification of active.values()) cancel(notification)
    }),
    getActiveNotifications: asyncForm(noInput, async () =>
      [...active.values()].map(({ request }) => request),
    ),
    getActiveNotificationCount: asyncForm(noInput, async () => active.size),
    requestEnableNotification: asyncForm(noInput, async () => undefined),
    /** All notifications of a group (`groupName` of the request). */
    cancelGroup: asyncForm(
      ([name]) => textParameter(name, 'groupName'),
      async (name) => {
        for (const notification of active.values()) {
          if (Reflect.get(notification.request, 'groupName') === name) cancel(notification)
        }
      },
    ),
    ...slotCalls(),
    setBadgeNumber: asyncForm(
      ([number]) => integerParameter(number, 'badgeNumber', 0),
      async (number) => {
        badge = number
      },
    ),
    getBadgeNumber: asyncForm(noInput, async () => badge),
    isDistributedEnabled: asyncForm(noInput, async () => false),
    isSupportTemplate: asyncForm(
      ([name]) => textParameter(name, 'templateName'),
      async () => false,
    ),
    getNotificationSetting: asyncForm(noInput, async () => ({
      vibrationEnabled: false,
      soundEnabled: false,
    })),
    ContentType: provide('notificationManager.ContentType', contentType),
    SlotType: provide('notificationManager.SlotType', slotType),
    SlotLevel: provide('notificationManager.SlotLevel', slotLevel),
  })
}

function readNotification(value: unknown): Notification {
  const request = objectParameter(value, 'request')
  objectParameter(Reflect.get(request, 'content'), 'request.content')
  if (textOf(request) === '') throw parameterError('request.content', 'has neither title nor text')
  return {
    request,
    id: optionalMember(request, 'id', 'request', (id, field) => integerParameter(id, field)) ?? 0,
    label: optionalMember(request, 'label', 'request', textParameter) ?? '',
  }
}

function textOf(request: object): string {
  const content: unknown = Reflect.get(request, 'content')
  if (typeof content !== 'object' || content === null) return ''
  for (const name of contentMembers) {
    const part: unknown = Reflect.get(content, name)
    if (typeof part !== 'object' || part === null) continue
    const texts = [Reflect.get(part, 'title'), Reflect.get(part, 'text')]
    return texts.filter((text) => typeof text === 'string' && text !== '').join(' – ')
  }
  return ''
}

function keyOf(label: string, id: number): string {
  return `${id}/${label}`
}
