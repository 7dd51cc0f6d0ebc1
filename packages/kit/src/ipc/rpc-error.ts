import { BusinessError } from '@vpnext/api'

/** `rpc.ErrorCode` of the device. */
export const rpcErrorCode = {
  CHECK_PARAM_ERROR: 401,
  OS_MMAP_ERROR: 1900001,
  OS_IOCTL_ERROR: 1900002,
  WRITE_TO_ASHMEM_ERROR: 1900003,
  READ_FROM_ASHMEM_ERROR: 1900004,
  ONLY_PROXY_OBJECT_PERMITTED_ERROR: 1900005,
  ONLY_REMOTE_OBJECT_PERMITTED_ERROR: 1900006,
  COMMUNICATION_ERROR: 1900007,
  PROXY_OR_REMOTE_OBJECT_INVALID_ERROR: 1900008,
  WRITE_DATA_TO_MESSAGE_SEQUENCE_ERROR: 1900009,
  READ_DATA_FROM_MESSAGE_SEQUENCE_ERROR: 1900010,
  PARCEL_MEMORY_ALLOC_ERROR: 1900011,
  CALL_JS_METHOD_ERROR: 1900012,
  OS_DUP_ERROR: 1900013,
} as const

/** The document's text of each. */
const messages: Readonly<Record<number, string>> = {
  1900001: 'Failed to call mmap.',
  1900002: 'Failed to call ioctl.',
  1900003: 'Failed to write data to the shared memory.',
  1900004: 'Failed to read data from the shared memory.',
  1900005: 'Operation allowed only for the proxy object.',
  1900006: 'Operation allowed only for the remote object.',
  1900007: 'Communication failed.',
  1900008: 'The proxy or remote object is invalid.',
  1900009: 'Failed to write data to the message sequence.',
  1900010: 'Failed to read data from the message sequence.',
  1900011: 'Failed to allocate memory during serialization.',
  1900012: 'Failed to call the JS callback function.',
  1900013: 'Failed to call dup.',
}

/** An error of `@ohos.rpc`; 401 comes from the checks of parameters. */
export function rpcError(
  code: Exclude<(typeof rpcErrorCode)[keyof typeof rpcErrorCode], 401>,
  reason: string,
  cause?: unknown,
): BusinessError {
  return new BusinessError(code, messages[code] ?? '', { reason }, cause === undefined ? {} : { cause })
}
