/* HiTrace meter: nothing records traces here, so the calls do nothing. */
#ifndef VPNEXT_HITRACE_TRACE_H
#define VPNEXT_HITRACE_TRACE_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

void OH_HiTrace_StartTrace(const char *name);
void OH_HiTrace_FinishTrace(void);
void OH_HiTrace_StartAsyncTrace(const char *name, int32_t taskId);
void OH_HiTrace_FinishAsyncTrace(const char *name, int32_t taskId);
void OH_HiTrace_CountTrace(const char *name, int64_t count);
bool OH_HiTrace_IsTraceEnabled(void);

#ifdef __cplusplus
}
#endif

#endif
