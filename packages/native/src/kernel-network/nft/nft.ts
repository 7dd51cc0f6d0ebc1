import { Fd } from '../../fd.ts'
import { errnoNumber, SystemError } from '../../system-error.ts'
import { openNetfilterSocket, withContextSocket } from './context-socket.ts'
import { loadNftLibrary } from './library.ts'
import type { NftLibrary } from './library.ts'
import { nftErrno } from './nft-error.ts'

/** include/nftables/libnftables.h */
const NFT_CTX_DEFAULT = 0
const OUTPUT_DEFAULT = 0
const OUTPUT_JSON = 1 << 4
const ENOMEM = errnoNumber('ENOMEM')
const ENOSYS = errnoNumber('ENOSYS')
const EPROTO = errnoNumber('EPROTO')

/** What `nft -j list ruleset` prints: a list of objects with one key each (`metainfo`, `table`, `chain`, `rule`, …). */
export interface NftListing {
  readonly nftables: readonly Readonly<Record<string, unknown>>[]
}

/** Whether {@link runNft} can work here: libnftables.so.1 is installed and the kernel has nf_tables' socket. */
export function nftAvailable(): boolean {
  if (loadNftLibrary().kind === 'missing') return false
  const socket = openNetfilterSocket()
  if (socket < 0) return false
  Fd.adopt(socket).close()
  return true
}

/**
 * Runs commands in nft(8)'s language on the network namespace that the calling thread is in, as one transaction: all or
 * nothing. Text from outside must not get into `commands` unchecked: the language can include files.
 *
 * @returns what nft would print; '' for most commands
 * @throws SystemError ENOSYS without libnftables; else `detail` is nft's text, and `code` is the error in it, or EINVAL
 * for a syntax error
 */
export function runNft(commands: string): string {
  return run(commands, OUTPUT_DEFAULT)
}

/** The whole ruleset of the network namespace that the calling thread is in. @throws SystemError as {@link runNft} */
export function listNft(): NftListing {
  const listing: unknown = JSON.parse(run('list ruleset', OUTPUT_JSON))
  if (isListing(listing)) return listing
  throw new SystemError(EPROTO, 'nft', { detail: 'the listing has another form than expected' })
}

/** The whole ruleset as a person reads it; '' when it is empty. @throws SystemError as {@link runNft} */
export function listNftText(): string {
  return run('list ruleset', OUTPUT_DEFAULT)
}

function run(commands: string, flags: number): string {
  if (commands.includes('\0')) throw new RangeError('commands: contains a NUL character')
  const loaded = loadNftLibrary()
  if (loaded.kind === 'missing') throw new SystemError(ENOSYS, 'nft', { detail: loaded.reason })
  const { library } = loaded
  const { context, socket } = withContextSocket(() => library.newContext(NFT_CTX_DEFAULT))
  try {
    if (context === null) throw new SystemError(ENOMEM, 'nft')
    return runInContext(library, context, commands, flags)
  } finally {
    if (context !== null) library.freeContext(context)
    socket[Symbol.dispose]()
  }
}

function runInContext(library: NftLibrary, context: unknown, commands: string, flags: number): string {
  if (library.bufferOutput(context) !== 0 || library.bufferError(context) !== 0) {
    throw new SystemError(ENOMEM, 'nft')
  }
  library.setOutputFlags(context, flags)
  const result = library.run(context, commands)
  if (result === 0) return library.output(context) ?? ''
  const detail = (library.error(context) ?? '').trim()
  throw new SystemError(nftErrno(detail), 'nft', { detail })
}

function isListing(value: unknown): value is NftListing {
  return typeof value === 'object' && value !== null && 'nftables' in value && Array.isArray(value.nftables)
}
