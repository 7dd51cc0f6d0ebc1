/* What those who publish and those who subscribe have in common. */
#ifndef VPNEXT_COMMON_EVENT_H
#define VPNEXT_COMMON_EVENT_H

#include "BasicServicesKit/oh_commonevent.h"
#include "json-text.h"
#include "napi/native_api.h"

/* The first argument of a callback of the kits, when it is an error, is a line of the log. True when it was one. */
bool vpnext_log_event_error(napi_env env, napi_callback_info info, const char *function);
napi_status vpnext_parse_json(napi_env env, const struct vpnext_text *text, napi_value *result);
/* As commonEventManager takes it, in JSON. */
void vpnext_write_subscribe_info(struct vpnext_text *text, const CommonEvent_SubscribeInfo *info);

#endif
