import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const root = new URL('../../../', import.meta.url)

describe('docs/compatibility.md', () => {
  const page = readFileSync(new URL('docs/compatibility.md', root), 'utf8')
  const references = [...page.matchAll(/`([^`]+\.ts) › ([^|]+)` \|$/gm)].map((match) => ({
    file: match[1] ?? '',
    name: match[2] ?? '',
  }))

  it('names tests that exist', () => {
    expect(references.length).toBeGreaterThan(40)
    const missing = references.filter(({ file, name }) => !sourceOf(file).includes(name))
    expect(missing).toEqual([])
  })

  it('gives every row four cells, the last with a test', () => {
    const rows = page.split('\n').filter((line) => line.startsWith('|'))
    expect(rows.filter((row) => row.split('|').length !== 6)).toEqual([])
    const cases = rows.filter((row) => !/^\| ?(Case |-)/.test(row))
    expect(cases.filter((row) => !row.endsWith('` |'))).toEqual([])
    expect(references).toHaveLength(cases.length)
  })
})

/** A name may stand in any quotes; those inside it are escaped in the source. */
function sourceOf(file: string): string {
  const url = new URL(file, root)
  return existsSync(url) ? readFileSync(url, 'utf8').replaceAll("\\'", "'") : ''
}
