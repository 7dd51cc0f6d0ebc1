/**
 * Does something to a file or folder. Node's errors of calls on a descriptor, such as that the disk is full, do not say of what;
 * those that leave here do.
 *
 * @throws what `action` throws, the same error, with the path in its message
 */
export function namingFile<T>(path: string, action: () => T): T {
  try {
    return action()
  } catch (error) {
    if (error instanceof Error && 'syscall' in error && !error.message.includes(path))
      error.message = `${path}: ${error.message}`
    throw error
  }
}
