import { expect, test } from 'vitest'

import { calledNatives } from './called-natives.ts'

test('native modules that calls name are found by every way to call', () => {
  const code = `
    const a = loadNativeModule("libentry.so");
    const b = requireNapi("core"), c = globalThis.requireNative( 'libcore.so' );
    loadNativeModule(name); requireNapi("app.ability.UIAbility"); mine.requireNapiOf("x");
  `
  expect(calledNatives(code)).toEqual(['libcore.so', 'libentry.so'])
})
