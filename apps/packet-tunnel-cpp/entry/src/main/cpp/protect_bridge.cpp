#include "protect_bridge.h"

#include <chrono>

#include "hilog/log.h"

#undef LOG_DOMAIN
#undef LOG_TAG
#define LOG_DOMAIN 0x0A01
#define LOG_TAG "ProtectBridge"

namespace {
constexpr auto PATIENCE = std::chrono::seconds(10);
} // namespace

bool ProtectBridge::Open(napi_env env, napi_value callback)
{
    napi_value name = nullptr;
    napi_create_string_utf8(env, "protect", NAPI_AUTO_LENGTH, &name);
    return napi_create_threadsafe_function(env, callback, nullptr, name, 0, 1, nullptr, nullptr, nullptr, CallJs,
                                           &function_) == napi_ok;
}

void ProtectBridge::Close()
{
    if (function_ != nullptr) {
        napi_release_threadsafe_function(function_, napi_tsfn_release);
    }
    function_ = nullptr;
}

bool ProtectBridge::Protect(int socketFd)
{
    auto request = std::make_shared<Request>();
    request->socketFd = socketFd;
    auto *holder = new std::shared_ptr<Request>(request);
    if (napi_call_threadsafe_function(function_, holder, napi_tsfn_blocking) != napi_ok) {
        delete holder;
        return false;
    }
    std::unique_lock<std::mutex> lock(request->mutex);
    request->settled.wait_for(lock, PATIENCE, [&request] { return request->done; });
    return request->protectedNow;
}

void ProtectBridge::CallJs(napi_env env, napi_value callback, void *, void *data)
{
    auto *holder = static_cast<std::shared_ptr<Request> *>(data);
    if (env == nullptr) {
        Settle(holder, false);
        return;
    }
    napi_value undefined = nullptr;
    napi_value fd = nullptr;
    napi_value promise = nullptr;
    napi_get_undefined(env, &undefined);
    napi_create_int32(env, (*holder)->socketFd, &fd);
    bool isPromise = false;
    if (napi_call_function(env, undefined, callback, 1, &fd, &promise) != napi_ok ||
        napi_is_promise(env, promise, &isPromise) != napi_ok || !isPromise) {
        OH_LOG_ERROR(LOG_APP, "the callback gave no promise");
        Settle(holder, false);
        return;
    }
    napi_value then = nullptr;
    napi_value handlers[2] = {nullptr, nullptr};
    napi_get_named_property(env, promise, "then", &then);
    napi_create_function(env, "onResolved", NAPI_AUTO_LENGTH, OnResolved, holder, &handlers[0]);
    napi_create_function(env, "onRejected", NAPI_AUTO_LENGTH, OnRejected, holder, &handlers[1]);
    napi_call_function(env, promise, then, 2, handlers, nullptr);
}

napi_value ProtectBridge::OnResolved(napi_env env, napi_callback_info info)
{
    void *data = nullptr;
    napi_get_cb_info(env, info, nullptr, nullptr, nullptr, &data);
    Settle(static_cast<std::shared_ptr<Request> *>(data), true);
    return nullptr;
}

napi_value ProtectBridge::OnRejected(napi_env env, napi_callback_info info)
{
    void *data = nullptr;
    napi_get_cb_info(env, info, nullptr, nullptr, nullptr, &data);
    Settle(static_cast<std::shared_ptr<Request> *>(data), false);
    return nullptr;
}

void ProtectBridge::Settle(std::shared_ptr<Request> *holder, bool protectedNow)
{
    std::shared_ptr<Request> request = *holder;
    delete holder;
    std::lock_guard<std::mutex> lock(request->mutex);
    request->done = true;
    request->protectedNow = protectedNow;
    request->settled.notify_all();
}
