import { afterAll, beforeAll, expect, test, vi } from 'vitest'

import { NativeScripts } from '../../test/native-scripts.ts'

// Compilers on a busy machine.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

let scripts: NativeScripts | undefined
beforeAll(async () => {
  scripts = await NativeScripts.build(`#include <string>
#include <thread>
#include <hitrace/trace.h>
static std::string text;
static void tell(bool value) { text += value ? "1" : "0"; }
static napi_value Chain(napi_env env, napi_callback_info) {
    HiTraceId none = OH_HiTrace_GetId(), id = OH_HiTrace_BeginChain("chain", HITRACE_FLAG_INCLUDE_ASYNC), again = OH_HiTrace_BeginChain("again", 0);
    tell(OH_HiTrace_IsIdValid(&none));
    tell(OH_HiTrace_IsIdValid(&id));
    tell(OH_HiTrace_IsIdValid(&again));
    tell(OH_HiTrace_IsFlagEnabled(&id, HITRACE_FLAG_INCLUDE_ASYNC));
    HiTraceId span = OH_HiTrace_CreateSpan();
    uint8_t bytes[16];
    tell(OH_HiTrace_GetChainId(&span) == OH_HiTrace_GetChainId(&id) && OH_HiTrace_GetSpanId(&span) != 0);
    tell(OH_HiTrace_IdToBytes(&span, bytes, 15) == 0 && OH_HiTrace_IdToBytes(&span, bytes, sizeof bytes) == 16);
    text += " ";
    std::thread([&] {
        HiTraceId other = OH_HiTrace_GetId(), read = {};
        tell(OH_HiTrace_IsIdValid(&other));
        OH_HiTrace_IdFromBytes(&read, bytes, sizeof bytes);
        OH_HiTrace_SetId(&read);
        HiTraceId below = OH_HiTrace_CreateSpan();
        tell(OH_HiTrace_GetParentSpanId(&below) == OH_HiTrace_GetSpanId(&span) && OH_HiTrace_GetChainId(&below) == OH_HiTrace_GetChainId(&id));
    }).join();
    OH_HiTrace_Tracepoint(HITRACE_CM_THREAD, HITRACE_TP_GENERAL, &id, "%d", 1);
    OH_HiTrace_EndChain();
    id = OH_HiTrace_GetId();
    tell(OH_HiTrace_IsIdValid(&id));
    OH_HiTrace_StartTraceEx(HITRACE_LEVEL_INFO, "trace", "key=value");
    OH_HiTrace_FinishTraceEx(HITRACE_LEVEL_INFO);
    text += " ";
    for (int i = 0; i < 11; i++) text += std::to_string(OH_HiTrace_RegisterTraceListener([](bool isCaptured) { text += isCaptured ? "!" : ","; }));
    for (int index : {3, 3, 10}) text += " " + std::to_string(OH_HiTrace_UnregisterTraceListener(index));
    napi_value result;
    napi_create_string_utf8(env, text.c_str(), text.size(), &result);
    return result;
}
static napi_property_descriptor all[] = {{"chain", nullptr, Chain, nullptr, nullptr, nullptr, napi_default, nullptr}};
`)
})
afterAll(() => scripts?.[Symbol.dispose]())

test('chains have an id for each thread, which goes on with who hands it on; nothing is captured', async () => {
  expect(await scripts?.run('say(entry.chain())')).toBe('010111 010 ,0,1,2,3,4,5,6,7,8,9-1 0 -1 -2')
})
