/** Why a download failed: what `fail` tells, and `DownloadInfo.failedReason`. */
export const downloadFailure = {
  ERROR_CANNOT_RESUME: 0,
  ERROR_DEVICE_NOT_FOUND: 1,
  ERROR_FILE_ALREADY_EXISTS: 2,
  ERROR_FILE_ERROR: 3,
  ERROR_HTTP_DATA_ERROR: 4,
  ERROR_INSUFFICIENT_SPACE: 5,
  ERROR_TOO_MANY_REDIRECTS: 6,
  ERROR_UNHANDLED_HTTP_CODE: 7,
  ERROR_UNKNOWN: 8,
  ERROR_OFFLINE: 9,
  ERROR_UNSUPPORTED_NETWORK_TYPE: 10,
} as const

/** `DownloadInfo.pausedReason`. */
export const pauseReason = {
  PAUSED_QUEUED_FOR_WIFI: 0,
  PAUSED_WAITING_FOR_NETWORK: 1,
  PAUSED_WAITING_TO_RETRY: 2,
  PAUSED_BY_USER: 3,
  PAUSED_UNKNOWN: 4,
} as const

/** `DownloadInfo.status`. */
export const sessionStatus = {
  SESSION_SUCCESSFUL: 0,
  SESSION_RUNNING: 1,
  SESSION_PENDING: 2,
  SESSION_PAUSED: 3,
  SESSION_FAILED: 4,
} as const

export const networkTypes = { NETWORK_MOBILE: 0x1, NETWORK_WIFI: 0x1_0000 } as const
