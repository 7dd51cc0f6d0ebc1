#include <string>

#include "hilog/log.h"
#include "napi/native_api.h"
#include "protect_bridge.h"
#include "tunnel/packet_pump.h"

#undef LOG_DOMAIN
#undef LOG_TAG
#define LOG_DOMAIN 0x0A01
#define LOG_TAG "PacketTunnel"

static PacketPump g_pump;
static ProtectBridge g_protect;
static napi_threadsafe_function g_onState = nullptr;

static void CallOnState(napi_env env, napi_value callback, void *, void *data)
{
    auto *state = static_cast<std::string *>(data);
    if (env != nullptr) {
        napi_value undefined = nullptr;
        napi_value text = nullptr;
        napi_get_undefined(env, &undefined);
        napi_create_string_utf8(env, state->c_str(), state->size(), &text);
        napi_call_function(env, undefined, callback, 1, &text, nullptr);
    }
    delete state;
}

static napi_value Start(napi_env env, napi_callback_info info)
{
    size_t argc = 5;
    napi_value args[5] = {nullptr};
    napi_get_cb_info(env, info, &argc, args, nullptr, nullptr);

    int32_t tunFd = -1;
    int32_t port = 0;
    char server[64] = {0};
    size_t length = 0;
    napi_get_value_int32(env, args[0], &tunFd);
    napi_get_value_string_utf8(env, args[1], server, sizeof(server), &length);
    napi_get_value_int32(env, args[2], &port);

    napi_value name = nullptr;
    napi_create_string_utf8(env, "onState", NAPI_AUTO_LENGTH, &name);
    if (!g_protect.Open(env, args[3]) ||
        napi_create_threadsafe_function(env, args[4], nullptr, name, 0, 1, nullptr, nullptr, nullptr, CallOnState,
                                        &g_onState) != napi_ok) {
        napi_throw_type_error(env, nullptr, "start: two functions are wanted");
        return nullptr;
    }
    bool started = g_pump.Start(
        tunFd, server, static_cast<uint16_t>(port), [](int fd) { return g_protect.Protect(fd); },
        [](const std::string &state) {
            napi_call_threadsafe_function(g_onState, new std::string(state), napi_tsfn_nonblocking);
        });
    if (!started) {
        napi_throw_error(env, "EBUSY", "start: the tunnel runs already");
    }
    return nullptr;
}

static napi_value Stop(napi_env env, napi_callback_info info)
{
    (void)env;
    (void)info;
    g_pump.Stop();
    g_protect.Close();
    if (g_onState != nullptr) {
        napi_release_threadsafe_function(g_onState, napi_tsfn_release);
        g_onState = nullptr;
    }
    OH_LOG_INFO(LOG_APP, "stopped after %{public}llu packets",
                static_cast<unsigned long long>(g_pump.GetStatistics().packetsOut));
    return nullptr;
}

static void SetNumber(napi_env env, napi_value object, const char *name, uint64_t value)
{
    napi_value number = nullptr;
    napi_create_int64(env, static_cast<int64_t>(value), &number);
    napi_set_named_property(env, object, name, number);
}

static napi_value GetStatistics(napi_env env, napi_callback_info info)
{
    (void)info;
    const PacketPump::Statistics &statistics = g_pump.GetStatistics();
    napi_value result = nullptr;
    napi_create_object(env, &result);
    SetNumber(env, result, "packetsOut", statistics.packetsOut);
    SetNumber(env, result, "packetsIn", statistics.packetsIn);
    SetNumber(env, result, "bytesOut", statistics.bytesOut);
    SetNumber(env, result, "bytesIn", statistics.bytesIn);
    return result;
}

EXTERN_C_START
static napi_value Init(napi_env env, napi_value exports)
{
    napi_property_descriptor desc[] = {
        {"start", nullptr, Start, nullptr, nullptr, nullptr, napi_default, nullptr},
        {"stop", nullptr, Stop, nullptr, nullptr, nullptr, napi_default, nullptr},
        {"statistics", nullptr, GetStatistics, nullptr, nullptr, nullptr, napi_default, nullptr},
    };
    napi_define_properties(env, exports, sizeof(desc) / sizeof(desc[0]), desc);
    return exports;
}
EXTERN_C_END

static napi_module g_module = {
    .nm_version = 1,
    .nm_flags = 0,
    .nm_filename = nullptr,
    .nm_register_func = Init,
    .nm_modname = "packettunnel",
    .nm_priv = ((void *)0),
    .reserved = {0},
};

extern "C" __attribute__((constructor)) void RegisterPacketTunnelModule(void)
{
    napi_module_register(&g_module);
}
