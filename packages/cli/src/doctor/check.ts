/** One finding of `vpnext doctor`. */
export interface Check {
  /** A few words, the same on every machine. */
  readonly name: string
  readonly state:
    | { readonly kind: 'fine'; readonly detail: string }
    /** Something works less well, or not at all; `remedy` says what to do. */
    | { readonly kind: 'lacking'; readonly detail: string; readonly remedy: string }
    /** Tunnels need nothing of it; `detail` says what does. */
    | { readonly kind: 'note'; readonly detail: string; readonly remedy: string }
    /** A killed service left this; --repair takes it away. */
    | { readonly kind: 'leftover'; readonly detail: string }
}

const signs = { fine: 'ok', lacking: '--', note: '..', leftover: '!!' } as const

/** Lines for a person: a sign, the name, what was found, and the remedy below it. */
export function checkLines(checks: readonly Check[]): string[] {
  const width = Math.max(...checks.map((check) => check.name.length))
  return checks.flatMap(({ name, state }) => {
    const line = `${signs[state.kind]}  ${name.padEnd(width)}  ${state.detail}`
    return 'remedy' in state ? [line, `    ${' '.repeat(width)}  → ${state.remedy}`] : [line]
  })
}
