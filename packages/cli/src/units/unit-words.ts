/**
 * One word of a command line in a unit, but for the first: systemd takes `%` for a specifier, `$` for a variable, and splits at blanks
 * (systemd.service(5), COMMAND LINES).
 */
export function unitWord(text: string): string {
  const escaped = text
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('%', '%%')
    .replaceAll('$', '$$$$')
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(escaped) ? escaped : `"${escaped}"`
}

/** A path in a setting, or the program of a command line, where `$` means nothing. */
export function unitPath(path: string): string {
  const escaped = path.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('%', '%%')
  return /^[A-Za-z0-9_@%+=:,./$-]+$/.test(escaped) ? escaped : `"${escaped}"`
}
