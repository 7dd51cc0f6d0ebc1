import koffi from 'koffi'

/** The functions of libnftables that are used here; `context` is a struct nft_ctx *. */
export interface NftLibrary {
  readonly newContext: (flags: number) => unknown
  readonly freeContext: (context: unknown) => void
  /** 0 = success. */
  readonly bufferOutput: (context: unknown) => number
  readonly bufferError: (context: unknown) => number
  readonly setOutputFlags: (context: unknown, flags: number) => void
  /** 0 = success, -1 = failure. */
  readonly run: (context: unknown, commands: string) => number
  readonly output: (context: unknown) => string | null
  readonly error: (context: unknown) => string | null
}

type State = { kind: 'loaded'; library: NftLibrary } | { kind: 'missing'; reason: string }

const NAME = 'libnftables.so.1'
let state: State | undefined

/** Loads libnftables on first use. @returns the library, or why there is none */
export function loadNftLibrary(): State {
  state ??= load()
  return state
}

function load(): State {
  let handle: ReturnType<typeof koffi.load>
  try {
    handle = koffi.load(NAME)
  } catch (error) {
    return { kind: 'missing', reason: error instanceof Error ? error.message : `${NAME} cannot be loaded` }
  }
  const context = koffi.pointer(koffi.opaque())
  const library: NftLibrary = {
    newContext: handle.func('nft_ctx_new', context, ['uint32_t']),
    freeContext: handle.func('nft_ctx_free', 'void', [context]),
    bufferOutput: handle.func('nft_ctx_buffer_output', 'int', [context]),
    bufferError: handle.func('nft_ctx_buffer_error', 'int', [context]),
    setOutputFlags: handle.func('nft_ctx_output_set_flags', 'void', [context, 'unsigned int']),
    run: handle.func('nft_run_cmd_from_buffer', 'int', [context, 'const char *']),
    output: handle.func('nft_ctx_get_output_buffer', 'const char *', [context]),
    error: handle.func('nft_ctx_get_error_buffer', 'const char *', [context]),
  }
  return { kind: 'loaded', library }
}
