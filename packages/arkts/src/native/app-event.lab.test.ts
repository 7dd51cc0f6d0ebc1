import { afterAll, beforeAll, expect, test, vi } from 'vitest'

import { NativeScripts } from '../../test/native-scripts.ts'

// Compilers on a busy machine.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

const code = String.raw`#include <future>
#include <string>
#include <hiappevent/hiappevent.h>
#include <hilog/log.h>

static std::string text;
static std::promise<void> *end;

/* Each line of the log goes to the text, too. */
static void Params() {
    OH_LOG_SetCallback([](LogType, LogLevel, unsigned int, const char *tag, const char *message) { text += std::string(tag) + ": " + message + "\n"; });
    ParamList list = OH_HiAppEvent_CreateParamList();
    bool bools[] = {true, false};
    int32_t many[120] = {1, -2};
    const char *strings[] = {"a\"b", "c\n"};
    OH_HiAppEvent_AddBoolArrayParam(list, "bools", bools, 2);
    OH_HiAppEvent_AddInt64Param(list, "big", INT64_MIN);
    OH_HiAppEvent_AddFloatParam(list, "float", 0.1f);
    OH_HiAppEvent_AddDoubleParam(list, "double", 1.5e300);
    OH_HiAppEvent_AddStringArrayParam(list, "strings", strings, 2);
    OH_HiAppEvent_AddInt8ArrayParam(list, "none", nullptr, 0);
    int statuses[8] = {OH_HiAppEvent_Write("domain", "name", BEHAVIOR, list)};
    OH_HiAppEvent_AddInt32Param(list, "big", 1);
    statuses[1] = OH_HiAppEvent_Write("domain", EVENT_USER_LOGIN, BEHAVIOR, list);
    OH_HiAppEvent_DestroyParamList(list);
    int at = 2;
    for (const char *name : {"1wrong", "_wrong", "wrong_", "$right"}) {
        list = OH_HiAppEvent_AddInt16Param(OH_HiAppEvent_CreateParamList(), name, 1);
        statuses[at++] = OH_HiAppEvent_Write("d", "n", FAULT, list);
        OH_HiAppEvent_DestroyParamList(list);
    }
    OH_LOG_SetCallback(nullptr);
    list = OH_HiAppEvent_AddInt32ArrayParam(OH_HiAppEvent_CreateParamList(), "many", many, 120);
    statuses[at++] = OH_HiAppEvent_Write("d", "n", FAULT, list);
    OH_HiAppEvent_DestroyParamList(list);
    list = OH_HiAppEvent_AddStringParam(OH_HiAppEvent_CreateParamList(), "long", std::string(9000, 'x').c_str());
    statuses[at++] = OH_HiAppEvent_Write("d", "n", FAULT, list);
    OH_HiAppEvent_DestroyParamList(list);
    for (int status : statuses) text += std::to_string(status) + " ";
    for (int status : {OH_HiAppEvent_Write("1d", "n", FAULT, nullptr), OH_HiAppEvent_Write("d_", "n", FAULT, nullptr),
                       OH_HiAppEvent_Write("d", "n ", FAULT, nullptr), OH_HiAppEvent_Write("d", "n", FAULT, nullptr)})
        text += std::to_string(status) + " ";
    text += OH_HiAppEvent_Configure(DISABLE, "perhaps") || OH_HiAppEvent_Configure(MAX_STORAGE, "M") || !OH_HiAppEvent_Configure(MAX_STORAGE, "10MB") ? "wrong " : "";
    OH_HiAppEvent_Configure(DISABLE, "true");
    text += std::to_string(OH_HiAppEvent_Write("d", "n", FAULT, nullptr));
    OH_HiAppEvent_Configure(DISABLE, "false");
}

static void Watchers() {
    HiAppEvent_Watcher *hears = OH_HiAppEvent_CreateWatcher("hears"), *keeps = OH_HiAppEvent_CreateWatcher("keeps");
    static HiAppEvent_Watcher *taker;
    const char *names[] = {"one", "end"};
    taker = keeps;
    text += OH_HiAppEvent_CreateWatcher("1") == nullptr ? "" : "wrong ";
    text += std::to_string(OH_HiAppEvent_SetAppEventFilter(hears, "vpn", 0, names, 2)) + " ";
    text += std::to_string(OH_HiAppEvent_SetAppEventFilter(keeps, "vpn", 1, nullptr, 0)) + " ";
    OH_HiAppEvent_SetWatcherOnReceive(hears, [](const char *domain, const HiAppEvent_AppEventGroup *groups, uint32_t count) {
        for (uint32_t i = 0; i < count; i++)
            for (uint32_t at = 0; at < groups[i].infoLen; at++)
                text += std::string(domain) + "." + groups[i].name + " " + std::to_string(groups[i].appEventInfos[at].type) + groups[i].appEventInfos[at].params + " ";
        if (std::string(groups[0].name) == "end") end->set_value();
    });
    OH_HiAppEvent_SetTriggerCondition(keeps, 2, 0, 0);
    OH_HiAppEvent_SetWatcherOnTrigger(keeps, [](int row, int size) {
        text += "trigger " + std::to_string(row) + (size > 50 ? " " : " of no size ");
        OH_HiAppEvent_TakeWatcherData(taker, 1, [](const char *const *events, uint32_t count) {
            for (uint32_t i = 0; i < count; i++) {
                std::string event = events[i];
                text += event.substr(0, event.find(",\"time_")) + "…" + event.substr(event.rfind(",")) + " ";
            }
        });
    });
    text += std::to_string(OH_HiAppEvent_TakeWatcherData(keeps, 0, [](const char *const *, uint32_t) {})) + std::to_string(OH_HiAppEvent_RemoveWatcher(keeps)) + " ";
    OH_HiAppEvent_AddWatcher(hears);
    OH_HiAppEvent_AddWatcher(keeps);
    std::promise<void> promise;
    end = &promise;
    ParamList list = OH_HiAppEvent_AddInt32Param(OH_HiAppEvent_CreateParamList(), "n", 7);
    for (auto [name, type] : {std::pair("one", FAULT), std::pair("two", FAULT), std::pair("three", SECURITY), std::pair("end", BEHAVIOR)})
        OH_HiAppEvent_Write("vpn", name, type, list);
    OH_HiAppEvent_DestroyParamList(list);
    promise.get_future().wait();
    OH_HiAppEvent_DestroyWatcher(hears);
    OH_HiAppEvent_DestroyWatcher(keeps);
    OH_HiAppEvent_Write("vpn", "end", FAULT, nullptr);
}

template <void (*F)()> static napi_value Told(napi_env env, napi_callback_info) {
    napi_value result;
    text = "";
    F();
    napi_create_string_utf8(env, text.c_str(), text.size(), &result);
    return result;
}
static napi_property_descriptor all[] = {{"params", nullptr, Told<Params>, nullptr, nullptr, nullptr, napi_default, nullptr},
    {"watchers", nullptr, Told<Watchers>, nullptr, nullptr, nullptr, napi_default, nullptr}};
`

let scripts: NativeScripts | undefined
beforeAll(async () => {
  scripts = await NativeScripts.build(code)
})
afterAll(() => scripts?.[Symbol.dispose]())

test('what an event says is a line of the log, and what is wrong with it is told', async () => {
  const text = await scripts?.run('say(entry.params())')
  const params = String.raw`"bools":[true,false],"big":-9223372036854775808,"float":0.1,"double":1.5e+300,"strings":["a\"b","c\u000a"],"none":[]`
  expect(String(text).split('\n')).toEqual([
    `event: domain.name {${params}}`,
    `event: domain.hiappevent.user_login {${params}}`,
    'event: d.n {}',
    'event: d.n {}',
    'event: d.n {}',
    'event: d.n {"$right":1}',
    '0 8 1 1 1 0 6 4 -4 -4 -1 0 -99',
  ])
})

test('watchers hear of what they want, or keep it until there is enough', async () => {
  const two = '{"domain_":"vpn","name_":"two","type_":1…,"n":7}'
  expect(await scripts?.run('say(entry.watchers())')).toBe(
    `0 0 -6-6 vpn.one 1{"n":7} trigger 2 ${two} vpn.end 4{"n":7} `,
  )
})
