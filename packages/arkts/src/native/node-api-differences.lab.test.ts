import { afterAll, beforeAll, expect, test, vi } from 'vitest'

import { NativeScripts } from '../../test/native-scripts.ts'

// Compilers on a busy machine.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

/** What the device's documents of Node-API list as different from node's. */
const code = `#include <cstdio>
#include <string>
#include <vector>

static std::vector<napi_value> Arguments(napi_env env, napi_callback_info info) {
    size_t argc = 4;
    std::vector<napi_value> all(4);
    napi_get_cb_info(env, info, &argc, all.data(), nullptr, nullptr);
    return all;
}
static napi_value Number(napi_env env, double value) {
    napi_value result;
    napi_create_double(env, value, &result);
    return result;
}

/* Numbers of the ends that came, in order. */
static std::string ends;
static void End(napi_env, void *data, void *hint) { ends += static_cast<char *>(data) + std::string(hint == nullptr ? "" : "!") + " "; }
/* Tells of them once more when the process ends, if it is asked to. */
static bool isAsked;
static struct Last { ~Last() { if (isAsked) std::printf("\\"%s\\"\\n", ends.c_str()); } } last;
static napi_value Ask(napi_env, napi_callback_info) { isAsked = true; return nullptr; }
static napi_value Ends(napi_env env, napi_callback_info) {
    napi_value result;
    napi_create_string_utf8(env, ends.c_str(), ends.size(), &result);
    return result;
}

static char names[3][2] = {"a", "b", "c"};
static napi_ref references[3];
static int Index(napi_env env, napi_value value) {
    int32_t index = 0;
    napi_get_value_int32(env, value, &index);
    return index;
}

static napi_value Wrap(napi_env env, napi_callback_info info) {
    auto all = Arguments(env, info);
    return Number(env, napi_wrap(env, all[0], names[Index(env, all[1])], End, nullptr, nullptr));
}
static napi_value WrapReferred(napi_env env, napi_callback_info info) {
    auto all = Arguments(env, info);
    int index = Index(env, all[1]);
    return Number(env, napi_wrap(env, all[0], names[index], End, &ends, &references[index]));
}
static napi_value Finalizer(napi_env env, napi_callback_info info) {
    auto all = Arguments(env, info);
    int index = Index(env, all[1]);
    return Number(env, napi_add_finalizer(env, all[0], names[index], End, &ends, &references[index]));
}
static napi_value Weaken(napi_env env, napi_callback_info info) {
    uint32_t count = 9;
    napi_reference_unref(env, references[Index(env, Arguments(env, info)[0])], &count);
    return Number(env, count);
}
static napi_value Referred(napi_env env, napi_callback_info info) {
    napi_value result = nullptr;
    napi_get_reference_value(env, references[Index(env, Arguments(env, info)[0])], &result);
    return result;
}
static napi_value Delete(napi_env env, napi_callback_info info) {
    return Number(env, napi_delete_reference(env, references[Index(env, Arguments(env, info)[0])]));
}
/* The name, the empty text where there is none, or the status. */
static napi_value Told(napi_env env, napi_status status, void *data) {
    if (status != napi_ok) return Number(env, status);
    napi_value result;
    napi_create_string_utf8(env, data == nullptr ? "" : static_cast<char *>(data), NAPI_AUTO_LENGTH, &result);
    return result;
}
static napi_value Unwrap(napi_env env, napi_callback_info info) {
    void *data = names;
    napi_status status = napi_unwrap(env, Arguments(env, info)[0], &data);
    return Told(env, status, data);
}
static napi_value RemoveWrap(napi_env env, napi_callback_info info) {
    void *data = names;
    napi_status status = napi_remove_wrap(env, Arguments(env, info)[0], &data);
    return Told(env, status, data);
}
static napi_value WrapStatus(napi_env env, napi_callback_info) {
    napi_value object;
    napi_create_object(env, &object);
    return Number(env, napi_wrap(env, object, names, nullptr, nullptr, nullptr) == napi_invalid_arg
        && napi_wrap_enhance(env, object, names, nullptr, false, nullptr, 0, nullptr) == napi_ok);
}

static napi_value Buffers(napi_env env, napi_callback_info) {
    napi_value list, values[3];
    void *data;
    static char bytes[4] = {1, 2, 3, 4};
    if (napi_create_buffer(env, 2, &data, &values[0]) || napi_create_buffer_copy(env, 4, bytes, &data, &values[1])
        || napi_create_external_buffer(env, 4, bytes, [](napi_env, void *, void *) {}, nullptr, &values[2])) return nullptr;
    if (napi_create_buffer(env, 0, &data, &list) != napi_invalid_arg || napi_create_buffer(env, 2097153, &data, &list) != napi_invalid_arg) return nullptr;
    napi_create_array(env, &list);
    for (uint32_t i = 0; i < 3; i++) napi_set_element(env, list, i, values[i]);
    return list;
}
static napi_value BufferInfo(napi_env env, napi_callback_info info) {
    napi_value value = Arguments(env, info)[0];
    void *data = nullptr;
    size_t length = 0;
    bool is = false;
    napi_is_buffer(env, value, &is);
    napi_status status = napi_get_buffer_info(env, value, &data, &length);
    return Number(env, status == napi_ok && is ? static_cast<int>(length) * 1000 + static_cast<unsigned char *>(data)[0] : -static_cast<int>(status));
}
static napi_value Length(napi_env env, napi_callback_info info) {
    size_t length = 0;
    napi_get_typedarray_info(env, Arguments(env, info)[0], nullptr, &length, nullptr, nullptr, nullptr);
    return Number(env, length);
}
static napi_value Copied(napi_env env, napi_callback_info info) {
    void *copy;
    napi_value result = nullptr;
    if (napi_serialize(env, Arguments(env, info)[0], nullptr, nullptr, &copy) || napi_deserialize(env, copy, &result)) return nullptr;
    napi_delete_serialization_data(env, copy);
    return result;
}

/* Of work and a function of threads without names, whose callback gets no function. */
static napi_value Nameless(napi_env env, napi_callback_info info) {
    auto all = Arguments(env, info);
    napi_async_work work;
    napi_threadsafe_function function;
    napi_value undefined;
    napi_get_undefined(env, &undefined);
    napi_status status = napi_create_async_work(env, undefined, nullptr, [](napi_env, void *) {}, [](napi_env, napi_status, void *) { ends += "work "; },
                                                nullptr, &work);
    if (status == napi_ok) status = napi_queue_async_work(env, work);
    if (status == napi_ok)
        status = napi_create_threadsafe_function(env, all[0], undefined, nullptr, 0, 1, nullptr, nullptr, nullptr,
                                                 [](napi_env, napi_value, void *, void *) { ends += "call "; }, &function);
    if (status == napi_ok) status = napi_call_threadsafe_function(function, nullptr, napi_tsfn_nonblocking);
    if (status == napi_ok) status = napi_release_threadsafe_function(function, napi_tsfn_release);
    return Number(env, status);
}
static napi_value Statuses(napi_env env, napi_callback_info info) {
    auto all = Arguments(env, info);
    bool is, isPending;
    napi_value result;
    std::string text;
    for (napi_status status : {napi_call_function(env, nullptr, all[0], 0, nullptr, &result), napi_new_instance(env, all[0], 0, nullptr, &result),
                               napi_instanceof(env, all[0], all[1], &is), napi_instanceof(env, all[1], all[0], &is)})
        text += std::to_string(status) + " ";
    napi_is_exception_pending(env, &isPending);
    napi_create_string_utf8(env, (text + (isPending ? "pending" : "none")).c_str(), NAPI_AUTO_LENGTH, &result);
    return result;
}

static void Hook(void *name) { ends += static_cast<char *>(name) + std::string(" "); }
static napi_value Hooks(napi_env env, napi_callback_info) {
    int failed = 0;
    for (int index : {0, 1, 1, 2, 0}) failed += napi_add_env_cleanup_hook(env, Hook, names[index]) != napi_ok;
    for (int i = 0; i < 2; i++) failed += napi_remove_env_cleanup_hook(env, Hook, names[2]) != napi_ok;
    return Number(env, failed);
}

#define FUNCTION(name) {#name, nullptr, name, nullptr, nullptr, nullptr, napi_default, nullptr}
static napi_property_descriptor all[] = {FUNCTION(Ends), FUNCTION(Ask), FUNCTION(Wrap), FUNCTION(WrapReferred), FUNCTION(Finalizer), FUNCTION(Weaken),
    FUNCTION(Referred), FUNCTION(Delete), FUNCTION(Unwrap), FUNCTION(RemoveWrap), FUNCTION(WrapStatus), FUNCTION(Buffers), FUNCTION(BufferInfo), FUNCTION(Length),
    FUNCTION(Copied), FUNCTION(Nameless), FUNCTION(Statuses), FUNCTION(Hooks)};
`

let scripts: NativeScripts | undefined
beforeAll(async () => {
  scripts = await NativeScripts.build(code)
})
afterAll(() => scripts?.[Symbol.dispose]())

/** Collects until `isThere` holds, or for as long as it takes for what should not come. */
const collect = `const settled = async (isThere) => { for (let i = 0; i < (isThere === undefined ? 20 : 2000) && isThere?.() !== true; i += 1) { gc(); await new Promise(setImmediate) } }
`

test('an object is wrapped again, and one that is not wrapped holds nothing', async () => {
  expect(
    await scripts?.run(`${collect}(async () => {
  let object = {}
  const steps = [entry.Unwrap(object), entry.Wrap(object, 0), entry.Unwrap(object), entry.Wrap(object, 1), entry.Unwrap(object), entry.Ends(), entry.WrapStatus()]
  object = undefined
  await settled(() => entry.Ends().length === 4)
  say([...steps, entry.Ends().split(' ').sort().join(''), entry.Unwrap(1)])
})()`),
  ).toEqual(['', 0, 'a', 0, 'b', '', 1, 'ab', 2])
})

test('native data that is taken away ends at once, of the object that is meant', async () => {
  expect(
    await scripts?.run(`${collect}(async () => {
  const [one, other] = [{}, {}]
  entry.Wrap(one, 0)
  entry.Wrap(other, 0)
  const steps = [entry.RemoveWrap(one), entry.Ends(), entry.Unwrap(one), entry.Unwrap(other), entry.RemoveWrap(one), entry.Wrap(one, 2), entry.Unwrap(one)]
  await settled()
  say([...steps, entry.Ends(), entry.RemoveWrap(other), entry.Ends()])
})()`),
  ).toEqual(['a', 'a ', '', 'a', '', 0, 'c', 'a ', 'a', 'a a '])
})

test('the reference that wrapping and a finalizer give is strong, and deleting it is the end of the data', async () => {
  expect(
    await scripts?.run(`${collect}(async () => {
  entry.WrapReferred({ name: 'first' }, 0)
  entry.Finalizer({ name: 'second' }, 1)
  entry.WrapReferred({}, 2)
  await settled()
  const first = entry.Referred(0)
  const steps = [first.name, entry.Referred(1).name, entry.Ends(), entry.Delete(1), entry.Ends(), entry.Delete(0), entry.Ends(), entry.Unwrap(first), entry.Weaken(2)]
  await settled(() => entry.Ends().length > 6)
  say([...steps, entry.Ends()])
})()`),
  ).toEqual(['first', 'second', '', 0, 'b! ', 0, 'b! a! ', '', 0, 'b! a! c! '])
})

test('what is left when node ends is finalized once', async () => {
  expect(
    await scripts?.run(`const objects = [{}, {}, {}]
entry.Wrap(objects[0], 0)
entry.WrapReferred(objects[1], 1)
entry.Finalizer(objects[2], 2)
entry.Ask()`),
  ).toMatch(/^(?=.*a )(?=.*b! )(?=.*c! ).{8}$/)
})

test('buffers are ArrayBuffers, of native code and of ArkTS', async () => {
  expect(
    await scripts?.run(`const all = entry.Buffers()
say([all.map((buffer) => [buffer.constructor.name, buffer.byteLength, entry.BufferInfo(buffer)]), entry.BufferInfo(new Uint8Array([7, 8, 9]).buffer),
  entry.BufferInfo(new Uint8Array(3)), entry.Length(new Uint8Array(3)), entry.Length(new Float32Array(3)), entry.Length(new BigInt64Array(3)), entry.Copied({ a: [1] })])`),
  ).toEqual([
    [
      ['ArrayBuffer', 2, 2000],
      ['ArrayBuffer', 4, 4001],
      ['ArrayBuffer', 4, 4001],
    ],
    3007,
    -19,
    3,
    12,
    24,
    { a: [1] },
  ])
})

test('work and functions of threads need no name, and what is no function has a status of its own', async () => {
  expect(
    await scripts?.run(`const steps = [entry.Nameless(undefined), entry.Nameless(() => 1), entry.Statuses({}, class {}), entry.Statuses(1, {})]
process.on('exit', () => say([...steps, entry.Ends().split(' ').sort().join(' ')]))`),
  ).toEqual([0, 0, '5 5 0 5 none', '5 5 2 5 none', ' call call work work'])
})

test('hooks of the end are called once, in reverse, however often they were added', async () => {
  expect(await scripts?.run('if (entry.Hooks() === 0 && entry.Hooks() === 0) entry.Ask()')).toBe('b a ')
})
