import { asyncForm } from '../call-forms.ts'
import {
  isFunction,
  integerParameter,
  objectParameter,
  parameterError,
  textParameter,
} from '../parameters.ts'
import { provide } from '../provided.ts'

/** Milliseconds that a device lets an application go on for after it asked, with a charged battery. */
const suspendDelay = 180_000

/**
 * `backgroundTaskManager` of `@kit.BackgroundTasksKit`. A VPN extension is no application in the background: on a device too, a continuous task is
 * refused with 401. Nothing here suspends it, so the calls that put off a suspension succeed.
 */
export function backgroundTasksNamespace(): object {
  const delays = new Map<number, number>()
  let nextId = 1
  const refuse = asyncForm(
    ([context]) => objectParameter(context, 'context'),
    async () => {
      throw parameterError('context', 'is not of an ability with a page: an extension runs anyway')
    },
  )
  return provide('backgroundTaskManager', {
    startBackgroundRunning: refuse,
    stopBackgroundRunning: refuse,
    requestSuspendDelay: (reason: unknown, callback: unknown) => {
      textParameter(reason, 'reason')
      if (!isFunction(callback)) throw parameterError('callback', 'is not a function')
      const requestId = nextId++
      delays.set(requestId, Date.now() + suspendDelay)
      return { requestId, actualDelayTime: suspendDelay }
    },
    getRemainingDelayTime: asyncForm(
      ([id]) => integerParameter(id, 'requestId'),
      async (id) => Math.max(0, (delays.get(id) ?? 0) - Date.now()),
    ),
    cancelSuspendDelay: (id: unknown) => {
      delays.delete(integerParameter(id, 'requestId'))
    },
    BackgroundMode: provide('backgroundTaskManager.BackgroundMode', {
      DATA_TRANSFER: 1,
      AUDIO_PLAYBACK: 2,
      AUDIO_RECORDING: 3,
      LOCATION: 4,
      BLUETOOTH_INTERACTION: 5,
      MULTI_DEVICE_CONNECTION: 6,
      VOIP: 8,
      TASK_KEEPING: 9,
    }),
  })
}
