/* Traces and quality of service: hints that nothing here acts on. */
#include "hitrace/trace.h"
#include "qos/qos.h"

#include <stdatomic.h>
#include <stddef.h>

void OH_HiTrace_StartTrace(const char *name) { (void)name; }
void OH_HiTrace_FinishTrace(void) {}
void OH_HiTrace_StartAsyncTrace(const char *name, int32_t taskId) { (void)name; (void)taskId; }
void OH_HiTrace_FinishAsyncTrace(const char *name, int32_t taskId) { (void)name; (void)taskId; }
void OH_HiTrace_CountTrace(const char *name, int64_t count) { (void)name; (void)count; }
void OH_HiTrace_StartTraceEx(HiTrace_Output_Level level, const char *name, const char *args) { (void)level; (void)name; (void)args; }
void OH_HiTrace_FinishTraceEx(HiTrace_Output_Level level) { (void)level; }
void OH_HiTrace_StartAsyncTraceEx(HiTrace_Output_Level level, const char *name, int32_t taskId, const char *category, const char *args)
{
    (void)level;
    (void)name;
    (void)taskId;
    (void)category;
    (void)args;
}
void OH_HiTrace_FinishAsyncTraceEx(HiTrace_Output_Level level, const char *name, int32_t taskId) { (void)level; (void)name; (void)taskId; }
void OH_HiTrace_CountTraceEx(HiTrace_Output_Level level, const char *name, int64_t count) { (void)level; (void)name; (void)count; }
bool OH_HiTrace_IsTraceEnabled(void) { return false; }

#define MAX_LISTENERS 10
static atomic_bool isTaken[MAX_LISTENERS];

int32_t OH_HiTrace_RegisterTraceListener(OH_HiTrace_TraceEventListener callback)
{
    if (callback == NULL) return -2;
    for (int32_t i = 0; i < MAX_LISTENERS; i++) {
        if (atomic_exchange(&isTaken[i], true)) continue;
        callback(false);
        return i;
    }
    return -1;
}

int32_t OH_HiTrace_UnregisterTraceListener(int32_t index)
{
    if (index < 0 || index >= MAX_LISTENERS) return -2;
    return atomic_exchange(&isTaken[index], false) ? 0 : -1;
}

#define NOT_SET (-1)
static _Thread_local int ownLevel = NOT_SET;

int OH_QoS_SetThreadQoS(QoS_Level level)
{
    if ((int)level < QOS_BACKGROUND || level > QOS_USER_INTERACTIVE) return -1;
    ownLevel = (int)level;
    return 0;
}

int OH_QoS_ResetThreadQoS(void)
{
    ownLevel = NOT_SET;
    return 0;
}

int OH_QoS_GetThreadQoS(QoS_Level *level)
{
    if (level == NULL || ownLevel == NOT_SET) return -1;
    *level = (QoS_Level)ownLevel;
    return 0;
}
