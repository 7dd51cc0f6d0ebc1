import { asyncForm } from '../call-forms.ts'
import type { HttpParts } from '../http/http-request.ts'
import { provide } from '../provided.ts'
import { readDownloadConfig } from './download-config.ts'
import { DownloadTask } from './download-task.ts'
import { downloadFailure, networkTypes, pauseReason, sessionStatus } from './request-constants.ts'

/** `request` of `@kit.BasicServicesKit`: downloads in this process, over the sockets of `http`. */
export function requestNamespace(parts: HttpParts): object {
  return provide('request', {
    downloadFile: asyncForm(
      ([context, config]) => readDownloadConfig(context, config),
      async (config) => {
        parts.permit('ohos.permission.INTERNET')
        return DownloadTask.start(parts, config)
      },
    ),
    ...downloadFailure,
    ...pauseReason,
    ...sessionStatus,
    ...networkTypes,
  })
}
