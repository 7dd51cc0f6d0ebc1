#ifndef PROTECT_BRIDGE_H
#define PROTECT_BRIDGE_H

#include <condition_variable>
#include <memory>
#include <mutex>

#include "napi/native_api.h"

/** Asks ArkTS code, from any thread, to protect a socket, and waits for the promise it returns. */
class ProtectBridge {
public:
    /** On the JS thread. */
    bool Open(napi_env env, napi_value callback);
    /** On any other thread. False when the promise is rejected or does not settle in time. */
    bool Protect(int socketFd);
    void Close();

private:
    struct Request {
        std::mutex mutex;
        std::condition_variable settled;
        int socketFd = -1;
        bool done = false;
        bool protectedNow = false;
    };

    static void CallJs(napi_env env, napi_value callback, void *context, void *data);
    static napi_value OnResolved(napi_env env, napi_callback_info info);
    static napi_value OnRejected(napi_env env, napi_callback_info info);
    static void Settle(std::shared_ptr<Request> *holder, bool protectedNow);

    napi_threadsafe_function function_ = nullptr;
};

#endif // PROTECT_BRIDGE_H
