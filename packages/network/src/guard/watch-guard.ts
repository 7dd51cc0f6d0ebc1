import { type NftWatch, watchNft } from '@vpnext/native'
import type { NetworkSettings } from '../settings.ts'

const watches = new Set<NftWatch>()

/**
 * Tells when somebody else changes the guard of an instance, or flushes the whole ruleset; in the network namespace that the
 * calling thread is in. What this process does to a guard is not told.
 *
 * @throws SystemError as `watchNft`
 */
export function watchGuard(
  { nftTable }: Pick<NetworkSettings, 'nftTable'>,
  onChange: () => void,
): Disposable {
  const watch = watchNft((table) => table === nftTable, onChange)
  watches.add(watch)
  return {
    [Symbol.dispose]() {
      watches.delete(watch)
      watch[Symbol.dispose]()
    },
  }
}

/**
 * Nothing is told until the returned function is called: for changes of this process's own.
 *
 * @returns ends it; again: nothing
 */
export function pauseGuardWatches(): () => void {
  const ends = [...watches].map((watch) => watch.pause())
  return () => {
    for (const end of ends) end()
  }
}

/** Changes a guard without being told of it. */
export function unheard<T>(change: () => T): T {
  const end = pauseGuardWatches()
  try {
    return change()
  } finally {
    end()
  }
}
