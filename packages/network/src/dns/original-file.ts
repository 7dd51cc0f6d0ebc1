import { chmodSync, chownSync, constants, lchownSync, lstatSync, readlinkSync, symlinkSync } from 'node:fs'
import { readPlainFile, removeFile } from '@vpnext/native'
import type { OriginalFile } from '../plan/step.ts'
import { replaceFile, replaceWith } from './replace-file.ts'

/** Far more than any resolv.conf(5). */
const MAX_BYTES = 1 << 20

/** Reads what is at a path, not following a link. @throws Error for a directory, device or huge file */
export function readOriginal(path: string): OriginalFile {
  const status = lstatSync(path, { throwIfNoEntry: false })
  if (status === undefined) return { kind: 'absent' }
  const { uid, gid } = status
  if (status.isSymbolicLink()) return { kind: 'symlink', target: readlinkSync(path), uid, gid }
  if (!status.isFile()) throw new Error(`${path} is neither a file nor a link`)
  // It may be something else by now.
  const bytes = readPlainFile(path, { flags: constants.O_NOFOLLOW, longest: MAX_BYTES })
  const base64 = bytes.toString('base64')
  return { kind: 'file', base64, mode: status.mode & 0o7777, uid, gid }
}

/** Puts back what {@link readOriginal} read, atomically where the path is no mount point. */
export function writeOriginal(path: string, temporary: string, original: OriginalFile): void {
  switch (original.kind) {
    case 'absent':
      return removeFile(path)
    case 'symlink':
      return replaceWith(path, temporary, () => {
        symlinkSync(original.target, temporary)
        giveTo(temporary, original, lchownSync)
      })
    case 'file':
      return replaceFile(path, temporary, Buffer.from(original.base64, 'base64'), () => {
        giveTo(temporary, original, chownSync)
        // After chown, which clears the set-id bits.
        chmodSync(temporary, original.mode)
      })
    default:
      return original satisfies never
  }
}

function giveTo(
  path: string,
  owner: { readonly uid: number; readonly gid: number },
  change: (path: string, uid: number, gid: number) => void,
): void {
  const { uid, gid } = lstatSync(path)
  if (uid !== owner.uid || gid !== owner.gid) change(path, owner.uid, owner.gid)
}
