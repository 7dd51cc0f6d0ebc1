import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { buildNativeModules } from '../src/native/build-native.ts'
import { readProject } from '../src/project.ts'
import { ProjectFixture } from './project-fixture.ts'

/** Scripts of a node of their own that has a native module, made as a project's. */
export class NativeScripts implements Disposable {
  readonly #folder: string

  private constructor(folder: string) {
    this.#folder = folder
  }

  /**
   * Builds a native module of one file.
   *
   * @param code C++; what it defines as `all` are the properties of the module
   */
  static async build(code: string): Promise<NativeScripts> {
    const folder = mkdtempSync(join(tmpdir(), 'vpnext-native-'))
    using fixture = new ProjectFixture({
      'entry/src/main/cpp/CMakeLists.txt': `cmake_minimum_required(VERSION 3.5)
project(x CXX)
add_library(entry SHARED x.cpp)
target_link_libraries(entry PUBLIC libace_napi.z.so)
`,
      'entry/src/main/cpp/x.cpp': `#include "napi/native_api.h"
${code}
static napi_value Init(napi_env env, napi_value exports) {
    napi_define_properties(env, exports, sizeof all / sizeof *all, all);
    return exports;
}
static napi_module module = {1, 0, nullptr, Init, "entry", nullptr, {0}};
static __attribute__((constructor)) void Register(void) { napi_module_register(&module); }
`,
    })
    const scripts = new NativeScripts(folder)
    try {
      const [build] = await buildNativeModules(await readProject(fixture.folder), { cacheFolder: folder })
      for (const [name, bytes] of build?.libraries ?? []) writeFileSync(join(folder, name), bytes)
    } catch (error) {
      scripts[Symbol.dispose]()
      throw error
    }
    return scripts
  }

  /** What a script says with `say`, as JSON; `entry` is the module. */
  async run(script: string): Promise<unknown> {
    const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', '-e', this.#text(script)])
    return JSON.parse(stdout)
  }

  /** How a script ends that may crash, and all that it writes. */
  async outcome(script: string): Promise<{ signal: string | null; stdout: string; stderr: string }> {
    return new Promise((resolve) => {
      execFile(process.execPath, ['-e', this.#text(script)], (error, stdout, stderr) =>
        resolve({ signal: error?.signal ?? null, stdout, stderr }),
      )
    })
  }

  #text(script: string): string {
    return `const module_ = { exports: {} }
process.dlopen(module_, ${JSON.stringify(join(this.#folder, 'libentry.so'))})
const entry = module_.exports
const say = (value) => console.log(JSON.stringify(value))
${script}`
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true })
  }
}
