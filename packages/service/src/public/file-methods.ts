import { closeInThread, errorText, type Fd, readSealedMemfd } from '@vpnext/native'
import { type VarlinkError, varlinkError } from '@vpnext/varlink'
import {
  type ExtensionFiles,
  fileNamePattern,
  maxProfileBytes,
  readReport,
  removeProfile,
  writeProfile,
} from '../bundles/extension-files.ts'
import { firstVpnAbility } from '../bundles/installed-bundle.ts'
import { publicInterface } from '../protocol/public-interface.ts'
import { noSuchBundle } from '../protocol-errors.ts'
import { asPermitted } from './access.ts'
import type { Methods, PublicParts } from './public-parts.ts'

/** StoreProfile, RemoveProfile, MayRunCommands and ReadReport: what a user and an extension of theirs tell each other in files. */
export function fileMethods(
  parts: PublicParts,
): Methods<'StoreProfile' | 'RemoveProfile' | 'MayRunCommands' | 'ReadReport'> {
  const { audit, bundles, places, policy, rules } = parts
  const filesOf = (uid: number, bundleName: string): ExtensionFiles => {
    const bundle = bundles.find(uid, bundleName)
    if (bundle === undefined) throw noSuchBundle(bundleName)
    const declared = firstVpnAbility(bundle)
    if (declared === undefined) throw invalidFile('bundleName', 'the bundle has no extension of type vpn')
    return { ...places.dataFolderOf(bundle), module: declared.module.name }
  }
  return {
    StoreProfile: ({ bundleName, name }, call) =>
      asPermitted('StoreProfile', call, rules, ({ uid }) => {
        const bytes = readProfileBytes(call.fds.length === 1 ? call.takeFd(0) : undefined)
        try {
          writeProfile(filesOf(uid, bundleName), checkName(name), bytes)
        } finally {
          // It holds keys, as a rule.
          bytes.fill(0)
        }
        audit.note({ event: 'profile-stored', ownerUid: uid, bundleName, name })
        return {}
      }),
    RemoveProfile: ({ bundleName, name }, call) =>
      asPermitted('RemoveProfile', call, rules, ({ uid }) => {
        const removed = removeProfile(filesOf(uid, bundleName), checkName(name))
        if (removed) audit.note({ event: 'profile-removed', ownerUid: uid, bundleName, name })
        return { removed }
      }),
    MayRunCommands: ({ bundleName }, call) =>
      asPermitted('MayRunCommands', call, rules, ({ uid }) => {
        const bundle = bundles.find(uid, bundleName)
        if (bundle === undefined) throw noSuchBundle(bundleName)
        return { allowed: policy.decide(bundle).commands }
      }),
    ReadReport: ({ bundleName, name }, call) =>
      asPermitted('ReadReport', call, rules, ({ uid }) => {
        const files = filesOf(uid, bundleName)
        try {
          const text = readReport(files, checkName(name))
          return text === undefined ? {} : { text }
        } catch (error) {
          if (error instanceof RangeError) throw invalidFile('name', error.message)
          throw error
        }
      }),
  }
}

/** One name, which leads nowhere else. */
function checkName(name: string): string {
  if (fileNamePattern.test(name)) return name
  throw invalidFile('name', 'must be 1 to 64 of A-Z, a-z, 0-9, _, ., =, + and -, and begin with no dot')
}

function readProfileBytes(fd: Fd | undefined): Uint8Array {
  if (fd === undefined) throw invalidFile('profile', 'must come as one descriptor with the call')
  try {
    return readSealedMemfd(fd, maxProfileBytes)
  } catch (error) {
    throw invalidFile('profile', errorText(error))
  } finally {
    closeInThread(fd)
  }
}

function invalidFile(field: string, reason: string): VarlinkError {
  return varlinkError(publicInterface, 'InvalidFile', { field, reason })
}
