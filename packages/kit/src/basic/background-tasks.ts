import { businessError } from '@vpnext/api'

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
import {
  ContinuousTaskRequest,
  backgroundTaskMode,
  backgroundTaskSubmode,
  readRequest,
  refused,
  userAuthResult,
} from './continuous-task-request.ts'

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
  /** Those of requests, by their ids. */
  const requested = new Map<number, readonly string[]>()
  const checkPage = (context: unknown): void => {
    objectParameter(context, 'context')
    if (!isPage) throw parameterError('context', 'is not of an ability with a page: an extension runs anyway')
    checkPermission()
  }
  const checkPermission = (): void => {
    if (!permissions.includes('ohos.permission.KEEP_BACKGROUND_RUNNING'))
      throw businessError(201, {
        reason: 'module.json5 does not ask for ohos.permission.KEEP_BACKGROUND_RUNNING',
      })
  }
  const checkRunning = (wanted: boolean): void => {
    if ((running !== undefined) === wanted) return
    throw refused(wanted ? 'the page has no continuous task' : 'the page has a continuous task')
  }
  const checkTask = (id: number | undefined): number => {
    if (id !== undefined && requested.has(id)) return id
    throw refused(`there is no continuous task ${id ?? 'without a number'}`)
  }
  /** Begins a task, or changes the one that the request names. */
  const keep = (request: ContinuousTaskRequest, changes: boolean): object => {
    const wanted = readRequest(request)
    const continuousTaskId = changes ? checkTask(wanted.id) : nextId++
    requested.set(continuousTaskId, wanted.modes.map(nameOfMode))
    return { slotType: 0, contentType: 0, notificationId: nextId++, continuousTaskId }
  }
  return provide('backgroundTaskManager', {
    startBackgroundRunning: asyncForm(
      ([context, mode, agent]) =>
        mode instanceof ContinuousTaskRequest
          ? { context, request: mode }
          : { context, names: modesParameter(mode), agent },
      async ({ context, names, agent, request }) => {
        checkPage(context)
        if (request !== undefined) return keep(request, false)
        objectParameter(agent, 'wantAgent')
        checkRunning(false)
        running = names
        return { slotType: 0, contentType: 0, notificationId: nextId++ }
      },
    ),
    updateBackgroundRunning: asyncForm(
      ([context, mode]) =>
        mode instanceof ContinuousTaskRequest
          ? { context, request: mode }
          : { context, names: modesParameter(mode) },
      async ({ context, names, request }) => {
        checkPage(context)
        if (request !== undefined) return keep(request, true)
        checkRunning(true)
        running = names
        return { slotType: 0, contentType: 0, notificationId: nextId++ }
      },
    ),
    stopBackgroundRunning: asyncForm(
      ([context, id]) => ({
        context: objectParameter(context, 'context'),
        id: id === undefined ? undefined : integerParameter(id, 'continuousTaskId'),
      }),
      async ({ context, id }) => {
        checkPage(context)
        if (id !== undefined) {
          requested.delete(checkTask(id))
          return
        }
        checkRunning(true)
        running = undefined
      },
    ),
    getAllContinuousTasks: asyncForm(
      ([context]) => objectParameter(context, 'context'),
      async (context) => {
        checkPage(context)
        const own = running === undefined ? [] : [{ backgroundModes: running, isFromWebView: false }]
        const others = [...requested].map(([continuousTaskId, backgroundModes]) => ({
          backgroundModes,
          isFromWebView: false,
          continuousTaskId,
        }))
        return [...own, ...others]
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
    ContinuousTaskRequest: class extends ContinuousTaskRequest {
      protected permit(): void {
        checkPermission()
      }
    },
    BackgroundTaskMode: provide('backgroundTaskManager.BackgroundTaskMode', backgroundTaskMode),
    BackgroundTaskSubmode: provide('backgroundTaskManager.BackgroundTaskSubmode', backgroundTaskSubmode),
    UserAuthResult: provide('backgroundTaskManager.UserAuthResult', userAuthResult),
    BackgroundMode: provide(
      'backgroundTaskManager.BackgroundMode',
      Object.fromEntries(modes.map(([name, number]) => [name, number])),
    ),
    BackgroundSubMode: provide('backgroundTaskManager.BackgroundSubMode', { CAR_KEY: 1 }),
  })
}

/** `BackgroundTaskMode` has the numbers of `BackgroundMode`, and more. */
function nameOfMode(mode: number): string {
  return modes.find(([, number]) => number === mode)?.[2] ?? 'avPlaybackAndRecord'
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
