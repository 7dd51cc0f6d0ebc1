import { afterAll, beforeAll, expect, test, vi } from 'vitest'

import { NativeScripts } from '../../test/native-scripts.ts'

// Compilers on a busy machine.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

let scripts: NativeScripts | undefined
beforeAll(async () => {
  scripts = await NativeScripts.build(`#include <cstdio>
#include <cstring>
/* Of a room that holds a text of the given length: what is in it, and what both functions answer, for a text of four letters. */
static napi_value Cut(napi_env env, napi_callback_info info) {
    size_t argc = 1;
    napi_value result, value;
    int32_t size;
    char room[16] = "...............", text[64];
    napi_get_cb_info(env, info, &argc, &value, nullptr, nullptr);
    napi_get_value_int32(env, value, &size);
    size_t copied = strlcpy(room, "abcd", size), joined = strlcat(room, "ef", size);
    snprintf(text, sizeof text, "%s %zu %zu", room, copied, joined);
    napi_create_string_utf8(env, text, NAPI_AUTO_LENGTH, &result);
    return result;
}
static napi_property_descriptor all[] = {{"cut", nullptr, Cut, nullptr, nullptr, nullptr, napi_default, nullptr}};
`)
})
afterAll(() => scripts?.[Symbol.dispose]())

test('texts are copied and joined as far as there is room, by strlcpy and strlcat', async () => {
  expect(await scripts?.run('say([0, 1, 3, 5, 6, 7, 16].map(entry.cut))')).toEqual([
    '............... 4 2',
    ' 4 2',
    'ab 4 4',
    'abcd 4 6',
    'abcde 4 6',
    'abcdef 4 6',
    'abcdef 4 6',
  ])
})
