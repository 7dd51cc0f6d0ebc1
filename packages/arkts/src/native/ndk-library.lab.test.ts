import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'

import { ProjectFixture } from '../../test/project-fixture.ts'
import { readProject } from '../project.ts'
import { type BuildTools, findBuildTools } from './build-tools.ts'
import { readElf, undefinedSymbols } from './elf-file.ts'
import { type NativeParts, prepareNativeModules } from './native-modules.ts'
import { machineAbi } from './tool-chain-file.ts'

// Compilers on a busy machine.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

/** Of what a core that was built elsewhere for Linux calls. */
const calls = `#include <stdio.h>
int OH_LOG_Print(int type, int level, unsigned domain, const char *tag, const char *format, ...);
char *OH_NativeBundle_GetAppId(void);
int OH_AbilityRuntime_ApplicationContextGetFilesDir(char *room, int size, int *length);
typedef void *value;
struct module { int version; unsigned flags; const char *file; value (*init)(void *env, value exports); const char *name; void *own, *more[4]; };
void napi_module_register(struct module *module);
int napi_create_string_utf8(void *env, const char *text, long length, value *result);
static value init(void *env, value exports) {
    char room[64] = "none";
    char text[128];
    int length = 0;
    value result = exports;
    OH_LOG_Print(0, 4, 0, "core", "in the log");
    OH_AbilityRuntime_ApplicationContextGetFilesDir(room, sizeof room, &length);
    snprintf(text, sizeof text, "%s %s", room, OH_NativeBundle_GetAppId());
    napi_create_string_utf8(env, text, -1, &result);
    return result;
}
static struct module self = {1, 0, 0, init, "core"};
__attribute__((constructor)) static void take(void) { napi_module_register(&self); }
`

const code = `#include <dlfcn.h>
#include "napi/native_api.h"
static napi_value Init(napi_env env, napi_value exports) {
    void *found = dlopen("libnet_connection.so", RTLD_NOW);
    napi_value result;
    int which = found != nullptr && dlsym(found, "OH_NetConn_HasDefaultNet") != nullptr;
    /* Of which nothing is there. */
    if (dlopen("libnative_drawing.so", RTLD_NOW) != nullptr) which = -1;
    napi_create_int32(env, which, &result);
    return result;
}
static napi_module module = {1, 0, nullptr, Init, "entry", nullptr, {0}};
static __attribute__((constructor)) void Register(void) { napi_module_register(&module); }
`

let folder: string
let tools: BuildTools
beforeAll(async () => {
  tools = await findBuildTools('core.c')
  folder = mkdtempSync(join(tmpdir(), 'vpnext-ndk-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Links `calls` with libraries that have these names alone. */
function link(name: string, ...libraries: string[]): void {
  const run = (...args: string[]): unknown =>
    execFileSync(tools.c, ['-shared', '-fPIC', ...args], { cwd: folder })
  writeFileSync(join(folder, 'core.c'), calls)
  for (const library of libraries) run('-x', 'c', '/dev/null', `-Wl,-soname,${library}`, '-o', library)
  run('core.c', '-o', name, '-Wl,--no-as-needed', ...libraries.map((library) => join(folder, library)))
}

async function prepared(project: ProjectFixture, names: readonly string[]): Promise<NativeParts> {
  return prepareNativeModules(await readProject(project.folder), names, {
    cacheFolder: join(folder, 'cache'),
  })
}

/** What a module exports, loaded as a host does: what is ahead of others first. */
function exportsOf({ libraries }: NativeParts, name: string): unknown {
  const place = mkdtempSync(join(folder, 'libs-'))
  for (const [file, bytes] of libraries) writeFileSync(join(place, file), bytes)
  const script = `globalThis.loadNativeModule = () => ({ getBundleInfoForSelfSync: (flags) =>
  ({ name: 'com.example.vpn', ...(flags !== 0 && { signatureInfo: { fingerprint: 'F' + flags } }) }) })
const { RTLD_NOW, RTLD_GLOBAL } = require('node:os').constants.dlopen
const load = (file, flags) => { const module = { exports: {} }; process.dlopen(module, file, flags); return module.exports }
load('${place}/libvpnext_ndk.so', RTLD_NOW | RTLD_GLOBAL)
console.log(JSON.stringify(load('${place}/${name}', RTLD_NOW)))`
  const output = execFileSync(process.execPath, ['-e', script], { encoding: 'utf8', stdio: 'pipe' })
  return JSON.parse(output)
}

test.each([
  ['expects to be there', []],
  ['is linked with', ['libhilog_ndk.z.so', 'libability_runtime.so']],
])('a core that was built elsewhere has what of the NDK it %s', async (_how, libraries) => {
  link('libcore.so', ...libraries)
  using project = new ProjectFixture()
  const libs = join(project.folder, `entry/libs/${machineAbi()}`)
  mkdirSync(libs, { recursive: true })
  copyFileSync(join(folder, 'libcore.so'), join(libs, 'libcore.so'))
  const parts = await prepared(project, ['libcore.so'])
  expect(parts.modules).toEqual([expect.objectContaining({ name: 'libcore.so', kind: 'prebuilt' })])
  expect([...parts.libraries.keys()].toSorted()).toEqual(
    ['libcore.so', 'libvpnext_ndk.so', ...libraries].toSorted(),
  )
  expect(exportsOf(parts, 'libcore.so')).toBe('/data/storage/el2/base/files com.example.vpn_F128')
})

test('code of a project opens libraries of the NDK by their names, those that there are', async () => {
  using project = new ProjectFixture({
    'entry/src/main/cpp/CMakeLists.txt': `cmake_minimum_required(VERSION 3.5)
project(x CXX)
add_library(entry SHARED x.cpp)
target_link_libraries(entry PUBLIC libace_napi.z.so)
`,
    'entry/src/main/cpp/x.cpp': code,
  })
  const parts = await prepared(project, ['libentry.so'])
  expect([...parts.libraries.keys()]).toEqual(['libentry.so', 'libnet_connection.so', 'libvpnext_ndk.so'])
  expect(exportsOf(parts, 'libentry.so')).toBe(1)
})

test('what a library expects to be there is read off it', async () => {
  link('libwants.so', 'libhilog_ndk.z.so')
  const bytes = readFileSync(join(folder, 'libwants.so'))
  expect(readElf(bytes)).toMatchObject({ forHarmony: false })
  expect(undefinedSymbols(bytes, /^OH_/).toSorted()).toEqual([
    'OH_AbilityRuntime_ApplicationContextGetFilesDir',
    'OH_LOG_Print',
    'OH_NativeBundle_GetAppId',
  ])
  expect(undefinedSymbols(bytes, /^init/)).toEqual([])
})
