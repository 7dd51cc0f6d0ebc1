/* What a common event carries besides its name, code and data. */
#ifndef VPNEXT_EVENT_PARAMETERS_H
#define VPNEXT_EVENT_PARAMETERS_H

#include "BasicServicesKit/oh_commonevent.h"
#include "json-text.h"
#include "napi/native_api.h"

/* As an object of JSON. */
void vpnext_write_event_parameters(struct vpnext_text *text, const CommonEvent_Parameters *given);
/* Of an object of JavaScript: numbers, booleans, texts, and arrays of numbers and of booleans; the rest is left out. */
CommonEvent_Parameters *vpnext_read_event_parameters(napi_env env, napi_value object);

#endif
