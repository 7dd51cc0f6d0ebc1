/* Events of the application: each is a line of the log, and goes to the watchers that its own library has added. */
#ifndef VPNEXT_HIAPPEVENT_H
#define VPNEXT_HIAPPEVENT_H

#include <stdbool.h>
#include <stdint.h>

#include "hiappevent_cfg.h"
#include "hiappevent_event.h"
#include "hiappevent_param.h"

#ifdef __cplusplus
extern "C" {
#endif

enum EventType {
    FAULT = 1,
    STATISTIC = 2,
    SECURITY = 3,
    BEHAVIOR = 4,
};

typedef struct HiAppEvent_AppEventInfo {
    const char *domain;
    const char *name;
    enum EventType type;
    /* JSON. */
    const char *params;
} HiAppEvent_AppEventInfo;
typedef struct HiAppEvent_AppEventGroup {
    const char *name;
    const struct HiAppEvent_AppEventInfo *appEventInfos;
    uint32_t infoLen;
} HiAppEvent_AppEventGroup;

typedef struct ParamListNode *ParamList;
typedef struct HiAppEvent_Watcher HiAppEvent_Watcher;

/* Called from a thread of their own, one after another; what they are given is there until they return. */
typedef void (*OH_HiAppEvent_OnReceive)(const char *domain, const struct HiAppEvent_AppEventGroup *appEventGroups, uint32_t groupLen);
typedef void (*OH_HiAppEvent_OnTrigger)(int row, int size);
typedef void (*OH_HiAppEvent_OnTake)(const char *const *events, uint32_t eventLen);

ParamList OH_HiAppEvent_CreateParamList(void);
void OH_HiAppEvent_DestroyParamList(ParamList list);
ParamList OH_HiAppEvent_AddBoolParam(ParamList list, const char *name, bool boolean);
ParamList OH_HiAppEvent_AddBoolArrayParam(ParamList list, const char *name, const bool *booleans, int arrSize);
ParamList OH_HiAppEvent_AddInt8Param(ParamList list, const char *name, int8_t num);
ParamList OH_HiAppEvent_AddInt8ArrayParam(ParamList list, const char *name, const int8_t *nums, int arrSize);
ParamList OH_HiAppEvent_AddInt16Param(ParamList list, const char *name, int16_t num);
ParamList OH_HiAppEvent_AddInt16ArrayParam(ParamList list, const char *name, const int16_t *nums, int arrSize);
ParamList OH_HiAppEvent_AddInt32Param(ParamList list, const char *name, int32_t num);
ParamList OH_HiAppEvent_AddInt32ArrayParam(ParamList list, const char *name, const int32_t *nums, int arrSize);
ParamList OH_HiAppEvent_AddInt64Param(ParamList list, const char *name, int64_t num);
ParamList OH_HiAppEvent_AddInt64ArrayParam(ParamList list, const char *name, const int64_t *nums, int arrSize);
ParamList OH_HiAppEvent_AddFloatParam(ParamList list, const char *name, float num);
ParamList OH_HiAppEvent_AddFloatArrayParam(ParamList list, const char *name, const float *nums, int arrSize);
ParamList OH_HiAppEvent_AddDoubleParam(ParamList list, const char *name, double num);
ParamList OH_HiAppEvent_AddDoubleArrayParam(ParamList list, const char *name, const double *nums, int arrSize);
ParamList OH_HiAppEvent_AddStringParam(ParamList list, const char *name, const char *str);
ParamList OH_HiAppEvent_AddStringArrayParam(ParamList list, const char *name, const char *const *strs, int arrSize);

/*
 * 0; of a parameter that is left out or cut 1 (its name), 4 (its text), 5 (more than 32), 6 (an array of more than 100), 8 (its name again);
 * -1 (name), -4 (domain) and -99 (disabled) of an event that is not written.
 */
int OH_HiAppEvent_Write(const char *domain, const char *name, enum EventType type, const ParamList list);
/* Whether it is a setting. Nothing is stored, so that only DISABLE has an effect. */
bool OH_HiAppEvent_Configure(const char *name, const char *value);
void OH_HiAppEvent_ClearData(void);

/* -5 without a watcher, -6 of one that was not added. */
HiAppEvent_Watcher *OH_HiAppEvent_CreateWatcher(const char *name);
void OH_HiAppEvent_DestroyWatcher(HiAppEvent_Watcher *watcher);
/* `timeOut` has no effect. */
int OH_HiAppEvent_SetTriggerCondition(HiAppEvent_Watcher *watcher, int row, int size, int timeOut);
int OH_HiAppEvent_SetAppEventFilter(HiAppEvent_Watcher *watcher, const char *domain, uint8_t eventTypes, const char *const *names, int namesLen);
int OH_HiAppEvent_SetWatcherOnTrigger(HiAppEvent_Watcher *watcher, OH_HiAppEvent_OnTrigger onTrigger);
int OH_HiAppEvent_SetWatcherOnReceive(HiAppEvent_Watcher *watcher, OH_HiAppEvent_OnReceive onReceive);
int OH_HiAppEvent_TakeWatcherData(HiAppEvent_Watcher *watcher, uint32_t eventNum, OH_HiAppEvent_OnTake onTake);
int OH_HiAppEvent_AddWatcher(HiAppEvent_Watcher *watcher);
int OH_HiAppEvent_RemoveWatcher(HiAppEvent_Watcher *watcher);

#ifdef __cplusplus
}
#endif

#endif
