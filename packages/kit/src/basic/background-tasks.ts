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

/** Each mode's name and number in `BackgroundMode`, and its name in `backgroundModes` of module.json5, which lists of modes have. */
const modes = [
  ['DATA_TRANSFER', 1, 'dataTransfer'],
  ['AUDIO_PLAYBACK', 2, 'audioPlayback'],
  ['AUDIO_RECORDING', 3, 'audioRecording'],
  ['LOCATION', 4, 'location'],
  ['BLUETOOTH_INTERACTION', 5, 'bluetoothInteraction'],
  ['MULTI_DEVICE_CONNECTION', 6, 'multiDeviceConnection'],
  ['VOIP', 8, 'voip'],
  ['TASK_KEEPING', 9, 'taskKeeping'],
] as const
const modeNames: readonly string[] = modes.map(([, , name]) => name)

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
      ([context, mode, agent]) => ({ context, names: modesParameter(mode), agent }),
      async ({ context, names, agent }) => {
        checkPage(context)
        objectParameter(agent, 'wantAgent')
        checkRunning(false)
        running = names
        return { slotType: 0, contentType: 0, notificationId: nextId++ }
      },
    ),
    updateBackgroundRunning: asyncForm(
      ([context, mode]) => ({ context, names: modesParameter(mode) }),
      async ({ context, names }) => {
        checkPage(context)
        checkRunning(true)
        running = names
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
    BackgroundMode: provide(
      'backgroundTaskManager.BackgroundMode',
      Object.fromEntries(modes.map(([name, number]) => [name, number])),
    ),
    BackgroundSubMode: provide('backgroundTaskManager.BackgroundSubMode', { CAR_KEY: 1 }),
  })
}

/** A number of `BackgroundMode`, or a list of names. */
function modesParameter(value: unknown): readonly string[] {
  if (Array.isArray(value)) {
    const names = listParameter(value, 'bgModes', textParameter)
    const unknown = names.find((name) => !modeNames.includes(name))
    if (unknown === undefined && names.length > 0) return names
    throw parameterError('bgModes', `${JSON.stringify(unknown ?? [])} is none of ${modeNames.join(', ')}`)
  }
  const wanted = integerParameter(value, 'bgMode')
  const mode = modes.find(([, number]) => number === wanted)
  if (mode === undefined) throw parameterError('bgMode', 'is none of BackgroundMode')
  return [mode[2]]
}
