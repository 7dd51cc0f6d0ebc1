#include <set>
#include <string>

#include "dns_filter.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include "napi/native_api.h"

static DnsFilter g_filter;
static napi_threadsafe_function g_onBlocked = nullptr;

static napi_value Number(napi_env env, double value)
{
    napi_value number = nullptr;
    napi_create_double(env, value, &number);
    return number;
}

static napi_value LoadRules(napi_env env, napi_callback_info info)
{
    size_t argc = 2;
    napi_value argv[2];
    napi_get_cb_info(env, info, &argc, argv, nullptr, nullptr);
    char fileName[256];
    size_t length = 0;
    napi_get_value_string_utf8(env, argv[1], fileName, sizeof fileName, &length);
    NativeResourceManager *manager = OH_ResourceManager_InitNativeResourceManager(env, argv[0]);
    size_t count = g_filter.rules.Load(manager, fileName);
    OH_ResourceManager_ReleaseNativeResourceManager(manager);
    return Number(env, static_cast<double>(count));
}

static napi_value OpenUpstream(napi_env env, napi_callback_info info)
{
    size_t argc = 2;
    napi_value argv[2];
    napi_get_cb_info(env, info, &argc, argv, nullptr, nullptr);
    char address[64];
    size_t length = 0;
    uint32_t port = 53;
    napi_get_value_string_utf8(env, argv[0], address, sizeof address, &length);
    napi_get_value_uint32(env, argv[1], &port);
    sockaddr_in upstream{};
    upstream.sin_family = AF_INET;
    upstream.sin_port = htons(static_cast<uint16_t>(port));
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    if (inet_pton(AF_INET, address, &upstream.sin_addr) != 1 ||
        connect(fd, reinterpret_cast<sockaddr *>(&upstream), sizeof upstream) != 0) {
        close(fd);
        napi_throw_error(env, "EINVAL", "openUpstream: there is no way to the resolver");
        return nullptr;
    }
    return Number(env, fd);
}

static void CallOnBlocked(napi_env env, napi_value callback, void *, void *data)
{
    std::string *name = static_cast<std::string *>(data);
    if (env != nullptr) {
        napi_value receiver, argument, promise;
        napi_get_undefined(env, &receiver);
        napi_create_string_utf8(env, name->data(), name->size(), &argument);
        napi_call_function(env, receiver, callback, 1, &argument, &promise);
    }
    delete name;
}

static napi_value StartFilter(napi_env env, napi_callback_info info)
{
    size_t argc = 3;
    napi_value argv[3];
    napi_get_cb_info(env, info, &argc, argv, nullptr, nullptr);
    int32_t tunFd = -1;
    int32_t upstreamFd = -1;
    napi_get_value_int32(env, argv[0], &tunFd);
    napi_get_value_int32(env, argv[1], &upstreamFd);
    napi_value name;
    napi_create_string_utf8(env, "onBlocked", NAPI_AUTO_LENGTH, &name);
    napi_create_threadsafe_function(env, argv[2], nullptr, name, 0, 1, nullptr, nullptr, nullptr, CallOnBlocked,
                                    &g_onBlocked);
    g_filter.Start(tunFd, upstreamFd, [](const std::string &blocked) {
        napi_call_threadsafe_function(g_onBlocked, new std::string(blocked), napi_tsfn_nonblocking);
    });
    return nullptr;
}

static napi_value StopFilter(napi_env, napi_callback_info)
{
    g_filter.Stop();
    if (g_onBlocked != nullptr) {
        napi_release_threadsafe_function(g_onBlocked, napi_tsfn_abort);
    }
    g_onBlocked = nullptr;
    return nullptr;
}

static napi_value GetStatistics(napi_env env, napi_callback_info)
{
    napi_value result;
    napi_create_object(env, &result);
    napi_set_named_property(env, result, "blocked", Number(env, g_filter.blocked));
    napi_set_named_property(env, result, "forwarded", Number(env, g_filter.forwarded));
    napi_set_named_property(env, result, "answered", Number(env, g_filter.answered));
    return result;
}

static napi_value Init(napi_env env, napi_value exports)
{
    napi_property_descriptor properties[] = {
        {"loadRules", nullptr, LoadRules, nullptr, nullptr, nullptr, napi_default, nullptr},
        {"openUpstream", nullptr, OpenUpstream, nullptr, nullptr, nullptr, napi_default, nullptr},
        {"startFilter", nullptr, StartFilter, nullptr, nullptr, nullptr, napi_default, nullptr},
        {"stopFilter", nullptr, StopFilter, nullptr, nullptr, nullptr, napi_default, nullptr},
        {"getStatistics", nullptr, GetStatistics, nullptr, nullptr, nullptr, napi_default, nullptr},
    };
    napi_define_properties(env, exports, sizeof properties / sizeof *properties, properties);
    return exports;
}

NAPI_MODULE(dnsfilter, Init)
