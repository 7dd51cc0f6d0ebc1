/* Facts of the bundle, which JavaScript alone knows. */
#ifndef VPNEXT_BUNDLE_FACTS_H
#define VPNEXT_BUNDLE_FACTS_H

#include "napi/native_api.h"

/* Asks for them, once, in a thread of JavaScript. NULL in a library that wants none: the reference is weak. */
__attribute__((weak)) void vpnext_know_bundle(napi_env env);

/* Empty outside of an extension. */
const char *vpnext_bundle_name(void);
const char *vpnext_bundle_fingerprint(void);

#endif
