import { readFileSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))

/** The text of every test file of the repository. */
function testTexts(): string {
  const packages = readdirSync(path('../../')).map((name) => path(`../../${name}/src`))
  return packages
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`),
    )
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => readFileSync(name, 'utf8'))
    .join('\n')
}

test('every test that docs/security.md names exists', () => {
  const text = readFileSync(path('../../../docs/security.md'), 'utf8').replaceAll(/\s*\n\s*/g, ' ')
  const named = [...text.matchAll(/«([^»]+)»/g)]
    .map(([, name = '']) => name)
    .filter((name) => name !== 'guillemets')
  expect(named.length).toBeGreaterThan(30)
  const texts = testTexts()
  expect(named.filter((name) => !texts.includes(`'${name}'`) && !texts.includes(`"${name}"`))).toEqual([])
})
