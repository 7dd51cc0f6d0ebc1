import { expect, test } from 'vitest'

import { exportedFile } from './package-exports.ts'

test.each([
  ['./a.js', '.', './a.js'],
  ['./a.js', './x', undefined],
  [{ import: './a.mjs', require: './a.cjs' }, '.', './a.mjs'],
  [{ require: './a.cjs', import: './a.mjs' }, '.', './a.cjs'],
  [{ types: './a.d.ts', node: './node.js', browser: './b.js', default: './a.js' }, '.', './a.js'],
  [{ node: { import: './node.js' } }, '.', undefined],
  [{ '.': { import: { types: './a.d.ts', default: './a.js' } }, './x': './x.js' }, '.', './a.js'],
  [{ '.': './a.js', './x': ['other:x', { default: './x.js' }] }, './x', './x.js'],
  [{ './x': './x.js' }, '.', undefined],
  [
    { './*': './lib/*.js', './deep/*': './deep/*/index.js', './deep/*.js': './d/*.js' },
    './a/b',
    './lib/a/b.js',
  ],
  [{ './*': './lib/*.js', './deep/*': './deep/*/index.js' }, './deep/c', './deep/c/index.js'],
  [{ './*': null }, './a', undefined],
  [{ './$&*': './$&/*' }, './$&$1', './$&/$1'],
  [undefined, '.', undefined],
  [5, '.', undefined],
])('%j gives for %s the file %s', (exports, subpath, file) => {
  expect(exportedFile(exports, subpath)).toBe(file)
})
