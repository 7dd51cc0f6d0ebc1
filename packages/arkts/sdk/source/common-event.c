#define NAPI_VERSION 9
#include "common-event.h"
#include "hilog/log.h"

bool vpnext_log_event_error(napi_env env, napi_callback_info info, const char *function)
{
    size_t count = 1, length = 0;
    napi_value error, text;
    napi_valuetype type;
    char message[512] = "";
    if (napi_get_cb_info(env, info, &count, &error, NULL, NULL) != napi_ok || count == 0) return false;
    if (napi_typeof(env, error, &type) != napi_ok || type != napi_object) return false;
    if (napi_get_named_property(env, error, "code", &text) == napi_ok && napi_coerce_to_string(env, text, &text) == napi_ok)
        napi_get_value_string_utf8(env, text, message, 16, &length);
    message[length++] = ' ';
    if (napi_get_named_property(env, error, "message", &text) == napi_ok && napi_coerce_to_string(env, text, &text) == napi_ok)
        napi_get_value_string_utf8(env, text, message + length, sizeof message - length, &length);
    OH_LOG_Print(LOG_APP, LOG_WARN, 0, "vpnext", "%{public}s: %{public}s", function, message);
    return true;
}

napi_status vpnext_parse_json(napi_env env, const struct vpnext_text *text, napi_value *result)
{
    napi_value global, json, parse, argument;
    napi_status status = napi_get_global(env, &global);
    if (status == napi_ok) status = napi_get_named_property(env, global, "JSON", &json);
    if (status == napi_ok) status = napi_get_named_property(env, json, "parse", &parse);
    if (status == napi_ok) status = napi_create_string_utf8(env, text->bytes, text->length, &argument);
    if (status == napi_ok) status = napi_call_function(env, json, parse, 1, &argument, result);
    return status;
}
