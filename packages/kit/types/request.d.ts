/* oxlint-disable typescript/no-wrapper-object-types -- as HarmonyOS declares it */

declare module '@ohos.request' {
  import type { AsyncCallback } from '@ohos.base'
  import type common from '@ohos.app.ability.common'

  /** Downloads. They end with the process. */
  namespace request {
    const NETWORK_MOBILE: number
    const NETWORK_WIFI: number
    const ERROR_CANNOT_RESUME: number
    const ERROR_DEVICE_NOT_FOUND: number
    const ERROR_FILE_ALREADY_EXISTS: number
    const ERROR_FILE_ERROR: number
    const ERROR_HTTP_DATA_ERROR: number
    const ERROR_INSUFFICIENT_SPACE: number
    const ERROR_TOO_MANY_REDIRECTS: number
    const ERROR_UNHANDLED_HTTP_CODE: number
    const ERROR_UNKNOWN: number
    const ERROR_OFFLINE: number
    const ERROR_UNSUPPORTED_NETWORK_TYPE: number
    const PAUSED_QUEUED_FOR_WIFI: number
    const PAUSED_WAITING_FOR_NETWORK: number
    const PAUSED_WAITING_TO_RETRY: number
    const PAUSED_BY_USER: number
    const PAUSED_UNKNOWN: number
    const SESSION_SUCCESSFUL: number
    const SESSION_RUNNING: number
    const SESSION_PENDING: number
    const SESSION_PAUSED: number
    const SESSION_FAILED: number
    interface DownloadConfig {
      url: string
      header?: Object
      enableMetered?: boolean
      enableRoaming?: boolean
      description?: string
      networkType?: number
      /** A whole path, or one below the cache; the name in `url` when absent. There must be no such file yet. */
      filePath?: string
      title?: string
      background?: boolean
    }
    interface DownloadInfo {
      description: string
      downloadedBytes: number
      downloadId: number
      failedReason: number
      fileName: string
      filePath: string
      pausedReason: number
      status: number
      targetURI: string
      downloadTitle: string
      /** -1 when the server does not say. */
      downloadTotalBytes: number
    }
    interface DownloadTask {
      on(type: 'progress', callback: (receivedSize: number, totalSize: number) => void): void
      on(type: 'complete' | 'pause' | 'remove', callback: () => void): void
      on(type: 'fail', callback: (err: number) => void): void
      off(type: 'progress', callback?: (receivedSize: number, totalSize: number) => void): void
      off(type: 'complete' | 'pause' | 'remove', callback?: () => void): void
      off(type: 'fail', callback?: (err: number) => void): void
      delete(): Promise<boolean>
      delete(callback: AsyncCallback<boolean>): void
      suspend(): Promise<boolean>
      suspend(callback: AsyncCallback<boolean>): void
      /** Asks for what is left. */
      restore(): Promise<boolean>
      restore(callback: AsyncCallback<boolean>): void
      getTaskInfo(): Promise<DownloadInfo>
      getTaskInfo(callback: AsyncCallback<DownloadInfo>): void
      getTaskMimeType(): Promise<string>
      getTaskMimeType(callback: AsyncCallback<string>): void
      /** @deprecated */
      remove(): Promise<boolean>
      remove(callback: AsyncCallback<boolean>): void
      /** @deprecated */
      pause(): Promise<void>
      pause(callback: AsyncCallback<void>): void
      /** @deprecated */
      resume(): Promise<void>
      resume(callback: AsyncCallback<void>): void
      /** @deprecated */
      query(): Promise<DownloadInfo>
      query(callback: AsyncCallback<DownloadInfo>): void
      /** @deprecated */
      queryMimeType(): Promise<string>
      queryMimeType(callback: AsyncCallback<string>): void
    }
    /** Begins a turn after the task is there. Errors: 201, 401, 13400001, 13400002. */
    function downloadFile(context: common.Context, config: DownloadConfig): Promise<DownloadTask>
    function downloadFile(
      context: common.Context,
      config: DownloadConfig,
      callback: AsyncCallback<DownloadTask>,
    ): void
  }
  export default request
}

declare module '@kit.BasicServicesKit' {
  import request from '@ohos.request'
  export { request }
}
