import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { BundleLibraries } from './bundle-libraries.ts'

const module = (name: string, calls: string): string => `typedef void *value;
struct module { int version; unsigned flags; const char *file; value (*init)(void *env, value exports); const char *name; void *own, *more[4]; };
void napi_module_register(struct module *module);
int napi_create_int32(void *env, int number, value *result);
int ${calls}(void);
static value init(void *env, value exports) {
    napi_create_int32(env, ${calls}(), &exports);
    return exports;
}
static struct module self = {1, 0, 0, init, "${name}"};
__attribute__((constructor)) static void take(void) { napi_module_register(&self); }
`

let folder: string
let libraries: BundleLibraries

/** Makes a library as somebody else would who knows nothing of the folder; it needs others by their names. */
function make(name: string, text: string, ...needs: string[]): void {
  const compiler = process.env['CC'] ?? 'gcc'
  const source = join(folder, `${name}.c`)
  const file = `lib${name}.so`
  writeFileSync(source, text)
  const libs = needs.map((need) => join(folder, `libs/lib${need}.so`))
  execFileSync(compiler, [
    '-shared',
    '-fPIC',
    '-w',
    `-Wl,-soname,${file}`,
    source,
    '-Wl,--no-as-needed',
    ...libs,
    '-o',
    join(folder, 'libs', file),
  ])
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'vpnext-libraries-'))
  mkdirSync(join(folder, 'libs'))
  libraries = new BundleLibraries(join(folder, 'libs'))
  make('crypto9', 'int crypto9(void) { return 9; }')
  make('tls9', 'int crypto9(void); int tls9(void) { return crypto9() + 10; }', 'crypto9')
  make('core9', 'int tls9(void); int core9(void) { return tls9() + 100; }', 'tls9')
  make('gone9', 'int gone9(void) { return 0; }')
})
afterAll(() => rmSync(folder, { recursive: true }))

test('a library finds others of the bundle that it needs, and those that they need', () => {
  make('first9', module('first9', 'core9'), 'core9')
  make('second9', module('second9', 'tls9'), 'tls9', 'crypto9')
  expect(libraries.load('libfirst9.so')).toBe(119)
  expect(libraries.load('libsecond9.so')).toBe(19)
})

test('one that is not there is told by its name, as is a library that is no module', () => {
  make('third9', module('third9', 'gone9'), 'core9', 'gone9')
  rmSync(join(folder, 'libs/libgone9.so'))
  expect(() => libraries.load('libthird9.so')).toThrow('libgone9.so: cannot open shared object file')
  expect(() => libraries.load('libcrypto9.so')).toThrow(
    'libcrypto9.so registers no module of Node-API: it calls napi_module_register in no constructor, and has no NAPI_MODULE',
  )
})
