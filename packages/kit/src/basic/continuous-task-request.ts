import { BusinessError } from '@vpnext/api'

import { functionParameter, objectParameter } from '../parameters.ts'
import { missingMembers } from '../provided.ts'

/** `backgroundTaskManager.BackgroundTaskMode`: main types. */
export const backgroundTaskMode = {
  MODE_DATA_TRANSFER: 1,
  MODE_AUDIO_PLAYBACK: 2,
  MODE_AUDIO_RECORDING: 3,
  MODE_LOCATION: 4,
  MODE_BLUETOOTH_INTERACTION: 5,
  MODE_MULTI_DEVICE_CONNECTION: 6,
  MODE_VOIP: 8,
  MODE_TASK_KEEPING: 9,
  MODE_AV_PLAYBACK_AND_RECORD: 12,
  MODE_SPECIAL_SCENARIO_PROCESSING: 13,
} as const

/** `backgroundTaskManager.BackgroundTaskSubmode`. */
export const backgroundTaskSubmode = {
  SUBMODE_CAR_KEY_NORMAL_NOTIFICATION: 1,
  SUBMODE_NORMAL_NOTIFICATION: 2,
  SUBMODE_LIVE_VIEW_NOTIFICATION: 3,
  SUBMODE_AUDIO_PLAYBACK_NORMAL_NOTIFICATION: 4,
  SUBMODE_AVSESSION_AUDIO_PLAYBACK: 5,
  SUBMODE_AUDIO_RECORD_NORMAL_NOTIFICATION: 6,
  SUBMODE_SCREEN_RECORD_NORMAL_NOTIFICATION: 7,
  SUBMODE_VOICE_CHAT_NORMAL_NOTIFICATION: 8,
  SUBMODE_MEDIA_PROCESS_NORMAL_NOTIFICATION: 9,
  SUBMODE_VIDEO_BROADCAST_NORMAL_NOTIFICATION: 10,
  SUBMODE_WORK_OUT_NORMAL_NOTIFICATION: 11,
} as const

/** `backgroundTaskManager.UserAuthResult`. */
export const userAuthResult = {
  NOT_SUPPORTED: 0,
  NOT_DETERMINED: 1,
  DENIED: 2,
  GRANTED_ONCE: 3,
  GRANTED_ALWAYS: 4,
} as const

const modes: readonly unknown[] = Object.values(backgroundTaskMode)
const submodes: readonly unknown[] = Object.values(backgroundTaskSubmode)

/** What a request asks for, once it was looked at. */
export interface WantedTask {
  readonly modes: readonly number[]
  /** Of the task that is to be changed; undefined for a new one. */
  readonly id: number | undefined
}

/** `backgroundTaskManager.ContinuousTaskRequest`. Its properties are the application's to set. */
export abstract class ContinuousTaskRequest {
  backgroundTaskModes: unknown = []
  backgroundTaskSubmodes: unknown = []
  wantAgent: unknown = undefined
  combinedTaskNotification: unknown = false
  continuousTaskId: unknown = -1

  static {
    Object.setPrototypeOf(this.prototype, missingMembers('ContinuousTaskRequest'))
  }

  /** @throws BusinessError 201 */
  protected abstract permit(): void

  /** Nobody here can be asked whether an application may do anything for long. @throws BusinessError 201, 9800005 */
  isModeSupported(): boolean {
    this.permit()
    return !modesOf(this).includes(backgroundTaskMode.MODE_SPECIAL_SCENARIO_PROCESSING)
  }

  /** @throws BusinessError 201, 401 */
  requestAuthFromUser(context: unknown, callback: unknown): void {
    objectParameter(context, 'context')
    const tell = functionParameter(callback, 'callback')
    this.permit()
    queueMicrotask(() => tell(userAuthResult.NOT_SUPPORTED))
  }

  async checkSpecialScenarioAuth(context: unknown): Promise<number> {
    objectParameter(context, 'context')
    this.permit()
    return userAuthResult.NOT_SUPPORTED
  }
}

/** @throws BusinessError 9800005 */
export function readRequest(request: ContinuousTaskRequest): WantedTask {
  const wanted = modesOf(request)
  const given = request.backgroundTaskSubmodes
  if (
    !Array.isArray(given) ||
    given.length !== wanted.length ||
    given.some((each) => !submodes.includes(each))
  )
    throw refused('backgroundTaskSubmodes does not have a submode for each mode')
  if (wanted.includes(backgroundTaskMode.MODE_SPECIAL_SCENARIO_PROCESSING))
    throw refused('nobody has allowed MODE_SPECIAL_SCENARIO_PROCESSING')
  if (typeof request.wantAgent !== 'object' || request.wantAgent === null)
    throw refused('wantAgent is not a WantAgent')
  const id = request.continuousTaskId
  return { modes: wanted, id: typeof id === 'number' && id >= 0 ? id : undefined }
}

function modesOf({ backgroundTaskModes: given }: ContinuousTaskRequest): number[] {
  if (!Array.isArray(given) || given.length === 0) throw refused('backgroundTaskModes is empty')
  return given.map((mode: unknown) => {
    if (typeof mode === 'number' && modes.includes(mode)) return mode
    throw refused('backgroundTaskModes has something else than BackgroundTaskMode')
  })
}

export function refused(reason: string): BusinessError {
  return new BusinessError(9800005, 'Continuous task verification failed.', { reason })
}
