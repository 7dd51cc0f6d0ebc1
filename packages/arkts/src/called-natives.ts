const call = /\b(loadNativeModule|requireNapi|requireNative)\(\s*(["'`])([\w-]+)(\.so)?\2/g

/**
 * The native modules that compiled code loads by a call with the name written out: `loadNativeModule('libentry.so')`,
 * `requireNapi('entry')`. Whether it can do without them, nobody can tell.
 *
 * @param code a bundled script
 * @returns file names, sorted
 */
export function calledNatives(code: string): string[] {
  const names = new Set<string>()
  for (const [, , , name, extension] of code.matchAll(call))
    names.add(extension === undefined ? `lib${name}.so` : `${name}.so`)
  return [...names].toSorted()
}
