import { fstatSync } from 'node:fs'

import { Fd } from '@vpnext/native'

/** Runs `action` on a descriptor that belongs to the extension, and leaves it open. @throws what `action` throws */
export function withBorrowed<T>(number: number, action: (fd: Fd) => T): T {
  const fd = Fd.adopt(number)
  try {
    return action(fd)
  } finally {
    fd.release()
  }
}

/** Whether the number is that of an open descriptor. */
export function isOpen(number: number): boolean {
  try {
    fstatSync(number)
    return true
  } catch {
    return false
  }
}
