/* Traces and quality of service: hints that nothing here acts on. */
#include "hitrace/trace.h"
#include "qos/qos.h"

#include <stddef.h>

void OH_HiTrace_StartTrace(const char *name) { (void)name; }
void OH_HiTrace_FinishTrace(void) {}
void OH_HiTrace_StartAsyncTrace(const char *name, int32_t taskId) { (void)name; (void)taskId; }
void OH_HiTrace_FinishAsyncTrace(const char *name, int32_t taskId) { (void)name; (void)taskId; }
void OH_HiTrace_CountTrace(const char *name, int64_t count) { (void)name; (void)count; }
bool OH_HiTrace_IsTraceEnabled(void) { return false; }

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
