import { afterAll, beforeAll, expect, test, vi } from 'vitest'

import { NativeScripts } from '../../test/native-scripts.ts'

// Compilers on a busy machine.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

const code = String.raw`#include <BasicServicesKit/oh_commonevent.h>
#include <BasicServicesKit/oh_commonevent_support.h>
#include <future>
#include <string>
#include <thread>

static std::string text;
static CommonEvent_Subscriber *subscriber;

static void Say(long number) { text += std::to_string(number) + " "; }

static void Fill(CommonEvent_Parameters *all) {
    const int ints[] = {1, -2};
    const double doubles[] = {0.5, 3};
    const bool bools[] = {true, false};
    OH_CommonEvent_SetIntToParameters(all, "int", 7);
    OH_CommonEvent_SetLongToParameters(all, "long", 1L << 40);
    OH_CommonEvent_SetBoolToParameters(all, "bool", true);
    OH_CommonEvent_SetCharToParameters(all, "char", 'c');
    OH_CommonEvent_SetDoubleToParameters(all, "double", 0.25);
    OH_CommonEvent_SetIntArrayToParameters(all, "ints", ints, 2);
    OH_CommonEvent_SetDoubleArrayToParameters(all, "doubles", doubles, 2);
    OH_CommonEvent_SetBoolArrayToParameters(all, "bools", bools, 2);
    OH_CommonEvent_SetCharArrayToParameters(all, "text", "a\"b and more", 3);
}

static void Read(const CommonEvent_Parameters *all) {
    int *ints = nullptr;
    double *doubles = nullptr;
    bool *bools = nullptr;
    char *chars = nullptr;
    Say(OH_CommonEvent_HasKeyInParameters(all, "int") * 10 + OH_CommonEvent_HasKeyInParameters(all, "none"));
    Say(OH_CommonEvent_GetIntFromParameters(all, "int", -1));
    Say(OH_CommonEvent_GetIntFromParameters(all, "long", -1));
    Say(OH_CommonEvent_GetLongFromParameters(all, "long", -1) == 1L << 40);
    Say(OH_CommonEvent_GetBoolFromParameters(all, "bool", false));
    Say(OH_CommonEvent_GetCharFromParameters(all, "char", '-'));
    Say((long)(OH_CommonEvent_GetDoubleFromParameters(all, "double", -1) * 100));
    Say(OH_CommonEvent_GetIntArrayFromParameters(all, "ints", &ints));
    Say(ints[1]);
    Say(OH_CommonEvent_GetIntArrayFromParameters(all, "doubles", &ints));
    Say(OH_CommonEvent_GetDoubleArrayFromParameters(all, "doubles", &doubles));
    Say((long)(doubles[0] * 10));
    Say(OH_CommonEvent_GetBoolArrayFromParameters(all, "bools", &bools));
    Say(bools[0] * 10 + bools[1]);
    Say(OH_CommonEvent_GetCharArrayFromParameters(all, "text", &chars));
    text += std::string(chars) + " ";
    for (void *array : {(void *)ints, (void *)doubles, (void *)bools, (void *)chars}) free(array);
}

static napi_value Parameters(napi_env env, napi_callback_info) {
    napi_value result;
    CommonEvent_Parameters *all = OH_CommonEvent_CreateParameters();
    Fill(all);
    Read(all);
    OH_CommonEvent_DestroyParameters(all);
    napi_create_string_utf8(env, text.c_str(), text.size(), &result);
    return result;
}

/* By a thread, which this one waits for. */
static napi_value Publish(napi_env env, napi_callback_info) {
    napi_value result;
    std::thread([] {
        CommonEvent_Parameters *all = OH_CommonEvent_CreateParameters();
        CommonEvent_PublishInfo *info = OH_CommonEvent_CreatePublishInfo(true);
        const char *permissions[] = {"one", "two"};
        Fill(all);
        OH_CommonEvent_SetPublishInfoBundleName(info, "com.example.other");
        OH_CommonEvent_SetPublishInfoPermissions(info, permissions, 2);
        OH_CommonEvent_SetPublishInfoCode(info, -5);
        OH_CommonEvent_SetPublishInfoData(info, "data that is cut", 4);
        OH_CommonEvent_SetPublishInfoParameters(info, all);
        Say(OH_CommonEvent_Publish("plain"));
        Say(OH_CommonEvent_PublishWithInfo("whole", info));
        Say(OH_CommonEvent_PublishWithInfo(nullptr, info));
        Say(OH_CommonEvent_Publish(COMMON_EVENT_SCREEN_ON));
        OH_CommonEvent_DestroyPublishInfo(info);
        OH_CommonEvent_DestroyParameters(all);
    }).join();
    napi_create_string_utf8(env, text.c_str(), text.size(), &result);
    return result;
}

static void Heard(const CommonEvent_RcvData *data) {
    text += std::string(OH_CommonEvent_GetEventFromRcvData(data)) + " " + OH_CommonEvent_GetDataStrFromRcvData(data) + " "
        + OH_CommonEvent_GetBundleNameFromRcvData(data) + " ";
    Say(OH_CommonEvent_GetCodeFromRcvData(data));
    Read(OH_CommonEvent_GetParametersFromRcvData(data));
    Say(OH_CommonEvent_IsOrderedCommonEvent(subscriber));
    OH_CommonEvent_SetCodeToSubscriber(subscriber, OH_CommonEvent_GetCodeFromSubscriber(subscriber) + 1);
    OH_CommonEvent_SetDataToSubscriber(subscriber, "changed", 7);
    OH_CommonEvent_AbortCommonEvent(subscriber);
    Say(OH_CommonEvent_FinishCommonEvent(subscriber));
    Say(OH_CommonEvent_FinishCommonEvent(subscriber));
}

static napi_value Subscribe(napi_env env, napi_callback_info) {
    const char *events[] = {"one", "two"};
    CommonEvent_SubscribeInfo *info = OH_CommonEvent_CreateSubscribeInfo(events, 2);
    OH_CommonEvent_SetPublisherBundleName(info, "com.example.publisher");
    subscriber = OH_CommonEvent_CreateSubscriber(info, Heard);
    OH_CommonEvent_DestroySubscribeInfo(info);
    Say(OH_CommonEvent_CreateSubscriber(nullptr, Heard) == nullptr);
    Say(OH_CommonEvent_Subscribe(nullptr));
    Say(OH_CommonEvent_Subscribe(subscriber));
    Say(OH_CommonEvent_Subscribe(subscriber));
    return nullptr;
}

static napi_value Unsubscribe(napi_env env, napi_callback_info) {
    napi_value result;
    Say(OH_CommonEvent_UnSubscribe(subscriber));
    OH_CommonEvent_DestroySubscriber(subscriber);
    napi_create_string_utf8(env, text.c_str(), text.size(), &result);
    return result;
}

static napi_property_descriptor all[] = {
    {"parameters", nullptr, Parameters, nullptr, nullptr, nullptr, napi_default, nullptr},
    {"publish", nullptr, Publish, nullptr, nullptr, nullptr, napi_default, nullptr},
    {"subscribe", nullptr, Subscribe, nullptr, nullptr, nullptr, napi_default, nullptr},
    {"unsubscribe", nullptr, Unsubscribe, nullptr, nullptr, nullptr, napi_default, nullptr}};
`

/** A commonEventManager that tells what it is asked for. */
const manager = String.raw`
const asked = []
let hear
const subscriberSync = Object.fromEntries(['setCodeAndDataSync', 'abortCommonEventSync', 'finishCommonEventSync'].map(
  (name) => [name, (...args) => void asked.push([name, ...args])]))
globalThis.loadNativeModule = (name) => name === '@ohos.commonEventManager' && {
  publish: (event, options, done) => {
    asked.push([event, options])
    done(null)
  },
  createSubscriberSync: (info) => ({ info, isOrderedCommonEventSync: () => true, ...subscriberSync }),
  subscribe: (subscriber, callback) => {
    asked.push(['subscribe', subscriber.info])
    hear = callback
  },
  unsubscribe: (subscriber) => void asked.push(['unsubscribe', subscriber.info.events]),
}
const until = async (done) => { while (!done()) await new Promise((resolve) => setTimeout(resolve, 1)) }
`

const parameters = {
  int: 7,
  long: 2 ** 40,
  bool: true,
  char: 'c',
  double: 0.25,
  ints: [1, -2],
  doubles: [0.5, 3],
  bools: [true, false],
  text: 'a"b',
}
const read = '10 7 -1 1 1 99 25 2 -2 0 2 5 2 10 4 a"b '

let scripts: NativeScripts | undefined
beforeAll(async () => {
  scripts = await NativeScripts.build(code)
})
afterAll(() => scripts?.[Symbol.dispose]())

test('parameters are kept by their types, and arrays of characters are texts', async () => {
  expect(await scripts?.run('say(entry.parameters())')).toBe(read)
})

test('an event that a thread publishes is published by the kits', async () => {
  const said = await scripts?.run(`${manager}
const text = entry.publish()
until(() => asked.length === 2).then(() => say([text, ...asked]))`)
  expect(said).toEqual([
    '0 0 401 1500004 ',
    ['plain', { isOrdered: false, code: 0 }],
    [
      'whole',
      {
        isOrdered: true,
        code: -5,
        bundleName: 'com.example.other',
        data: 'data',
        subscriberPermissions: ['one', 'two'],
        parameters,
      },
    ],
  ])
})

test('without the kits nobody can publish, and that is a line of the log', async () => {
  expect(await scripts?.run('say(entry.publish())')).toBe('0 0 401 1500004 ')
})

test('a subscriber hears of events, changes an ordered one and ends it, until it unsubscribes', async () => {
  const said = await scripts?.run(`${manager}
entry.subscribe()
until(() => hear !== undefined).then(async () => {
  hear(null, { event: 'one', bundleName: 'com.example.publisher', code: 3, data: 'd', parameters: ${JSON.stringify(parameters)} })
  await until(() => asked.length === 4)
  const text = entry.unsubscribe()
  hear(null, { event: 'late', bundleName: '', code: 3, data: '', parameters: {} })
  await until(() => asked.length === 5)
  say([text, ...asked])
})`)
  expect(said).toEqual([
    `1 401 0 0 one d com.example.publisher 3 ${read}1 1 0 0 `,
    ['subscribe', { events: ['one', 'two'], publisherBundleName: 'com.example.publisher' }],
    ['setCodeAndDataSync', 4, 'changed'],
    ['abortCommonEventSync'],
    ['finishCommonEventSync'],
    ['unsubscribe', ['one', 'two']],
  ])
})
