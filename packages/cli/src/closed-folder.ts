import { accessSync, constants } from 'node:fs'

/**
 * Goes to `/` where the working folder is closed to this user, as after `sudo -u somebody`: no program can be started there, and
 * no relative path found.
 */
export function leaveClosedFolder(): void {
  try {
    accessSync('.', constants.X_OK)
  } catch {
    process.chdir('/')
  }
}
