/* Common events: those of commonEventManager of the kits. */
#ifndef VPNEXT_OH_COMMONEVENT_H
#define VPNEXT_OH_COMMONEVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum CommonEvent_ErrCode {
    COMMONEVENT_ERR_OK = 0,
    COMMONEVENT_ERR_PERMISSION_ERROR = 201,
    COMMONEVENT_ERR_INVALID_PARAMETER = 401,
    COMMONEVENT_ERR_SENDING_LIMIT_EXCEEDED = 1500003,
    COMMONEVENT_ERR_NOT_SYSTEM_SERVICE = 1500004,
    COMMONEVENT_ERR_SENDING_REQUEST_FAILED = 1500007,
    COMMONEVENT_ERR_INIT_UNDONE = 1500008,
    COMMONEVENT_ERR_OBTAIN_SYSTEM_PARAMS = 1500009,
    COMMONEVENT_ERR_SUBSCRIBER_NUM_EXCEEDED = 1500010,
    COMMONEVENT_ERR_ALLOC_MEMORY_FAILED = 1500011,
} CommonEvent_ErrCode;

typedef struct CommonEvent_SubscribeInfo CommonEvent_SubscribeInfo;
typedef void CommonEvent_Subscriber;
typedef struct CommonEvent_PublishInfo CommonEvent_PublishInfo;
typedef struct CommonEvent_RcvData CommonEvent_RcvData;
typedef void CommonEvent_Parameters;
typedef void (*CommonEvent_ReceiveCallback)(const CommonEvent_RcvData *data);

CommonEvent_SubscribeInfo *OH_CommonEvent_CreateSubscribeInfo(const char *events[], int32_t eventsNum);
CommonEvent_ErrCode OH_CommonEvent_SetPublisherPermission(CommonEvent_SubscribeInfo *info, const char *permission);
CommonEvent_ErrCode OH_CommonEvent_SetPublisherBundleName(CommonEvent_SubscribeInfo *info, const char *bundleName);
void OH_CommonEvent_DestroySubscribeInfo(CommonEvent_SubscribeInfo *info);
CommonEvent_Subscriber *OH_CommonEvent_CreateSubscriber(const CommonEvent_SubscribeInfo *info, CommonEvent_ReceiveCallback callback);
void OH_CommonEvent_DestroySubscriber(CommonEvent_Subscriber *subscriber);
CommonEvent_ErrCode OH_CommonEvent_Subscribe(const CommonEvent_Subscriber *subscriber);
CommonEvent_ErrCode OH_CommonEvent_UnSubscribe(const CommonEvent_Subscriber *subscriber);

/* They last as long as the callback runs. */
const char *OH_CommonEvent_GetEventFromRcvData(const CommonEvent_RcvData *rcvData);
int32_t OH_CommonEvent_GetCodeFromRcvData(const CommonEvent_RcvData *rcvData);
const char *OH_CommonEvent_GetDataStrFromRcvData(const CommonEvent_RcvData *rcvData);
const char *OH_CommonEvent_GetBundleNameFromRcvData(const CommonEvent_RcvData *rcvData);
const CommonEvent_Parameters *OH_CommonEvent_GetParametersFromRcvData(const CommonEvent_RcvData *rcvData);

CommonEvent_PublishInfo *OH_CommonEvent_CreatePublishInfo(bool ordered);
void OH_CommonEvent_DestroyPublishInfo(CommonEvent_PublishInfo *info);
CommonEvent_ErrCode OH_CommonEvent_SetPublishInfoBundleName(CommonEvent_PublishInfo *info, const char *bundleName);
CommonEvent_ErrCode OH_CommonEvent_SetPublishInfoPermissions(CommonEvent_PublishInfo *info, const char *permissions[], int32_t num);
CommonEvent_ErrCode OH_CommonEvent_SetPublishInfoCode(CommonEvent_PublishInfo *info, int32_t code);
CommonEvent_ErrCode OH_CommonEvent_SetPublishInfoData(CommonEvent_PublishInfo *info, const char *data, size_t length);
CommonEvent_ErrCode OH_CommonEvent_SetPublishInfoParameters(CommonEvent_PublishInfo *info, CommonEvent_Parameters *param);

CommonEvent_Parameters *OH_CommonEvent_CreateParameters(void);
void OH_CommonEvent_DestroyParameters(CommonEvent_Parameters *param);
bool OH_CommonEvent_HasKeyInParameters(const CommonEvent_Parameters *para, const char *key);
/* Arrays that are got are the caller's, made by malloc. An array of characters is a text: its NUL counts when it is got. */
#define VPNEXT_PARAMETER(Name, type)                                                                                               \
    type OH_CommonEvent_Get##Name##FromParameters(const CommonEvent_Parameters *para, const char *key, const type defaultValue);  \
    CommonEvent_ErrCode OH_CommonEvent_Set##Name##ToParameters(CommonEvent_Parameters *param, const char *key, type value);       \
    int32_t OH_CommonEvent_Get##Name##ArrayFromParameters(const CommonEvent_Parameters *para, const char *key, type **array);     \
    CommonEvent_ErrCode OH_CommonEvent_Set##Name##ArrayToParameters(CommonEvent_Parameters *param, const char *key,               \
                                                                    const type *value, size_t num);
VPNEXT_PARAMETER(Int, int)
VPNEXT_PARAMETER(Long, long)
VPNEXT_PARAMETER(Bool, bool)
VPNEXT_PARAMETER(Char, char)
VPNEXT_PARAMETER(Double, double)
#undef VPNEXT_PARAMETER

/* They answer at once. What the service finds wrong later is a line of the log. */
CommonEvent_ErrCode OH_CommonEvent_Publish(const char *event);
CommonEvent_ErrCode OH_CommonEvent_PublishWithInfo(const char *event, const CommonEvent_PublishInfo *info);

/* Of the ordered event that the subscriber has. */
bool OH_CommonEvent_IsOrderedCommonEvent(const CommonEvent_Subscriber *subscriber);
bool OH_CommonEvent_FinishCommonEvent(CommonEvent_Subscriber *subscriber);
bool OH_CommonEvent_GetAbortCommonEvent(const CommonEvent_Subscriber *subscriber);
bool OH_CommonEvent_AbortCommonEvent(CommonEvent_Subscriber *subscriber);
bool OH_CommonEvent_ClearAbortCommonEvent(CommonEvent_Subscriber *subscriber);
int32_t OH_CommonEvent_GetCodeFromSubscriber(const CommonEvent_Subscriber *subscriber);
bool OH_CommonEvent_SetCodeToSubscriber(CommonEvent_Subscriber *subscriber, int32_t code);
const char *OH_CommonEvent_GetDataFromSubscriber(const CommonEvent_Subscriber *subscriber);
bool OH_CommonEvent_SetDataToSubscriber(CommonEvent_Subscriber *subscriber, const char *data, size_t length);

#ifdef __cplusplus
}
#endif

#endif
