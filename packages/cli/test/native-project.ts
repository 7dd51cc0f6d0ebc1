import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { ProjectFolder } from './split-project.ts'

export const nativeBundle = 'com.example.native'

const files = {
  'AppScope/app.json5': `{ app: { bundleName: '${nativeBundle}', versionCode: 1, versionName: '1.0.0', label: 'Native VPN' } }`,
  'entry/src/main/module.json5': `{
  module: {
    name: 'entry',
    type: 'entry',
    extensionAbilities: [{ name: 'NativeAbility', srcEntry: './ets/NativeAbility.ets', type: 'vpn' }],
  },
}
`,
  'entry/src/main/ets/NativeAbility.ets': `import { VpnExtensionAbility, vpnExtension } from '@kit.NetworkKit'
import { hilog } from '@kit.PerformanceAnalysisKit'
import type { Want } from '@kit.AbilityKit'
import entry, { call } from 'libentry.so'

export default class NativeAbility extends VpnExtensionAbility {
  async onCreate(want: Want): Promise<void> {
    const connection = vpnExtension.createVpnConnection(this.context)
    const fd = await connection.create({
      addresses: [{ address: { address: '10.99.0.2', family: 1 }, prefixLength: 24 }],
      routes: []
    })
    const what = String(want.parameters?.['what'] ?? '')
    hilog.info(1, 'Native', '%{public}s', entry.describe(fd))
    if (what !== '') call(what, (text: string) => {
      hilog.info(1, 'Native', 'from the thread: %{public}s', text)
      if (text === 'throw') throw new Error('thrown in a callback')
      if (text === 'reject') return Promise.reject(new Error('rejected in a callback'))
      return Promise.resolve()
    })
    const byName = requireNapi('entry') as typeof entry
    hilog.info(1, 'Native', 'the same: %{public}s %{public}s', loadNativeModule('libentry.so') === entry, byName === requireNative('libentry.so'))
    hilog.info(1, 'Native', 'names: %{public}s', Object.keys(entry).join())
    hilog.info(1, 'Native', '%{public}s', entry.networks())
  }
}
`,
  'entry/src/main/cpp/CMakeLists.txt': `cmake_minimum_required(VERSION 3.5.0)
project(entry)
find_library(hilog-lib hilog_ndk.z)
add_library(entry SHARED entry.cpp networks.cpp)
add_library(beside SHARED beside.cpp)
set_target_properties(entry PROPERTIES SKIP_BUILD_RPATH TRUE BUILD_WITH_INSTALL_RPATH FALSE INSTALL_RPATH "")
target_link_libraries(entry PUBLIC \${hilog-lib} libace_napi.z.so libc++.a libuv.so libnet_connection.so)
`,
  'entry/src/main/cpp/beside.cpp': 'extern "C" int Beside() { return 1; }\n',
  'entry/src/main/cpp/entry.cpp': `#include <string>
#include <thread>
#include <dlfcn.h>
#include <uv.h>
#include "napi/native_api.h"
#include "hilog/log.h"

#undef LOG_DOMAIN
#undef LOG_TAG
#define LOG_DOMAIN 0x00FF
#define LOG_TAG "entry"

/* What later versions of the device's Node-API have added. */
static bool HasLaterFunctions(napi_env env)
{
    napi_value text, same;
    napi_strong_ref strong;
    napi_critical_scope scope;
    const char *file = nullptr;
    const char16_t *characters = nullptr;
    size_t length = 0;
    bool equal = false, freed = false;
    auto onFree = [](void *, void *hint) { *static_cast<bool *>(hint) = true; };
    return napi_create_external_string_ascii(env, "text", NAPI_AUTO_LENGTH, onFree, &freed, &text) == napi_ok && freed
        && napi_open_critical_scope(env, &scope) == napi_ok
        && napi_get_buffer_string_utf16_in_critical_scope(env, text, &characters, &length) == napi_ok
        && std::u16string(characters, length) == u"text" && napi_close_critical_scope(env, scope) == napi_ok
        && napi_get_global(env, &text) == napi_ok && napi_create_strong_reference(env, text, &strong) == napi_ok
        && napi_get_strong_reference_value(env, strong, &same) == napi_ok
        && napi_strict_equals(env, text, same, &equal) == napi_ok && equal
        && napi_delete_strong_reference(env, strong) == napi_ok
        && node_api_get_module_file_name(env, &file) == napi_ok && std::string(file) == "/bundle/libs/libentry.so";
}

static int Overflow(int depth)
{
    volatile char room[4096];
    room[depth % sizeof room] = 1;
    return depth < 0 ? 0 : Overflow(depth + 1) + room[0];
}

static napi_value Describe(napi_env env, napi_callback_info info)
{
    size_t argc = 1;
    napi_value argument, result;
    napi_get_cb_info(env, info, &argc, &argument, nullptr, nullptr);
    int32_t fd = -1;
    napi_get_value_int32(env, argument, &fd);
    OH_LOG_WARN(LOG_APP, "%{public}d%% of %{public}s, %{public}5.1f|%{public}-4x|, %s and %{private}d, %{public}zu", 50,
                "two\\nlines", 2.25, 0xab, "hidden", 7, sizeof(int));
    std::string text = fd >= 0 && uv_version() > 0 && HasLaterFunctions(env) ? "a descriptor" : "none";
    /* By its path on the device, of a phone as many have it, and by its name. */
    void *beside = dlopen("/data/storage/el1/bundle/libs/arm64/libbeside.so", RTLD_NOW);
    if (beside == nullptr || dlopen("libbeside.so", RTLD_NOW) != beside) text = dlerror();
    void *hilog = dlopen("libhilog_ndk.z.so", RTLD_NOW);
    auto print = hilog == nullptr ? nullptr : reinterpret_cast<decltype(OH_LOG_Print) *>(dlsym(hilog, "OH_LOG_Print"));
    if (print == nullptr) text = dlerror();
    else print(LOG_APP, LOG_INFO, 1, "found", "by its %{public}s", "name");
    napi_create_string_utf8(env, text.c_str(), text.size(), &result);
    return result;
}

/* Says the words of a text from a thread, one call each, and crashes at the word crash. Two texts crash the caller. */
static napi_value Call(napi_env env, napi_callback_info info)
{
    size_t argc = 2;
    napi_value arguments[2], name;
    napi_get_cb_info(env, info, &argc, arguments, nullptr, nullptr);
    char words[256];
    size_t length = 0;
    napi_get_value_string_utf8(env, arguments[0], words, sizeof words, &length);
    napi_create_string_utf8(env, "call", NAPI_AUTO_LENGTH, &name);
    if (std::string(words) == "abort") abort();
    if (std::string(words) == "overflow") Overflow(1);
    napi_threadsafe_function function;
    napi_create_threadsafe_function(env, arguments[1], nullptr, name, 0, 1, nullptr, nullptr, nullptr,
        [](napi_env env, napi_value callback, void *, void *data) {
            auto *word = static_cast<std::string *>(data);
            napi_value receiver, text;
            napi_get_undefined(env, &receiver);
            napi_create_string_utf8(env, word->c_str(), word->size(), &text);
            napi_call_function(env, receiver, callback, 1, &text, nullptr);
            delete word;
        }, &function);
    std::thread([function, text = std::string(words)] {
        for (size_t at = 0; at < text.size();) {
            size_t end = text.find(' ', at);
            std::string word = text.substr(at, end == std::string::npos ? end : end - at);
            at = end == std::string::npos ? text.size() : end + 1;
            if (word == "wait") std::this_thread::sleep_for(std::chrono::milliseconds(700));
            if (word == "crash") {
                OH_LOG_FATAL(LOG_APP, "the last words");
                *reinterpret_cast<volatile int *>(8) = 1;
            }
            napi_call_threadsafe_function(function, new std::string(word), napi_tsfn_blocking);
        }
        napi_release_threadsafe_function(function, napi_tsfn_release);
    }).detach();
    return nullptr;
}

napi_value Networks(napi_env env, napi_callback_info info);

static napi_value Init(napi_env env, napi_value exports)
{
    napi_property_descriptor properties[] = {
        {"networks", nullptr, Networks, nullptr, nullptr, nullptr, napi_default, nullptr},
        {"describe", nullptr, Describe, nullptr, nullptr, nullptr, napi_default, nullptr},
        {"call", nullptr, Call, nullptr, nullptr, nullptr, napi_default, nullptr},
    };
    napi_define_properties(env, exports, 3, properties);
    return exports;
}

static napi_module entryModule = {1, 0, nullptr, Init, "entry", nullptr, {0}};
extern "C" __attribute__((constructor)) void RegisterEntryModule(void) { napi_module_register(&entryModule); }
`,
  'entry/src/main/cpp/networks.cpp': `#include <bits/alltypes.h>
#include <memory>
#include <string>
#include "napi/native_api.h"
#include <network/netmanager/net_connection.h>

/* What the networks are, uplinks first: name, addresses, default gateway, name servers, bearer. */
napi_value Networks(napi_env env, napi_callback_info)
{
    std::string text = "networks";
    NetConn_NetHandleList nets;
    NetConn_NetHandle first, none = {99};
    int32_t has = 0, metered = 1;
    auto properties = std::make_unique<NetConn_ConnectionProperties>();
    NetConn_NetCapabilities capabilities;
    if (OH_NetConn_GetAllNets(&nets) || OH_NetConn_GetDefaultNet(&first) || OH_NetConn_HasDefaultNet(&has)
        || OH_NetConn_IsDefaultNetMetered(&metered) || first.netId != nets.netHandles[0].netId || !has || metered) text += " wrong";
    if (OH_NetConn_GetConnectionProperties(&none, properties.get()) != 2100001 || OH_NetConn_GetAllNets(nullptr) != 401) text += " wrong";
    for (int32_t i = 0; i < nets.netHandleListSize; i++) {
        if (OH_NetConn_GetConnectionProperties(&nets.netHandles[i], properties.get())) text += " failed";
        if (OH_NetConn_GetNetCapabilities(&nets.netHandles[i], &capabilities)) text += " failed";
        text += std::string("; ") + properties->ifaceName + " bearer " + std::to_string(capabilities.bearerTypes[0]) + " mtu " + std::to_string(properties->mtu);
        for (int32_t at = 0; at < properties->netAddrListSize; at++)
            if (properties->netAddrList[at].family == AF_INET)
                text += std::string(" ") + properties->netAddrList[at].address + "/" + std::to_string(properties->netAddrList[at].prefixlen);
        for (int32_t at = 0; at < properties->routeListSize; at++)
            if (properties->routeList[at].isDefaultRoute && properties->routeList[at].hasGateway && properties->routeList[at].destination.family == AF_INET)
                text += std::string(" via ") + properties->routeList[at].gateway.address;
        for (int32_t at = 0; at < properties->dnsListSize; at++) text += std::string(" dns ") + properties->dnsList[at].address;
    }
    napi_value result;
    napi_create_string_utf8(env, text.c_str(), text.size(), &result);
    return result;
}
`,
}

/** Makes a project with C++ code, files added or with other contents by path. */
export function createNativeProject(
  changes: Readonly<Record<string, ((text: string) => string) | string>> = {},
): ProjectFolder {
  const folder = mkdtempSync(join(tmpdir(), 'vpnext-native-project-'))
  const all: Readonly<Record<string, string>> = files
  for (const path of new Set([...Object.keys(all), ...Object.keys(changes)])) {
    const change = changes[path]
    const text = typeof change === 'string' ? change : (change?.(all[path] ?? '') ?? all[path] ?? '')
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) }
}
