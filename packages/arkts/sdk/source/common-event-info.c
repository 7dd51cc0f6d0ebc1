/* What a subscriber wants to hear of. */
#include "common-event.h"

#include <stdlib.h>
#include <string.h>

struct CommonEvent_SubscribeInfo {
    /* A list of JSON, without its end. */
    struct vpnext_text events;
    char *permission, *bundleName;
};

CommonEvent_SubscribeInfo *OH_CommonEvent_CreateSubscribeInfo(const char *events[], int32_t eventsNum)
{
    if (events == NULL || eventsNum <= 0) return NULL;
    CommonEvent_SubscribeInfo *info = calloc(1, sizeof *info);
    if (info == NULL) return NULL;
    for (int32_t i = 0; i < eventsNum && events[i] != NULL; i++) {
        vpnext_append(&info->events, i == 0 ? "[" : ",", 1);
        vpnext_append_json(&info->events, events[i], strlen(events[i]));
    }
    if (info->events.length == 0) vpnext_append(&info->events, "[", 1);
    return info;
}

static CommonEvent_ErrCode set(char **place, const char *text)
{
    if (text == NULL) return COMMONEVENT_ERR_INVALID_PARAMETER;
    free(*place);
    *place = strdup(text);
    return COMMONEVENT_ERR_OK;
}

CommonEvent_ErrCode OH_CommonEvent_SetPublisherPermission(CommonEvent_SubscribeInfo *info, const char *permission)
{
    return info == NULL ? COMMONEVENT_ERR_INVALID_PARAMETER : set(&info->permission, permission);
}

CommonEvent_ErrCode OH_CommonEvent_SetPublisherBundleName(CommonEvent_SubscribeInfo *info, const char *bundleName)
{
    return info == NULL ? COMMONEVENT_ERR_INVALID_PARAMETER : set(&info->bundleName, bundleName);
}

void OH_CommonEvent_DestroySubscribeInfo(CommonEvent_SubscribeInfo *info)
{
    if (info == NULL) return;
    free(info->events.bytes);
    free(info->permission);
    free(info->bundleName);
    free(info);
}

static void writeText(struct vpnext_text *to, const char *name, const char *text)
{
    vpnext_append(to, name, strlen(name));
    vpnext_append_json(to, text, strlen(text));
}

void vpnext_write_subscribe_info(struct vpnext_text *text, const CommonEvent_SubscribeInfo *info)
{
    static const char head[] = "{\"events\":";
    vpnext_append(text, head, sizeof head - 1);
    vpnext_append(text, info->events.bytes, info->events.length);
    vpnext_append(text, "]", 1);
    if (info->permission != NULL) writeText(text, ",\"publisherPermission\":", info->permission);
    if (info->bundleName != NULL) writeText(text, ",\"publisherBundleName\":", info->bundleName);
    vpnext_append(text, "}", 1);
}
