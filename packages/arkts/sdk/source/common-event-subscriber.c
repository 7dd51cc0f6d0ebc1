/* Subscribers by commonEventManager of the kits. Their callbacks run one after the other in a thread of their own, as on the device. */
#define _GNU_SOURCE
#define NAPI_VERSION 9
#include "call-global.h"
#include "common-event.h"
#include "event-parameters.h"
#include "ffrt/queue.h"
#include "js-thread.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct subscriber {
    /* Of the user, of the kits, and of events under way. */
    unsigned references;
    CommonEvent_ReceiveCallback callback;
    struct vpnext_text info;
    bool isSubscribed;
    /* Of the kits, in their thread alone. */
    napi_ref own;
    /* The ordered event that it has. */
    bool isOrdered, isAborted;
    int32_t code;
    char *data;
};

struct CommonEvent_RcvData {
    struct subscriber *subscriber;
    char *event, *bundleName, *data;
    int32_t code;
    bool isOrdered;
    CommonEvent_Parameters *parameters;
};

/* Held while callbacks run, so that none runs once it is unsubscribed; they may call what is below. */
static pthread_mutex_t lock = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static ffrt_queue_t queue;

static void take(struct subscriber *subscriber)
{
    pthread_mutex_lock(&lock);
    subscriber->references++;
    pthread_mutex_unlock(&lock);
}

static void release(struct subscriber *subscriber)
{
    pthread_mutex_lock(&lock);
    bool isLast = --subscriber->references == 0;
    pthread_mutex_unlock(&lock);
    if (!isLast) return;
    free(subscriber->info.bytes);
    free(subscriber->data);
    free(subscriber);
}

CommonEvent_Subscriber *OH_CommonEvent_CreateSubscriber(const CommonEvent_SubscribeInfo *info, CommonEvent_ReceiveCallback callback)
{
    struct subscriber *subscriber = info == NULL || callback == NULL ? NULL : calloc(1, sizeof *subscriber);
    if (subscriber == NULL) return NULL;
    subscriber->references = 1;
    subscriber->callback = callback;
    vpnext_write_subscribe_info(&subscriber->info, info);
    return subscriber;
}

void OH_CommonEvent_DestroySubscriber(CommonEvent_Subscriber *subscriber)
{
    if (subscriber == NULL) return;
    OH_CommonEvent_UnSubscribe(subscriber);
    release(subscriber);
}

static void deliver(void *data)
{
    CommonEvent_RcvData *received = data;
    struct subscriber *subscriber = received->subscriber;
    pthread_mutex_lock(&lock);
    if (subscriber->isSubscribed) {
        subscriber->isOrdered = received->isOrdered;
        subscriber->isAborted = false;
        subscriber->code = received->code;
        free(subscriber->data);
        subscriber->data = strdup(received->data);
        subscriber->callback(received);
    }
    pthread_mutex_unlock(&lock);
    release(subscriber);
    free(received->event);
    free(received->bundleName);
    free(received->data);
    OH_CommonEvent_DestroyParameters(received->parameters);
    free(received);
}

/* A text of an object, the caller's. */
static char *textOf(napi_env env, napi_value object, const char *name)
{
    napi_value value;
    size_t length;
    char *text = NULL;
    if (napi_get_named_property(env, object, name, &value) == napi_ok && napi_get_value_string_utf8(env, value, NULL, 0, &length) == napi_ok
        && (text = malloc(length + 1)) != NULL)
        napi_get_value_string_utf8(env, value, text, length + 1, &length);
    return text == NULL ? strdup("") : text;
}

/* Calls a method of an object without arguments. */
static napi_status ask(napi_env env, napi_value object, const char *name, napi_value *result)
{
    napi_value method;
    napi_status status = napi_get_named_property(env, object, name, &method);
    return status == napi_ok ? napi_call_function(env, object, method, 0, NULL, result) : status;
}

/* The callback of subscribe. */
static napi_value heard(napi_env env, napi_callback_info info)
{
    size_t count = 2;
    napi_value arguments[2], own, value;
    void *data;
    if (vpnext_log_event_error(env, info, "OH_CommonEvent_Subscribe")) return NULL;
    if (napi_get_cb_info(env, info, &count, arguments, NULL, &data) != napi_ok || count < 2) return NULL;
    struct subscriber *subscriber = data;
    CommonEvent_RcvData *received = calloc(1, sizeof *received);
    if (received == NULL) return NULL;
    received->subscriber = subscriber;
    received->event = textOf(env, arguments[1], "event");
    received->bundleName = textOf(env, arguments[1], "bundleName");
    received->data = textOf(env, arguments[1], "data");
    if (napi_get_named_property(env, arguments[1], "code", &value) == napi_ok) napi_get_value_int32(env, value, &received->code);
    if (napi_get_named_property(env, arguments[1], "parameters", &value) == napi_ok)
        received->parameters = vpnext_read_event_parameters(env, value);
    if (napi_get_reference_value(env, subscriber->own, &own) == napi_ok && ask(env, own, "isOrderedCommonEventSync", &value) == napi_ok)
        napi_get_value_bool(env, value, &received->isOrdered);
    take(subscriber);
    pthread_mutex_lock(&lock);
    if (queue == NULL) queue = ffrt_queue_create(ffrt_queue_serial, "commonevent", NULL);
    pthread_mutex_unlock(&lock);
    ffrt_queue_submit_f(queue, deliver, received, NULL);
    return NULL;
}

static void subscribe(napi_env env, void *data)
{
    struct subscriber *subscriber = data;
    napi_value manager, create, info, arguments[2], function, ignored;
    napi_status status = vpnext_call_global(env, "loadNativeModule", "@ohos.commonEventManager", &manager);
    if (status == napi_ok) status = napi_get_named_property(env, manager, "createSubscriberSync", &create);
    if (status == napi_ok) status = vpnext_parse_json(env, &subscriber->info, &info);
    if (status == napi_ok) status = napi_call_function(env, manager, create, 1, &info, &arguments[0]);
    if (status == napi_ok) status = napi_create_reference(env, arguments[0], 1, &subscriber->own);
    if (status == napi_ok) status = napi_create_function(env, NULL, 0, heard, subscriber, &arguments[1]);
    if (status == napi_ok) status = napi_get_named_property(env, manager, "subscribe", &function);
    if (status == napi_ok) napi_call_function(env, manager, function, 2, arguments, &ignored);
}

static void unsubscribe(napi_env env, void *data)
{
    struct subscriber *subscriber = data;
    napi_value manager, own, function, ignored;
    if (subscriber->own != NULL) {
        napi_status status = vpnext_call_global(env, "loadNativeModule", "@ohos.commonEventManager", &manager);
        if (status == napi_ok) status = napi_get_reference_value(env, subscriber->own, &own);
        if (status == napi_ok) status = napi_get_named_property(env, manager, "unsubscribe", &function);
        if (status == napi_ok) napi_call_function(env, manager, function, 1, &own, &ignored);
        napi_delete_reference(env, subscriber->own);
        subscriber->own = NULL;
    }
    release(subscriber);
}

CommonEvent_ErrCode OH_CommonEvent_Subscribe(const CommonEvent_Subscriber *given)
{
    struct subscriber *subscriber = (struct subscriber *)given;
    CommonEvent_ErrCode result = COMMONEVENT_ERR_OK;
    if (subscriber == NULL) return COMMONEVENT_ERR_INVALID_PARAMETER;
    pthread_mutex_lock(&lock);
    if (!subscriber->isSubscribed) {
        subscriber->isSubscribed = vpnext_call_js(subscribe, subscriber);
        if (subscriber->isSubscribed) subscriber->references++;
        else result = COMMONEVENT_ERR_INIT_UNDONE;
    }
    pthread_mutex_unlock(&lock);
    return result;
}

CommonEvent_ErrCode OH_CommonEvent_UnSubscribe(const CommonEvent_Subscriber *given)
{
    struct subscriber *subscriber = (struct subscriber *)given;
    if (subscriber == NULL) return COMMONEVENT_ERR_INVALID_PARAMETER;
    pthread_mutex_lock(&lock);
    bool wasSubscribed = subscriber->isSubscribed;
    subscriber->isSubscribed = subscriber->isOrdered = false;
    /* Without the thread of JavaScript nothing refers to it any more, but nobody can say when that began. */
    if (wasSubscribed) (void)vpnext_call_js(unsubscribe, subscriber);
    pthread_mutex_unlock(&lock);
    return COMMONEVENT_ERR_OK;
}

const char *OH_CommonEvent_GetEventFromRcvData(const CommonEvent_RcvData *data) { return data == NULL ? NULL : data->event; }
int32_t OH_CommonEvent_GetCodeFromRcvData(const CommonEvent_RcvData *data) { return data == NULL ? 0 : data->code; }
const char *OH_CommonEvent_GetDataStrFromRcvData(const CommonEvent_RcvData *data) { return data == NULL ? NULL : data->data; }
const char *OH_CommonEvent_GetBundleNameFromRcvData(const CommonEvent_RcvData *data) { return data == NULL ? NULL : data->bundleName; }
const CommonEvent_Parameters *OH_CommonEvent_GetParametersFromRcvData(const CommonEvent_RcvData *data)
{
    return data == NULL ? NULL : data->parameters;
}

/* What a subscriber has made of an ordered event. */
struct finish {
    struct subscriber *subscriber;
    bool isAborted;
    int32_t code;
    char *data;
};

static void finish(napi_env env, void *data)
{
    struct finish *end = data;
    napi_value own, method, arguments[2], ignored;
    if (end->subscriber->own != NULL && napi_get_reference_value(env, end->subscriber->own, &own) == napi_ok) {
        napi_status status = napi_get_named_property(env, own, "setCodeAndDataSync", &method);
        if (status == napi_ok) status = napi_create_int32(env, end->code, &arguments[0]);
        if (status == napi_ok) status = napi_create_string_utf8(env, end->data, NAPI_AUTO_LENGTH, &arguments[1]);
        if (status == napi_ok) status = napi_call_function(env, own, method, 2, arguments, &ignored);
        if (status == napi_ok && end->isAborted) status = ask(env, own, "abortCommonEventSync", &ignored);
        if (status == napi_ok) ask(env, own, "finishCommonEventSync", &ignored);
    }
    release(end->subscriber);
    free(end->data);
    free(end);
}

bool OH_CommonEvent_FinishCommonEvent(CommonEvent_Subscriber *given)
{
    struct subscriber *subscriber = given;
    bool isDone = false;
    if (subscriber == NULL) return false;
    pthread_mutex_lock(&lock);
    struct finish *end = subscriber->isOrdered ? malloc(sizeof *end) : NULL;
    if (end != NULL) {
        *end = (struct finish){subscriber, subscriber->isAborted, subscriber->code, strdup(subscriber->data)};
        subscriber->references++;
        subscriber->isOrdered = false;
        isDone = vpnext_call_js(finish, end);
    }
    pthread_mutex_unlock(&lock);
    return isDone;
}

#define OF_ORDERED(Name, parameters, isPossible, statement)      \
    bool OH_CommonEvent_##Name parameters                        \
    {                                                            \
        struct subscriber *own = subscriber;                     \
        if (own == NULL) return false;                           \
        pthread_mutex_lock(&lock);                               \
        bool isDone = own->isOrdered && (isPossible);            \
        if (isDone) statement;                                   \
        pthread_mutex_unlock(&lock);                             \
        return isDone;                                           \
    }
OF_ORDERED(AbortCommonEvent, (CommonEvent_Subscriber *subscriber), true, own->isAborted = true)
OF_ORDERED(ClearAbortCommonEvent, (CommonEvent_Subscriber *subscriber), true, own->isAborted = false)
OF_ORDERED(SetCodeToSubscriber, (CommonEvent_Subscriber *subscriber, int32_t code), true, own->code = code)
OF_ORDERED(SetDataToSubscriber, (CommonEvent_Subscriber *subscriber, const char *data, size_t length), data != NULL, {
    free(own->data);
    own->data = strndup(data, length);
})

bool OH_CommonEvent_IsOrderedCommonEvent(const CommonEvent_Subscriber *subscriber)
{
    return subscriber != NULL && ((const struct subscriber *)subscriber)->isOrdered;
}

bool OH_CommonEvent_GetAbortCommonEvent(const CommonEvent_Subscriber *subscriber)
{
    return OH_CommonEvent_IsOrderedCommonEvent(subscriber) && ((const struct subscriber *)subscriber)->isAborted;
}

int32_t OH_CommonEvent_GetCodeFromSubscriber(const CommonEvent_Subscriber *subscriber)
{
    return subscriber == NULL ? 0 : ((const struct subscriber *)subscriber)->code;
}

const char *OH_CommonEvent_GetDataFromSubscriber(const CommonEvent_Subscriber *subscriber)
{
    return subscriber == NULL ? NULL : ((const struct subscriber *)subscriber)->data;
}
