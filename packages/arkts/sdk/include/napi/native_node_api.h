/* The name that older projects include. */
#ifndef VPNEXT_NAPI_NATIVE_NODE_API_H
#define VPNEXT_NAPI_NATIVE_NODE_API_H

#include "native_api.h"
#include "native_common.h"

#endif
