/* The thread of JavaScript, for threads of native code that need something of the kits. */
#ifndef VPNEXT_JS_THREAD_H
#define VPNEXT_JS_THREAD_H

#include "napi/native_api.h"

/* Makes the thread known that loads a library, to all libraries. */
void vpnext_know_js_thread(napi_env env);

/* Has a function run there, in a turn of its own, in the order of the calls; false, and never, when there is no such thread. */
bool vpnext_call_js(void (*run)(napi_env env, void *data), void *data);

/* Functions that threads may call back by, from when they are made to their finalizers: the host waits for them at the end. */
void vpnext_count_callbacks(int difference);

/* The environment, when it is the thread that calls; NULL in others. */
napi_env vpnext_own_env(void);

#endif
