import { afterAll, beforeAll, expect, test, vi } from 'vitest'

import { NativeScripts } from '../../test/native-scripts.ts'

// Compilers on a busy machine.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

const code = `#include <thread>
static napi_threadsafe_function functions[2];
static int ended;

/* Two of them, of which one has a finalizer and context. */
static napi_value Make(napi_env env, napi_callback_info info) {
    size_t count = 1;
    napi_value callback;
    napi_get_cb_info(env, info, &count, &callback, nullptr, nullptr);
    napi_create_threadsafe_function(env, callback, nullptr, nullptr, 0, 1, nullptr, nullptr, nullptr, nullptr, &functions[0]);
    napi_create_threadsafe_function(env, callback, nullptr, nullptr, 0, 2, &ended, [](napi_env, void *data, void *context) {
        *static_cast<int *>(data) += *static_cast<int *>(context);
    }, new int(7), nullptr, &functions[1]);
    return nullptr;
}

static napi_value Release(napi_env, napi_callback_info) {
    napi_release_threadsafe_function(functions[0], napi_tsfn_abort);
    std::thread([] {
        napi_call_threadsafe_function(functions[1], nullptr, napi_tsfn_blocking);
        napi_release_threadsafe_function(functions[1], napi_tsfn_release);
        napi_release_threadsafe_function(functions[1], napi_tsfn_release);
    }).detach();
    return nullptr;
}

static napi_value Ended(napi_env env, napi_callback_info) {
    napi_value result;
    napi_create_int32(env, ended, &result);
    return result;
}

static napi_property_descriptor all[] = {
    {"make", nullptr, Make, nullptr, nullptr, nullptr, napi_default, nullptr},
    {"release", nullptr, Release, nullptr, nullptr, nullptr, napi_default, nullptr},
    {"ended", nullptr, Ended, nullptr, nullptr, nullptr, napi_default, nullptr}};
`

let scripts: NativeScripts | undefined
beforeAll(async () => {
  scripts = await NativeScripts.build(code)
})
afterAll(() => scripts?.[Symbol.dispose]())

test('functions of threads count from when they are made until all threads have given them back', async () => {
  const said = await scripts?.run(`const left = globalThis[Symbol.for('vpnext.callbacks')]
const counts = [left()]
let called = 0
entry.make(() => called++)
counts.push(left())
entry.release()
const timer = setInterval(() => {
  if (left() > 0) return
  clearInterval(timer)
  say([...counts, called, entry.ended()])
}, 1)`)
  expect(said).toEqual([0, 2, 1, 7])
})
