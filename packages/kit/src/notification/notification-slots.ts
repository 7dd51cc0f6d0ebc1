import { asyncForm, noInput } from '../call-forms.ts'
import { integerParameter, objectParameter } from '../parameters.ts'

/** `notificationManager.SlotType`. */
export const slotType = {
  UNKNOWN_TYPE: 0,
  SOCIAL_COMMUNICATION: 1,
  SERVICE_INFORMATION: 2,
  CONTENT_INFORMATION: 3,
  LIVE_VIEW: 4,
  CUSTOMER_SERVICE: 5,
  OTHER_TYPES: 0xffff,
} as const

/** `notificationManager.SlotLevel`. */
export const slotLevel = {
  LEVEL_NONE: 0,
  LEVEL_MIN: 1,
  LEVEL_LOW: 2,
  LEVEL_DEFAULT: 3,
  LEVEL_HIGH: 4,
} as const

/** A kind of notifications of the bundle. */
interface Slot {
  readonly notificationType: number
  readonly notificationLevel: number
  readonly desc: string
  readonly badgeFlag: boolean
  readonly vibrationEnabled: boolean
  readonly lockscreenVisibility: number
  readonly enabled: boolean
}

/** The levels that the device gives the slots it makes; of all others it is the lowest. */
const levels: Readonly<Record<number, number>> = {
  [slotType.SOCIAL_COMMUNICATION]: slotLevel.LEVEL_HIGH,
  [slotType.SERVICE_INFORMATION]: slotLevel.LEVEL_HIGH,
  [slotType.LIVE_VIEW]: slotLevel.LEVEL_DEFAULT,
  [slotType.CUSTOMER_SERVICE]: slotLevel.LEVEL_DEFAULT,
}

function typeArgument([value]: readonly unknown[]): number {
  return integerParameter(value, 'slotType', 0, slotType.OTHER_TYPES)
}

/** The calls of `notificationManager` about slots; they are kept for the process. */
export function slotCalls(): Record<string, (...args: unknown[]) => Promise<unknown> | undefined> {
  const slots = new Map<number, Slot>()
  return {
    addSlot: asyncForm(
      ([value]) =>
        typeof value === 'object' && value !== null && 'notificationType' in value
          ? integerParameter(value.notificationType, 'slot.notificationType', 0, slotType.OTHER_TYPES)
          : typeArgument([value]),
      async (wanted) => {
        slots.set(wanted, slots.get(wanted) ?? newSlot(wanted))
      },
    ),
    addSlots: asyncForm(
      ([list]) => objectParameter(list, 'slots'),
      async (list) => {
        for (const slot of Array.isArray(list) ? list : []) {
          const wanted = integerParameter(
            Reflect.get(objectParameter(slot, 'slot'), 'notificationType'),
            'slot.notificationType',
          )
          slots.set(wanted, slots.get(wanted) ?? newSlot(wanted))
        }
      },
    ),
    getSlot: asyncForm(typeArgument, async (wanted) => slots.get(wanted)),
    getSlots: asyncForm(noInput, async () => [...slots.values()]),
    removeSlot: asyncForm(typeArgument, async (wanted) => {
      slots.delete(wanted)
    }),
    removeAllSlots: asyncForm(noInput, async () => slots.clear()),
  }
}

function newSlot(type: number): Slot {
  return {
    notificationType: type,
    notificationLevel: levels[type] ?? slotLevel.LEVEL_MIN,
    desc: '',
    badgeFlag: true,
    vibrationEnabled: false,
    lockscreenVisibility: 0,
    enabled: true,
  }
}
