/* Ids of chains of HiTrace, one for each thread. */
#include "hitrace/trace.h"

#include <string.h>
#include <sys/random.h>

static _Thread_local HiTraceId own;

static uint64_t random64(void)
{
    uint64_t number = 0;
    /* So few bytes come whole, or not at all. */
    if (getrandom(&number, sizeof number, 0) < 0) return 1;
    return number == 0 ? 1 : number;
}

HiTraceId OH_HiTrace_BeginChain(const char *name, int flags)
{
    HiTraceId none = {0};
    if (own.valid || name == NULL) return none;
    own = (HiTraceId){.valid = HITRACE_ID_VALID, .ver = HITRACE_VER_1, .chainId = random64() >> 4 | 1};
    OH_HiTrace_SetFlags(&own, flags);
    return own;
}

void OH_HiTrace_EndChain(void) { OH_HiTrace_ClearId(); }
HiTraceId OH_HiTrace_GetId(void) { return own; }
void OH_HiTrace_SetId(const HiTraceId *id)
{
    if (OH_HiTrace_IsIdValid(id)) own = *id;
}
void OH_HiTrace_ClearId(void) { OH_HiTrace_InitId(&own); }

HiTraceId OH_HiTrace_CreateSpan(void)
{
    HiTraceId span = own;
    if (!own.valid || OH_HiTrace_IsFlagEnabled(&own, HITRACE_FLAG_DONOT_CREATE_SPAN)) return span;
    span.parentSpanId = own.spanId;
    span.spanId = random64() & 0x3FFFFFF;
    return span;
}

void OH_HiTrace_Tracepoint(HiTrace_Communication_Mode mode, HiTrace_Tracepoint_Type type, const HiTraceId *id, const char *fmt, ...)
{
    (void)mode;
    (void)type;
    (void)id;
    (void)fmt;
}

void OH_HiTrace_InitId(HiTraceId *id)
{
    if (id != NULL) memset(id, 0, sizeof *id);
}
void OH_HiTrace_IdFromBytes(HiTraceId *id, const uint8_t *bytes, int length)
{
    if (id != NULL && bytes != NULL && length == (int)sizeof *id) memcpy(id, bytes, sizeof *id);
}
int OH_HiTrace_IdToBytes(const HiTraceId *id, uint8_t *bytes, int length)
{
    if (!OH_HiTrace_IsIdValid(id) || bytes == NULL || length < (int)sizeof *id) return 0;
    memcpy(bytes, id, sizeof *id);
    return (int)sizeof *id;
}

bool OH_HiTrace_IsIdValid(const HiTraceId *id) { return id != NULL && id->valid == HITRACE_ID_VALID; }
bool OH_HiTrace_IsFlagEnabled(const HiTraceId *id, HiTrace_Flag flag) { return OH_HiTrace_IsIdValid(id) && (id->flags & flag) != 0; }
void OH_HiTrace_EnableFlag(const HiTraceId *id, HiTrace_Flag flag)
{
    /* The device's declaration says const, and changes it. */
    if (OH_HiTrace_IsIdValid(id)) ((HiTraceId *)id)->flags |= flag;
}
int OH_HiTrace_GetFlags(const HiTraceId *id) { return OH_HiTrace_IsIdValid(id) ? (int)id->flags : 0; }
void OH_HiTrace_SetFlags(HiTraceId *id, int flags)
{
    if (OH_HiTrace_IsIdValid(id) && flags >= HITRACE_FLAG_DEFAULT && flags < HITRACE_FLAG_D2D_TP_INFO << 1) id->flags = (uint64_t)flags;
}

#define NUMBER(name, member)                                                                                     \
    uint64_t OH_HiTrace_Get##name(const HiTraceId *id) { return OH_HiTrace_IsIdValid(id) ? id->member : 0; }     \
    void OH_HiTrace_Set##name(HiTraceId *id, uint64_t value)                                                     \
    {                                                                                                            \
        if (OH_HiTrace_IsIdValid(id)) id->member = value;                                                        \
    }
NUMBER(SpanId, spanId)
NUMBER(ParentSpanId, parentSpanId)

uint64_t OH_HiTrace_GetChainId(const HiTraceId *id) { return OH_HiTrace_IsIdValid(id) ? id->chainId : 0; }
/* One that was not valid becomes so. */
void OH_HiTrace_SetChainId(HiTraceId *id, uint64_t chainId)
{
    if (id == NULL || chainId == 0) return;
    if (!OH_HiTrace_IsIdValid(id)) OH_HiTrace_InitId(id);
    id->valid = HITRACE_ID_VALID;
    id->chainId = chainId;
}
