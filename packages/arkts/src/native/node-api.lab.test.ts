import { execFile, spawnSync } from 'node:child_process'
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

/** What modules of the device do, and node alone refuses. */
const code = `#include <csignal>
#include <cstdlib>
#include <pthread.h>
#include <string>
#include <thread>
#include <uv.h>
#include <AbilityKit/ability_runtime/application_context.h>
#include <bundle/native_interface_bundle.h>
#include "napi/native_api.h"

static napi_value Arguments(napi_env env, napi_callback_info info, napi_value *first) {
    size_t argc = 2;
    napi_value all[2] = {};
    napi_get_cb_info(env, info, &argc, all, nullptr, nullptr);
    *first = all[0];
    return all[1];
}

static napi_value Call(napi_env env, napi_callback_info info) {
    napi_value callback, result = nullptr, argument = Arguments(env, info, &callback);
    return napi_call_function(env, nullptr, callback, 1, &argument, &result) == napi_ok ? result : nullptr;
}

static napi_value ErrorOf(napi_env env, napi_callback_info info) {
    napi_value code, text = Arguments(env, info, &code), error, type, range, all;
    if (napi_create_error(env, code, text, &error) || napi_create_type_error(env, code, text, &type)
        || napi_create_range_error(env, code, text, &range)) return nullptr;
    napi_create_array(env, &all);
    napi_set_element(env, all, 0, error);
    napi_set_element(env, all, 1, type);
    napi_set_element(env, all, 2, range);
    return all;
}

static napi_value Keep(napi_env env, napi_callback_info info) {
    napi_value value, result = nullptr;
    napi_ref reference;
    uint32_t count = 0;
    Arguments(env, info, &value);
    if (napi_create_reference(env, value, 1, &reference) || napi_reference_ref(env, reference, &count) || count != 2
        || napi_reference_unref(env, reference, &count) || count != 1
        || napi_get_reference_value(env, reference, &result) || napi_delete_reference(env, reference)) return nullptr;
    return result;
}

static napi_value NoFunction(napi_env env, napi_callback_info) {
    void *context;
    bool wrong = napi_call_threadsafe_function(nullptr, nullptr, napi_tsfn_blocking) == napi_invalid_arg
        && napi_acquire_threadsafe_function(nullptr) == napi_invalid_arg
        && napi_release_threadsafe_function(nullptr, napi_tsfn_abort) == napi_invalid_arg
        && napi_ref_threadsafe_function(env, nullptr) == napi_invalid_arg
        && napi_unref_threadsafe_function(env, nullptr) == napi_invalid_arg
        && napi_get_threadsafe_function_context(nullptr, &context) == napi_invalid_arg;
    napi_value result;
    napi_get_boolean(env, wrong, &result);
    return result;
}

/* A map of what it is given and two names, and what is heard of it; of another value the status. */
static napi_value MapOf(napi_env env, napi_callback_info info) {
    napi_value key, value = Arguments(env, info, &key), map, found, all[2], iterator;
    bool has[3];
    uint32_t sizes[2];
    if (napi_status status = napi_map_clear(env, key); status != napi_object_expected) napi_throw_error(env, nullptr, "no map");
    if (napi_create_map(env, &map) || napi_map_set_property(env, map, key, value) || napi_map_set_named_property(env, map, "name", value)
        || napi_map_set_named_property(env, map, "gone", value) || napi_map_get_size(env, map, &sizes[0])
        || napi_create_string_utf8(env, "gone", NAPI_AUTO_LENGTH, &found) || napi_map_delete_property(env, map, found)
        || napi_map_has_property(env, map, key, &has[0]) || napi_map_has_named_property(env, map, "gone", &has[1])
        || napi_map_get_size(env, map, &sizes[1]) || napi_map_get_named_property(env, map, "name", &all[0])
        || napi_map_get_property(env, map, key, &found) || napi_strict_equals(env, found, value, &has[2])
        || napi_map_get_entries(env, map, &iterator) || napi_map_iterator_get_next(env, iterator, &all[1])) return nullptr;
    if (!has[0] || has[1] || !has[2] || sizes[0] != 3 || sizes[1] != 2) return nullptr;
    napi_create_array(env, &found);
    for (uint32_t i = 0; i < 2; i++) napi_set_element(env, found, i, all[i]);
    return found;
}

struct Calls { uv_work_t work; uv_timer_t timer; napi_env env; napi_ref callback; int count; };

/* No scope is opened, and no status looked at, as in much code of the device. */
static void CallBack(Calls *calls) {
    napi_value callback, number;
    napi_get_reference_value(calls->env, calls->callback, &callback);
    napi_create_int32(calls->env, calls->count++, &number);
    napi_call_function(calls->env, nullptr, callback, 1, &number, nullptr);
}

static Calls *NewCalls(napi_env env, napi_value callback) {
    auto *calls = new Calls{};
    calls->env = env;
    napi_create_reference(env, callback, 1, &calls->callback);
    calls->work.data = calls->timer.data = calls;
    return calls;
}

/* Calls back once, from work that a thread of its own has asked for. */
static napi_value Work(napi_env env, napi_callback_info info) {
    napi_value callback;
    Arguments(env, info, &callback);
    std::thread([calls = NewCalls(env, callback)] {
        uv_loop_t *loop;
        napi_get_uv_event_loop(calls->env, &loop);
        uv_queue_work_with_qos(loop, &calls->work, [](uv_work_t *) {},
            [](uv_work_t *work, int) { CallBack(static_cast<Calls *>(work->data)); }, uv_qos_user_initiated);
    }).join();
    return nullptr;
}

/* Calls back each millisecond, a number of times. */
static napi_value Timer(napi_env env, napi_callback_info info) {
    napi_value count, callback = Arguments(env, info, &count);
    uv_loop_t *loop;
    napi_get_uv_event_loop(env, &loop);
    Calls *calls = NewCalls(env, callback);
    int32_t wanted;
    napi_get_value_int32(env, count, &wanted);
    calls->count = -wanted;
    uv_timer_init(loop, &calls->timer);
    uv_timer_start(&calls->timer, [](uv_timer_t *timer) {
        auto *calls = static_cast<Calls *>(timer->data);
        CallBack(calls);
        if (calls->count == 0) uv_close(reinterpret_cast<uv_handle_t *>(timer), nullptr);
    }, 1, 1);
    return nullptr;
}

/* Runs the default loop in a thread of its own, twice, a timer of three ticks in it; how many there were. */
static napi_value OwnLoop(napi_env env, napi_callback_info) {
    int ticks = 0;
    uv_loop_t *loop;
    napi_get_uv_event_loop(env, &loop);
    if (loop == uv_default_loop()) return nullptr;
    for (int run = 0; run < 2; run++)
        std::thread([&ticks] {
            uv_timer_t timer;
            timer.data = &ticks;
            uv_timer_init(uv_default_loop(), &timer);
            uv_timer_start(&timer, [](uv_timer_t *timer) {
                if (++*static_cast<int *>(timer->data) % 3 == 0) uv_close(reinterpret_cast<uv_handle_t *>(timer), nullptr);
            }, 1, 1);
            uv_run(uv_default_loop(), UV_RUN_DEFAULT);
            if (uv_loop_close(uv_default_loop()) != 0) ticks = -100;
        }).join();
    napi_value result;
    napi_create_int32(env, ticks, &result);
    return result;
}

static int Overflow(int depth) {
    volatile char room[4096];
    room[depth % sizeof room] = 1;
    return depth < 0 ? 0 : Overflow(depth + 1) + room[0];
}

static void Trap() {
#ifdef __x86_64__
    __asm__ volatile("int3");
#else
    __builtin_trap();
#endif
}

static void JumpToNothing() {
    int (*volatile nothing)() = nullptr;
    volatile int result = nothing();
    (void)result;
}

static napi_value Crash(napi_env env, napi_callback_info info) {
    napi_value how;
    char text[32];
    Arguments(env, info, &how);
    napi_get_value_string_utf8(env, how, text, sizeof text, nullptr);
    std::string word = text;
    if (word == "jump") JumpToNothing();
    if (word == "trap") Trap();
    if (word == "raise") raise(SIGSEGV);
    if (word == "thread of C++") std::thread([] { Overflow(1); }).join();
    pthread_t thread;
    pthread_create(&thread, nullptr, [](void *) -> void * { Overflow(1); return nullptr; }, nullptr);
    pthread_join(thread, nullptr);
    return nullptr;
}

static napi_value Facts(napi_env env, napi_callback_info) {
    char text[64] = "";
    int32_t length = 0;
    std::string all;
    for (auto get : {OH_AbilityRuntime_ApplicationContextGetFilesDir, OH_AbilityRuntime_ApplicationContextGetBundleName}) {
        AbilityRuntime_ErrorCode code = get(text, sizeof text, &length);
        all += (code == 0 ? std::string(text, length) : std::to_string(code)) + ' ';
    }
    all += std::to_string(OH_AbilityRuntime_ApplicationContextGetFilesDir(text, 5, &length));
    for (char *id : {OH_NativeBundle_GetAppId(), OH_NativeBundle_GetAppIdentifier()}) {
        all += std::string(" ") + (id == nullptr ? "none" : id);
        free(id);
    }
    napi_value result;
    napi_create_string_utf8(env, all.c_str(), all.size(), &result);
    return result;
}

static napi_value Init(napi_env env, napi_value exports) {
    napi_property_descriptor all[] = {
        {"call", nullptr, Call, nullptr, nullptr, nullptr, napi_default, nullptr},
        {"errorOf", nullptr, ErrorOf, nullptr, nullptr, nullptr, napi_default, nullptr},
        {"keep", nullptr, Keep, nullptr, nullptr, nullptr, napi_default, nullptr},
        {"noFunction", nullptr, NoFunction, nullptr, nullptr, nullptr, napi_default, nullptr},
        {"crash", nullptr, Crash, nullptr, nullptr, nullptr, napi_default, nullptr},
        {"ownLoop", nullptr, OwnLoop, nullptr, nullptr, nullptr, napi_default, nullptr},
        {"mapOf", nullptr, MapOf, nullptr, nullptr, nullptr, napi_default, nullptr},
        {"facts", nullptr, Facts, nullptr, nullptr, nullptr, napi_default, nullptr},
        {"work", nullptr, Work, nullptr, nullptr, nullptr, napi_default, nullptr},
        {"timer", nullptr, Timer, nullptr, nullptr, nullptr, napi_default, nullptr},
    };
    napi_define_properties(env, exports, sizeof all / sizeof *all, all);
    return exports;
}
static napi_module module = {1, 0, nullptr, Init, MODULE, nullptr, {0}};
static __attribute__((constructor)) void Register(void) { napi_module_register(&module); }
#ifdef LINKED
int OfOne();
int OfLinked() { return OfOne(); }
#else
int OfOne() { return 1; }
#endif
`

let folder: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vpnext-node-api-'))
  using fixture = new ProjectFixture({
    'entry/src/main/cpp/CMakeLists.txt': `cmake_minimum_required(VERSION 3.5)
project(x CXX)
foreach(name one other linked)
  add_library(\${name} SHARED x.cpp)
  target_compile_definitions(\${name} PRIVATE "MODULE=\\"\${name}\\"")
  target_link_libraries(\${name} PUBLIC libace_napi.z.so libuv.so)
endforeach()
target_compile_definitions(linked PRIVATE LINKED)
target_link_libraries(linked PUBLIC one)
`,
    'entry/src/main/cpp/x.cpp': code,
  })
  const [build] = await buildNativeModules(await readProject(fixture.folder), { cacheFolder: folder })
  for (const [name, bytes] of build?.libraries ?? []) writeFileSync(join(folder, name), bytes)
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Begins scripts: the modules `one` and `other`. */
function modules(): string {
  return `const [one, other] = ['one', 'other'].map((name) => {
  const module = { exports: {} }
  process.dlopen(module, ${JSON.stringify(folder)} + '/lib' + name + '.so')
  return module.exports
})
`
}

/** What a script says with `say`, as JSON, in a node of its own that has the modules `one` and `other`. */
async function said(script: string, first = '', isLoaded = true): Promise<unknown> {
  const before = `${first}
${isLoaded ? modules() : ''}const say = (value) => console.log(JSON.stringify(value))
`
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', '-e', before + script])
  return JSON.parse(stdout)
}

test('a call without a receiver, errors with numbers as codes, references to any value, functions of threads that are not there', async () => {
  expect(
    await said(`const holds = (value) => (gc(), Object.is(one.keep(value), value))
say({ this: one.call(function () { return String(this === globalThis || this === undefined) }), sum: one.call((n) => n + 1, 41),
  errors: one.errorOf(2200001, 'no').map((e) => [e.name, e.code, e.message]), text: one.errorOf('E1', 'no')?.[0].code,
  kept: [1.5, 'text', true, null, undefined, 10n, Symbol.iterator, {}, () => 1].map(holds), map: one.mapOf({ a: 1 }, 'b'), none: one.noFunction() })`),
  ).toEqual({
    this: 'true',
    sum: 42,
    errors: [
      ['Error', 2200001, 'no'],
      ['Error', 2200001, 'no'],
      ['Error', 2200001, 'no'],
    ],
    text: 'E1',
    kept: Array.from({ length: 9 }, () => true),
    map: ['b', { value: [{ a: 1 }, 'b'], done: false }],
    none: true,
  })
})

test('callbacks of libuv need no scope, what they throw is told once, and promises go on before the loop waits again', async () => {
  expect(
    await said(`const heard = []
process.on('uncaughtException', (error) => heard.push('uncaught: ' + error.message))
one.timer(3, async (n) => {
  heard.push(n)
  if (n === -2) throw new Error('rejected')
  await undefined
  heard.push('after ' + n)
})
let thrown = 0
other.timer(4, () => { thrown += 1; throw new Error('thrown') })
one.work((n) => heard.push('work ' + n))
process.on('exit', () => say([heard.filter((word) => word !== 'uncaught: thrown').map(String).sort(), thrown, heard.filter((word) => word === 'uncaught: thrown').length]))`),
  ).toEqual([['-1', '-2', '-3', 'after -1', 'after -3', 'uncaught: rejected', 'work 0'], 4, 4])
})

test('the default loop of libuv is not that of JavaScript, and runs in a thread of native code', async () => {
  expect(
    await said(`setTimeout(() => say([one.ownLoop(), other.ownLoop()]), 1); setTimeout(() => {}, 50)`),
  ).toEqual([6, 6])
})

test('what callbacks of libuv make is gone after them, of both modules of a loop', async () => {
  const [calls, grown] = (await said(`const big = () => 'x'.repeat(1000) + Math.random()
let calls = 0
gc()
const before = process.memoryUsage().heapUsed
for (const module of [one, other]) module.timer(300, () => { calls += 1; return Array.from({ length: 1000 }, big) })
process.on('exit', () => { gc(); say([calls, process.memoryUsage().heapUsed - before]) })`)) as [
    number,
    number,
  ]
  expect(calls).toBe(600)
  // All of them together are some 600 MiB.
  expect(grown).toBeLessThan(50e6)
})

test('threads of JavaScript load, use and leave modules whose callbacks of libuv are under way', async () => {
  expect(
    await said(`const { Worker } = require('node:worker_threads')
const text = (names) => \`const { parentPort } = require('node:worker_threads')
for (const name of \${JSON.stringify(names)}) {
  const module = { exports: {} }
  process.dlopen(module, ${JSON.stringify(folder)} + '/lib' + name + '.so')
  module.exports.timer(1e6, async (n) => { await undefined; if (n === -999990) parentPort.postMessage(name) })
}\`
const run = (...names) => new Promise((resolve, reject) => {
  const worker = new Worker(text(names), { eval: true })
  worker.on('error', reject)
  worker.once('message', () => worker.terminate().then(resolve))
})
;(async () => {
  const ends = []
  for (let i = 0; i < 5; i += 1) ends.push(...(await Promise.all([run('one'), run('other'), run('one', 'other')])))
  say(ends)
})()`),
  ).toEqual(Array.from({ length: 15 }, () => 1))
})

test('a module that another is linked with can be loaded after it, also in a thread of JavaScript', async () => {
  expect(
    await said(
      `const { Worker } = require('node:worker_threads')
const text = \`const names = ['linked', 'one'].map((name) => {
  const module = { exports: {} }
  process.dlopen(module, ${JSON.stringify(folder)} + '/lib' + name + '.so')
  return 'facts' in module.exports
})\`
const here = eval(text + '; names')
new Worker(text + '; require("node:worker_threads").parentPort.postMessage(names)', { eval: true }).on('message', (there) => say([here, there]))`,
      '',
      false,
    ),
  ).toEqual([
    [true, true],
    [true, true],
  ])
})

test('native code knows the folders and the name of the bundle in an extension, and nothing of them elsewhere', async () => {
  const manager = `globalThis.loadNativeModule = (name) => ({ getBundleInfoForSelfSync: (flags) =>
  ({ name: 'com.example.' + name.split('.').at(-1), signatureInfo: { fingerprint: 'F' + flags } }) })`
  expect(await said('say([one.facts(), other.facts()])', manager)).toEqual(
    ['one', 'other'].map(
      () => '/data/storage/el2/base/files com.example.bundleManager 401 com.example.bundleManager_F128 ',
    ),
  )
  expect(await said('say(one.facts())')).toBe('16000011 16000011 16000011 none none')
})

test.each([
  ['jump', 'SIGSEGV', /address \(nil\), thread \S+, at \(nil\), called by libone\.so\+0x/],
  ['trap', process.arch === 'x64' ? 'SIGTRAP' : 'SIGILL|SIGTRAP', /, at libone\.so\+0x/],
  ['raise', 'SIGSEGV', /address \(nil\), thread \S+, at libc\.so/],
  ['thread of C++', 'SIGSEGV', /, at libone\.so\+0x/],
  ['thread of POSIX', 'SIGSEGV', /, at libone\.so\+0x/],
])('a crash is told with its place: %s', async (how, signal, place) => {
  const { signal: ended, stderr } = spawnSync(process.execPath, ['-e', `${modules()}one.crash('${how}')`], {
    encoding: 'utf8',
  })
  expect(ended).toMatch(new RegExp(`^(${signal})$`))
  expect(stderr).toMatch(/(SIG\w+) in native code/)
  expect(stderr).toMatch(place)
})
