import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'

import { ProjectFixture } from '../../test/project-fixture.ts'
import { readProject } from '../project.ts'
import { buildNativeModules } from './build-native.ts'

// Compilers on a busy machine.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

/** A library of no module, which asks for facts, and two modules that are linked with it and register in the other ways. */
const files = {
  'entry/src/main/cpp/CMakeLists.txt': `cmake_minimum_required(VERSION 3.5)
project(x CXX)
add_library(core SHARED core.cpp)
target_link_libraries(core PUBLIC libability_runtime.so)
foreach(name named whole)
  add_library(\${name} SHARED \${name}.cpp)
  target_link_libraries(\${name} PUBLIC core libace_napi.z.so)
endforeach()
`,
  'entry/src/main/cpp/core.h': `#include <string>
#include <thread>
#include "napi/native_api.h"
std::string Facts();
inline napi_value Told(napi_env env, napi_callback_info) {
  napi_value result;
  std::string text = Facts();
  napi_create_string_utf8(env, text.c_str(), text.size(), &result);
  return result;
}
/* By a thread, and to a callback. */
inline napi_value ToldLater(napi_env env, napi_callback_info info) {
  static napi_threadsafe_function later;
  size_t count = 1;
  napi_value callback, name;
  napi_get_cb_info(env, info, &count, &callback, nullptr, nullptr);
  napi_create_string_utf8(env, "later", NAPI_AUTO_LENGTH, &name);
  napi_create_threadsafe_function(env, callback, nullptr, name, 0, 1, nullptr, nullptr, nullptr,
    [](napi_env env, napi_value callback, void *, void *data) {
      napi_value text;
      napi_create_string_utf8(env, ((std::string *)data)->c_str(), NAPI_AUTO_LENGTH, &text);
      napi_call_function(env, nullptr, callback, 1, &text, nullptr);
      delete (std::string *)data;
    }, &later);
  std::thread([] {
    napi_call_threadsafe_function(later, new std::string(Facts()), napi_tsfn_blocking);
    napi_release_threadsafe_function(later, napi_tsfn_release);
  }).detach();
  return nullptr;
}
inline napi_value Export(napi_env env, napi_value exports) {
  napi_property_descriptor all[] = {{"facts", nullptr, Told, nullptr, nullptr, nullptr, napi_default, nullptr},
    {"later", nullptr, ToldLater, nullptr, nullptr, nullptr, napi_default, nullptr}};
  napi_define_properties(env, exports, 2, all);
  return exports;
}
`,
  'entry/src/main/cpp/core.cpp': `#include "core.h"
#include <AbilityKit/ability_runtime/application_context.h>
std::string Facts() {
  char files[256] = "", name[256] = "";
  int32_t length;
  int status = OH_AbilityRuntime_ApplicationContextGetFilesDir(files, sizeof files, &length);
  OH_AbilityRuntime_ApplicationContextGetBundleName(name, sizeof name, &length);
  return std::to_string(status) + " " + files + " " + name;
}
`,
  'entry/src/main/cpp/named.cpp': `#include "core.h"
NAPI_MODULE(named, Export)
`,
  'entry/src/main/cpp/whole.cpp': `#include "core.h"
NAPI_MODULE_INIT() { return Export(env, exports); }
`,
}

const folder = mkdtempSync(join(tmpdir(), 'vpnext-linked-'))
beforeAll(async () => {
  using fixture = new ProjectFixture(files)
  const [build] = await buildNativeModules(await readProject(fixture.folder), { cacheFolder: folder })
  for (const [name, bytes] of build?.libraries ?? []) writeFileSync(join(folder, name), bytes)
})
afterAll(() => rmSync(folder, { recursive: true }))

async function run(module: string, script: string): Promise<string> {
  const text = `globalThis.loadNativeModule = () => ({ getBundleInfoForSelfSync: () => ({ name: 'com.example.linked' }) })
const module_ = { exports: {} }
process.dlopen(module_, ${JSON.stringify(join(folder, `lib${module}.so`))})
${script}`
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', text])
  return stdout
}

const facts = '0 /data/storage/el2/base/files com.example.linked\n'

test.each(['named', 'whole'])(
  'a library that ArkTS has not loaded itself knows the application, linked with a module that registers: %s',
  async (module) => {
    expect(await run(module, 'console.log(module_.exports.facts())')).toBe(facts)
    expect(await run(module, 'module_.exports.later(console.log)')).toBe(facts)
  },
)
