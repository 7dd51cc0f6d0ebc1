/**
 * Lays rows out in columns, each as wide as its widest cell, two blanks apart.
 *
 * @param header one word a column
 * @param rows as many cells each as the header
 * @returns one line for the header and one a row, without blanks at the end
 */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const all = [header, ...rows]
  const widths = header.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)))
  return all.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}
