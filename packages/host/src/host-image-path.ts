import { fileURLToPath } from 'node:url'

/**
 * The folder that `scripts/build-image.mjs` makes: stage1.mjs, stage2.cjs and the native module they load.
 * The same from `src` (tests) and from `dist`: both lie directly in the package.
 *
 * @returns an absolute path; whether the image was built is not looked at
 */
export function hostImagePath(): string {
  return fileURLToPath(new URL('../dist/image', import.meta.url))
}
