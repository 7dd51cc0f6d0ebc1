import { readElf, undefinedSymbols } from './elf-file.ts'

/** Libraries of the NDK whose functions there are, at least in part; node has some of them itself. */
export const ndkLibraries: ReadonlySet<string> = new Set(
  `
  ace_napi.z hilog_ndk.z uv z rawfile.z deviceinfo_ndk.z hitrace_ndk.z qos net_connection ability_runtime bundle_ndk.z
  ffrt.z hiappevent_ndk.z ohcommonevent
`
    .trim()
    .split(/\s+/)
    .map((name) => `lib${name}.so`),
)

/** How functions of the NDK begin that ours have, and node has not. */
const functions = /^(OH_|ffrt_|HiTrace)/

/** What a library wants of the NDK at run time. */
export interface NdkNeeds {
  /** Names of libraries that it is linked with. */
  readonly linked: readonly string[]
  /** Names that it has as a text, as for `dlopen`. */
  readonly named: readonly string[]
  /** It calls functions that it expects to be there, whoever has them. */
  readonly functions: boolean
}

/** Reads what a library that is for this machine wants; code that vpnext has built has what it calls in itself. */
export function ndkNeeds(bytes: Uint8Array): NdkNeeds {
  return {
    linked: (readElf(bytes)?.needed ?? []).filter((name) => ndkLibraries.has(name)),
    named: [...new Set(texts(bytes))],
    functions: undefinedSymbols(bytes, functions).length > 0,
  }
}

/** Names among the texts of a program, which end with a zero byte. */
function* texts(bytes: Uint8Array): Generator<string> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const end = '.so\0'
  for (let at = buffer.indexOf(end, 0, 'latin1'); at !== -1; at = buffer.indexOf(end, at + 1, 'latin1')) {
    const before = buffer.toString('latin1', Math.max(0, at - 32), at)
    const name = `${/[\w+.-]*$/.exec(before)?.[0] ?? ''}.so`
    if (ndkLibraries.has(name)) yield name
  }
}
