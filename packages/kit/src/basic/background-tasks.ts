import { BusinessError, businessError } from '@vpnext/api'

import { asyncForm } from '../call-forms.ts'
import {
  functionParameter,
  integerParameter,
  objectParameter,
  parameterError,
  listParameter,
  textParameter,
} from '../parameters.ts'
import { provide } from '../provided.ts'

/** Milliseconds that a device lets an application go on for after it asked, with a charged battery. */
const suspendDelay = 180_000

const backgroundMode = {
  DATA_TRANSFER: 1,
  AUDIO_PLAYBACK: 2,
  AUDIO_RECORDING: 3,
  LOCATION: 4,
  BLUETOOTH_INTERACTION: 5,
  MULTI_DEVICE_CONNECTION: 6,
  VOIP: 8,
  TASK_KEEPING: 9,
} as const
/** As a list of modes has them, by the names of `backgroundModes` in module.json5. */
const modeNames: readonly string[] = [
  'dataTransfer',
  'audioPlayback',
  'audioRecording',
  'location',
  'bluetoothInteraction',
  'multiDeviceConnection',
  'voip',
  'taskKeeping',
]

/** The process that asks. */
interface Asking {
  readonly isPage: boolean
  readonly permissions: readonly string[]
}

/**
 * `backgroundTaskManager` of `@kit.BackgroundTasksKit`. A VPN extension is no application in the background: on a device too, a continuous task is
 * refused with 401. A page may have one. Nothing here suspends a process, so all it takes is the permission, and the calls that put off a suspension succeed.
 */
export function backgroundTasksNamespace({ isPage, permissions }: Asking): object {
  const delays = new Map<number, number>()
  let nextId = 1
  let running: readonly string[] | undefined
  const checkPage = (context: unknown): void => {
    objectParameter(context, 'context')
    if (!isPage) throw parameterError('context', 'is not of an ability with a page: an extension runs anyway')
    if (!permissions.includes('ohos.permission.KEEP_BACKGROUND_RUNNING'))
      throw businessError(201, {
        reason: 'module.json5 does not ask for ohos.permission.KEEP_BACKGROUND_RUNNING',
      })
  }
  const checkRunning = (wanted: boolean): void => {
    if ((running !== undefined) === wanted) return
    throw new BusinessError(9800005, 'Continuous task verification failed.', {
      reason: wanted ? 'the page has no continuous task' : 'the page has a continuous task',
    })
  }
  return provide('backgroundTaskManager', {
    startBackgroundRunning: asyncForm(
      ([context, mode, agent]) => ({ context, modes: modesParameter(mode), agent }),
      async ({ context, modes, agent }) => {
        checkPage(context)
        objectParameter(agent, 'wantAgent')
        checkRunning(false)
        running = modes
        return { slotType: 0, contentType: 0, notificationId: nextId++ }
      },
    ),
    updateBackgroundRunning: asyncForm(
      ([context, mode]) => ({ context, modes: modesParameter(mode) }),
      async ({ context, modes }) => {
        checkPage(context)
        checkRunning(true)
        running = modes
        return { slotType: 0, contentType: 0, notificationId: nextId++ }
      },
    ),
    stopBackgroundRunning: asyncForm(
      ([context]) => objectParameter(context, 'context'),
      async (context) => {
        checkPage(context)
        checkRunning(true)
        running = undefined
      },
    ),
    getAllContinuousTasks: asyncForm(
      ([context]) => objectParameter(context, 'context'),
      async (context) => {
        checkPage(context)
        return running === undefined ? [] : [{ backgroundModes: running, isFromWebView: false }]
      },
    ),
    /** Nothing takes a task away. */
    on: (type: unknown, callback: unknown) => {
      textParameter(type, 'type')
      functionParameter(callback, 'callback')
    },
    off: (type: unknown) => void textParameter(type, 'type'),
    requestSuspendDelay: (reason: unknown, callback: unknown) => {
      textParameter(reason, 'reason')
      functionParameter(callback, 'callback')
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
    BackgroundMode: provide('backgroundTaskManager.BackgroundMode', backgroundMode),
    BackgroundSubMode: provide('backgroundTaskManager.BackgroundSubMode', { CAR_KEY: 1 }),
  })
}

/** A number of `BackgroundMode`, or a list of names. */
function modesParameter(value: unknown): readonly string[] {
  if (Array.isArray(value)) {
    const modes = listParameter(value, 'bgModes', textParameter)
    const unknown = modes.find((mode) => !modeNames.includes(mode))
    if (unknown === undefined && modes.length > 0) return modes
    throw parameterError('bgModes', `${JSON.stringify(unknown ?? [])} is none of ${modeNames.join(', ')}`)
  }
  const name = modeNames[Object.values<number>(backgroundMode).indexOf(integerParameter(value, 'bgMode'))]
  if (name === undefined) throw parameterError('bgMode', 'is none of BackgroundMode')
  return [name]
}
