import { BusinessError, type ErrorDetail } from '@vpnext/api'

/**
 * Codes of the file kit by errno name (errorcode-filemanagement of the HarmonyOS documents, basic file I/O): 13900000
 * plus this number, and the text.
 *
 * EAGAIN is 13900010. The list also has EWOULDBLOCK as 13900034, but both are errno 11, and the device's table gives the
 * entry that comes first.
 */
const codes: Readonly<Record<string, readonly [number, string]>> = {
  EPERM: [1, 'Operation not permitted'],
  ENOENT: [2, 'No such file or directory'],
  ESRCH: [3, 'No such process'],
  EINTR: [4, 'Interrupted system call'],
  EIO: [5, 'I/O error'],
  ENXIO: [6, 'No such device or address'],
  E2BIG: [7, 'Arg list too long'],
  EBADF: [8, 'Bad file descriptor'],
  ECHILD: [9, 'No child processes'],
  EAGAIN: [10, 'Try again'],
  ENOMEM: [11, 'Out of memory'],
  EACCES: [12, 'Permission denied'],
  EFAULT: [13, 'Bad address'],
  EBUSY: [14, 'Device or resource busy'],
  EEXIST: [15, 'File exists'],
  EXDEV: [16, 'Cross-device link'],
  ENODEV: [17, 'No such device'],
  ENOTDIR: [18, 'Not a directory'],
  EISDIR: [19, 'Is a directory'],
  EINVAL: [20, 'Invalid argument'],
  ENFILE: [21, 'File table overflow'],
  EMFILE: [22, 'Too many open files'],
  ETXTBSY: [23, 'Text file busy'],
  EFBIG: [24, 'File too large'],
  ENOSPC: [25, 'No space left on device'],
  ESPIPE: [26, 'Illegal seek'],
  EROFS: [27, 'Read-only file system'],
  EMLINK: [28, 'Too many links'],
  EDEADLK: [29, 'Resource deadlock would occur'],
  ENAMETOOLONG: [30, 'File name too long'],
  ENOSYS: [31, 'Function not implemented'],
  ENOTEMPTY: [32, 'Directory not empty'],
  ELOOP: [33, 'Too many symbolic links encountered'],
  ENODATA: [37, 'No data available'],
  EOVERFLOW: [38, 'Value too large for defined data type'],
  EBADFD: [39, 'File descriptor in bad state'],
  EDQUOT: [41, 'Quota exceeded'],
}

const base = 13900000
const unknown = [42, 'Unknown error'] as const

/** Makes the file kit's error of an errno name such as `ENOENT`. */
export function fileError(errnoName: string, detail?: ErrorDetail, cause?: unknown): BusinessError {
  const [number, message] = codes[errnoName] ?? unknown
  return new BusinessError(base + number, message, detail, cause === undefined ? undefined : { cause })
}

/** The error for an argument of the wrong type: 13900020, naming the argument. */
export function invalidArgument(field: string, reason: string): BusinessError {
  return fileError('EINVAL', { field, reason })
}

/** Turns what node's fs and the kernel calls of `@vpnext/native` throw into the file kit's error; anything else is passed on. */
export function asFileError(error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return error
  if (!('syscall' in error)) {
    return error.code.startsWith('ERR_') ? fileError('EINVAL', { reason: error.message }, error) : error
  }
  return fileError(errnoNameOf(error), { reason: error.message }, error)
}

/** node has no name for EBADFD (77), which a TUN answers once its device is gone. */
function errnoNameOf(error: Error & { code: unknown }): string {
  if ('errno' in error && error.errno === -77) return 'EBADFD'
  return String(error.code)
}
