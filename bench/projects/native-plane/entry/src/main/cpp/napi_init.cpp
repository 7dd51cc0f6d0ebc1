#include <thread>

#include "napi/native_api.h"
#include "plane.h"

static napi_value Start(napi_env env, napi_callback_info info)
{
    size_t argc = 1;
    napi_value argument;
    int32_t tunFd = -1;
    napi_get_cb_info(env, info, &argc, &argument, nullptr, nullptr);
    napi_get_value_int32(env, argument, &tunFd);
    std::thread(RunPlane, tunFd).detach();
    return nullptr;
}

static napi_value Init(napi_env env, napi_value exports)
{
    napi_property_descriptor start = {"start", nullptr, Start, nullptr, nullptr, nullptr, napi_default, nullptr};
    napi_define_properties(env, exports, 1, &start);
    return exports;
}

static napi_module planeModule = {1, 0, nullptr, Init, "plane", nullptr, {0}};

extern "C" __attribute__((constructor)) void RegisterPlaneModule(void)
{
    napi_module_register(&planeModule);
}
