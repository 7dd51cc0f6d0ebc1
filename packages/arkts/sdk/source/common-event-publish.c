/* Publishes by commonEventManager of the kits: packages/kit/src/events/common-event-manager.ts. */
#define NAPI_VERSION 9
#include "call-global.h"
#include "common-event.h"
#include "event-parameters.h"
#include "hilog/log.h"
#include "js-thread.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct CommonEvent_PublishInfo {
    bool isOrdered;
    int32_t code;
    char *bundleName, *data;
    /* A list of JSON, without its end. */
    struct vpnext_text permissions;
    const CommonEvent_Parameters *parameters;
};

struct publication {
    char *event;
    struct vpnext_text options;
};

CommonEvent_PublishInfo *OH_CommonEvent_CreatePublishInfo(bool ordered)
{
    CommonEvent_PublishInfo *info = calloc(1, sizeof *info);
    if (info != NULL) info->isOrdered = ordered;
    return info;
}

void OH_CommonEvent_DestroyPublishInfo(CommonEvent_PublishInfo *info)
{
    if (info == NULL) return;
    free(info->bundleName);
    free(info->data);
    free(info->permissions.bytes);
    free(info);
}

CommonEvent_ErrCode OH_CommonEvent_SetPublishInfoBundleName(CommonEvent_PublishInfo *info, const char *bundleName)
{
    if (info == NULL || bundleName == NULL) return COMMONEVENT_ERR_INVALID_PARAMETER;
    free(info->bundleName);
    info->bundleName = strdup(bundleName);
    return COMMONEVENT_ERR_OK;
}

CommonEvent_ErrCode OH_CommonEvent_SetPublishInfoPermissions(CommonEvent_PublishInfo *info, const char *permissions[], int32_t num)
{
    if (info == NULL || permissions == NULL || num < 0) return COMMONEVENT_ERR_INVALID_PARAMETER;
    info->permissions.length = 0;
    for (int32_t i = 0; i < num && permissions[i] != NULL; i++) {
        vpnext_append(&info->permissions, i == 0 ? "[" : ",", 1);
        vpnext_append_json(&info->permissions, permissions[i], strlen(permissions[i]));
    }
    return COMMONEVENT_ERR_OK;
}

CommonEvent_ErrCode OH_CommonEvent_SetPublishInfoCode(CommonEvent_PublishInfo *info, int32_t code)
{
    if (info == NULL) return COMMONEVENT_ERR_INVALID_PARAMETER;
    info->code = code;
    return COMMONEVENT_ERR_OK;
}

CommonEvent_ErrCode OH_CommonEvent_SetPublishInfoData(CommonEvent_PublishInfo *info, const char *data, size_t length)
{
    if (info == NULL || data == NULL) return COMMONEVENT_ERR_INVALID_PARAMETER;
    free(info->data);
    info->data = strndup(data, length);
    return COMMONEVENT_ERR_OK;
}

CommonEvent_ErrCode OH_CommonEvent_SetPublishInfoParameters(CommonEvent_PublishInfo *info, CommonEvent_Parameters *param)
{
    if (info == NULL || param == NULL) return COMMONEVENT_ERR_INVALID_PARAMETER;
    info->parameters = param;
    return COMMONEVENT_ERR_OK;
}

static void writeText(struct vpnext_text *options, const char *name, const char *text)
{
    vpnext_append(options, name, strlen(name));
    vpnext_append_json(options, text, strlen(text));
}

static void writeOptions(struct vpnext_text *options, const CommonEvent_PublishInfo *info)
{
    char head[64];
    int length = snprintf(head, sizeof head, "{\"isOrdered\":%s,\"code\":%d", info->isOrdered ? "true" : "false", info->code);
    vpnext_append(options, head, (size_t)length);
    if (info->bundleName != NULL) writeText(options, ",\"bundleName\":", info->bundleName);
    if (info->data != NULL) writeText(options, ",\"data\":", info->data);
    if (info->permissions.length > 0) {
        static const char name[] = ",\"subscriberPermissions\":";
        vpnext_append(options, name, sizeof name - 1);
        vpnext_append(options, info->permissions.bytes, info->permissions.length);
        vpnext_append(options, "]", 1);
    }
    if (info->parameters != NULL) {
        static const char name[] = ",\"parameters\":";
        vpnext_append(options, name, sizeof name - 1);
        vpnext_write_event_parameters(options, info->parameters);
    }
    vpnext_append(options, "}", 1);
}

/* The callback of publish: what it hears of an error is a line of the log. */
static napi_value published(napi_env env, napi_callback_info info)
{
    vpnext_log_event_error(env, info, "OH_CommonEvent_Publish");
    return NULL;
}

static void publish(napi_env env, void *data)
{
    struct publication *publication = data;
    napi_value manager, function, arguments[3], ignored;
    napi_status status = vpnext_call_global(env, "loadNativeModule", "@ohos.commonEventManager", &manager);
    if (status == napi_ok) status = napi_get_named_property(env, manager, "publish", &function);
    if (status == napi_ok) status = napi_create_string_utf8(env, publication->event, NAPI_AUTO_LENGTH, &arguments[0]);
    if (status == napi_ok) status = vpnext_parse_json(env, &publication->options, &arguments[1]);
    if (status == napi_ok) status = napi_create_function(env, NULL, 0, published, NULL, &arguments[2]);
    if (status == napi_ok) napi_call_function(env, manager, function, 3, arguments, &ignored);
    free(publication->options.bytes);
    free(publication->event);
    free(publication);
}

CommonEvent_ErrCode OH_CommonEvent_PublishWithInfo(const char *event, const CommonEvent_PublishInfo *info)
{
    static const char ofSystem[] = "usual.event.";
    if (event == NULL || *event == '\0' || info == NULL) return COMMONEVENT_ERR_INVALID_PARAMETER;
    if (strncmp(event, ofSystem, sizeof ofSystem - 1) == 0) return COMMONEVENT_ERR_NOT_SYSTEM_SERVICE;
    struct publication *publication = calloc(1, sizeof *publication);
    if (publication == NULL) return COMMONEVENT_ERR_ALLOC_MEMORY_FAILED;
    publication->event = strdup(event);
    writeOptions(&publication->options, info);
    if (vpnext_call_js(publish, publication)) return COMMONEVENT_ERR_OK;
    free(publication->options.bytes);
    free(publication->event);
    free(publication);
    return COMMONEVENT_ERR_INIT_UNDONE;
}

CommonEvent_ErrCode OH_CommonEvent_Publish(const char *event)
{
    const CommonEvent_PublishInfo plain = {.isOrdered = false};
    return OH_CommonEvent_PublishWithInfo(event, &plain);
}
