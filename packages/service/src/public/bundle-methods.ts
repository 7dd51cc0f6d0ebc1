import { closeInThread, errorText, type Fd, readSealedMemfd } from '@vpnext/native'
import { hasDataFolder, removeCaches, removeDataFolder } from '../bundles/data-folder.ts'
import { bundleKey } from '../abilities/ability-target.ts'
import { type InstalledBundle, describeBundle } from '../bundles/installed-bundle.ts'
import { InvalidBundle } from '../bundles/invalid-bundle.ts'
import { KeyedQueue } from '../keyed-queue.ts'
import { maxArchiveBytes } from '../protocol/bundle-names.ts'
import { noSuchBundle } from '../protocol-errors.ts'
import { asPermitted, requireUnforced } from './access.ts'
import type { Methods, PublicParts } from './public-parts.ts'

/** Install, Uninstall, CleanBundle and ListBundles. One change at a time for each user. */
export function bundleMethods(
  parts: PublicParts,
): Methods<'Install' | 'Uninstall' | 'CleanBundle' | 'ListBundles'> {
  const { abilities, audit, bundles, consents, dataRoot, desk, rules, spare, uids } = parts
  const queue = new KeyedQueue()
  const stop = async (bundle: InstalledBundle, opens = true): Promise<void> => {
    await abilities.stopBundle(bundle, { opens })
    await spare.discard(bundleKey(bundle))
  }
  const removeData = async (uid: number, bundleName: string): Promise<void> => {
    await removeDataFolder(dataRoot, uid, bundleName)
    uids.release(uid, bundleName)
  }
  const forgetDecisions = (uid: number, bundleName: string): void => {
    try {
      consents.forget(uid, bundleName)
    } finally {
      parts.alwaysOn.forget(uid, bundleName)
    }
  }
  return {
    Install: (_none, call) =>
      asPermitted('Install', call, rules, async ({ uid }) => {
        const fd = call.fds.length === 1 ? call.takeFd(0) : undefined
        const installed = await queue.run(String(uid), async () => {
          const bytes = readArchiveBytes(fd)
          return await bundles.install(uid, bytes, (old) => stop(old, false), call.signal)
        })
        const { bundleName, codeHash } = installed.bundle
        // Other code needs consent of its own; with it, it runs at once.
        parts.alwaysOn.ensure(installed.bundle)
        audit.note({ event: 'install', byUid: uid, ownerUid: uid, bundleName, codeHash })
        return { bundle: describeBundle(installed.bundle), replaced: installed.replaced }
      }),
    Uninstall: ({ bundleName, keepData }, call) =>
      asPermitted('Uninstall', call, rules, async ({ uid, standing }) => {
        requireUnforced(parts, bundles.find(uid, bundleName), { standing })
        const removed = await queue.run(String(uid), () =>
          bundles.remove(uid, bundleName, async (bundle) => {
            // Counts from now on. When the disk is full, perhaps of what the bundle has written, it is written down below.
            tryTo(() => forgetDecisions(uid, bundleName))
            desk.answer(uid, bundleName, 'withdrawn')
            await stop(bundle)
            parts.events.forget(bundle)
            // What is kept goes on belonging to its uid.
            if (keepData !== true) await removeData(uid, bundleName)
            forgetDecisions(uid, bundleName)
          }),
        )
        if (removed === undefined) {
          if (keepData === true || !hasDataFolder(dataRoot, uid, bundleName)) throw noSuchBundle(bundleName)
          await queue.run(String(uid), () => removeData(uid, bundleName))
          return {}
        }
        audit.note({ event: 'uninstall', byUid: uid, ownerUid: uid, bundleName, codeHash: removed.codeHash })
        return {}
      }),
    CleanBundle: ({ bundleName, what }, call) =>
      asPermitted('CleanBundle', call, rules, async ({ uid, standing }) => {
        await queue.run(String(uid), async () => {
          const bundle = bundles.find(uid, bundleName)
          if (bundle === undefined) throw noSuchBundle(bundleName)
          requireUnforced(parts, bundle, { standing })
          await stop(bundle)
          const modules = bundle.manifest.modules.map(({ name }) => name)
          if (what === 'data') await removeDataFolder(dataRoot, uid, bundleName)
          else await removeCaches(dataRoot, uid, bundleName, modules)
          const event = what === 'data' ? 'data-cleaned' : 'cache-cleaned'
          audit.note({ event, byUid: uid, ownerUid: uid, bundleName, codeHash: bundle.codeHash })
        })
        return {}
      }),
    ListBundles: (_none, call) =>
      asPermitted('ListBundles', call, rules, ({ sees }) => ({
        bundles: bundles
          .list()
          .filter((bundle) => sees(bundle.ownerUid))
          .map(describeBundle),
      })),
  }
}

/** For what is done again, and fails there if it must. */
function tryTo(action: () => void): void {
  try {
    action()
  } catch {}
}

/** The bytes of the memfd that came with the call. @throws InvalidBundle for anything else than a sealed memfd */
function readArchiveBytes(fd: Fd | undefined): Uint8Array {
  if (fd === undefined) throw new InvalidBundle('archive', 'must come as one descriptor with the call')
  try {
    return readSealedMemfd(fd, maxArchiveBytes)
  } catch (error) {
    throw new InvalidBundle('archive', errorText(error), {
      cause: error,
    })
  } finally {
    closeInThread(fd)
  }
}
