/* Numbers are doubles, longs besides: JSON does not keep them apart, so that either is given for the other where it is the same. */
#include "event-parameters.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum kind { NUMBER = 1, BOOL, TEXT };

struct number {
    double value;
    /* Set when it is one. */
    long whole;
    bool isWhole;
};

struct parameter {
    struct parameter *next;
    char *key;
    enum kind kind;
    bool isArray;
    size_t count;
    struct number *numbers;
    char *text;
};

struct parameters {
    struct parameter *first, **last;
};

static struct number whole(long value) { return (struct number){(double)value, value, true}; }

static struct number real(double value)
{
    bool isWhole = value >= -9007199254740991.0 && value <= 9007199254740991.0 && trunc(value) == value;
    return (struct number){value, isWhole ? (long)value : 0, isWhole};
}

CommonEvent_Parameters *OH_CommonEvent_CreateParameters(void)
{
    struct parameters *all = calloc(1, sizeof *all);
    if (all != NULL) all->last = &all->first;
    return all;
}

static void empty(struct parameter *parameter)
{
    free(parameter->numbers);
    free(parameter->text);
    parameter->numbers = NULL;
    parameter->text = NULL;
}

void OH_CommonEvent_DestroyParameters(CommonEvent_Parameters *param)
{
    struct parameters *all = param;
    if (all == NULL) return;
    for (struct parameter *at = all->first; at != NULL;) {
        struct parameter *next = at->next;
        empty(at);
        free(at->key);
        free(at);
        at = next;
    }
    free(all);
}

static struct parameter *find(const CommonEvent_Parameters *para, const char *key)
{
    const struct parameters *all = para;
    struct parameter *at = all == NULL || key == NULL ? NULL : all->first;
    while (at != NULL && strcmp(at->key, key) != 0) at = at->next;
    return at;
}

bool OH_CommonEvent_HasKeyInParameters(const CommonEvent_Parameters *para, const char *key) { return find(para, key) != NULL; }

/* The place of a value, empty; one of the same key is replaced. */
static struct parameter *place(CommonEvent_Parameters *param, const char *key, enum kind kind, bool isArray, size_t count)
{
    struct parameters *all = param;
    struct parameter *at = find(param, key);
    if (at == NULL) {
        at = calloc(1, sizeof *at);
        if (at == NULL || (at->key = strdup(key)) == NULL) abort();
        *all->last = at;
        all->last = &at->next;
    }
    empty(at);
    at->kind = kind;
    at->isArray = isArray;
    at->count = count;
    if (kind == TEXT) at->text = calloc(count + 1, 1);
    else at->numbers = calloc(count + 1, sizeof *at->numbers);
    if (at->text == NULL && at->numbers == NULL) abort();
    return at;
}

static bool isFor(const struct parameter *parameter, enum kind kind, bool isArray)
{
    return parameter != NULL && parameter->kind == kind && parameter->isArray == isArray;
}

#define PARAMETER(Name, type, valueKind, box, fits, unbox)                                                                         \
    type OH_CommonEvent_Get##Name##FromParameters(const CommonEvent_Parameters *para, const char *key, const type defaultValue)   \
    {                                                                                                                              \
        const struct parameter *found = find(para, key);                                                                          \
        if (!isFor(found, valueKind, false)) return defaultValue;                                                                  \
        const struct number number = found->numbers[0];                                                                            \
        return fits ? unbox : defaultValue;                                                                                        \
    }                                                                                                                              \
    CommonEvent_ErrCode OH_CommonEvent_Set##Name##ToParameters(CommonEvent_Parameters *param, const char *key, type value)        \
    {                                                                                                                              \
        if (param == NULL || key == NULL) return COMMONEVENT_ERR_INVALID_PARAMETER;                                               \
        place(param, key, valueKind, false, 1)->numbers[0] = box(value);                                                           \
        return COMMONEVENT_ERR_OK;                                                                                                 \
    }                                                                                                                              \
    int32_t OH_CommonEvent_Get##Name##ArrayFromParameters(const CommonEvent_Parameters *para, const char *key, type **array)      \
    {                                                                                                                              \
        const struct parameter *found = find(para, key);                                                                          \
        if (array == NULL || !isFor(found, valueKind, true) || found->count == 0) return 0;                                        \
        type *copy = malloc(found->count * sizeof *copy);                                                                          \
        if (copy == NULL) return 0;                                                                                                \
        for (size_t i = 0; i < found->count; i++) {                                                                                \
            const struct number number = found->numbers[i];                                                                        \
            if (!(fits)) {                                                                                                         \
                free(copy);                                                                                                        \
                return 0;                                                                                                          \
            }                                                                                                                      \
            copy[i] = unbox;                                                                                                       \
        }                                                                                                                          \
        *array = copy;                                                                                                             \
        return (int32_t)found->count;                                                                                              \
    }                                                                                                                              \
    CommonEvent_ErrCode OH_CommonEvent_Set##Name##ArrayToParameters(CommonEvent_Parameters *param, const char *key,               \
                                                                    const type *value, size_t num)                                 \
    {                                                                                                                              \
        if (param == NULL || key == NULL || (value == NULL && num > 0)) return COMMONEVENT_ERR_INVALID_PARAMETER;                  \
        struct parameter *at = place(param, key, valueKind, true, num);                                                            \
        for (size_t i = 0; i < num; i++) at->numbers[i] = box(value[i]);                                                           \
        return COMMONEVENT_ERR_OK;                                                                                                 \
    }
PARAMETER(Int, int, NUMBER, whole, number.isWhole && number.whole >= INT_MIN && number.whole <= INT_MAX, (int)number.whole)
PARAMETER(Long, long, NUMBER, whole, number.isWhole, number.whole)
PARAMETER(Bool, bool, BOOL, whole, true, number.whole != 0)
PARAMETER(Double, double, NUMBER, real, true, number.value)

char OH_CommonEvent_GetCharFromParameters(const CommonEvent_Parameters *para, const char *key, const char defaultValue)
{
    const struct parameter *found = find(para, key);
    return isFor(found, TEXT, false) && found->count == 1 ? found->text[0] : defaultValue;
}

CommonEvent_ErrCode OH_CommonEvent_SetCharToParameters(CommonEvent_Parameters *param, const char *key, char value)
{
    return OH_CommonEvent_SetCharArrayToParameters(param, key, &value, 1);
}

int32_t OH_CommonEvent_GetCharArrayFromParameters(const CommonEvent_Parameters *para, const char *key, char **array)
{
    const struct parameter *found = find(para, key);
    if (array == NULL || !isFor(found, TEXT, false) || found->count == 0) return 0;
    char *copy = malloc(found->count + 1);
    if (copy == NULL) return 0;
    *array = memcpy(copy, found->text, found->count + 1);
    return (int32_t)found->count + 1;
}

CommonEvent_ErrCode OH_CommonEvent_SetCharArrayToParameters(CommonEvent_Parameters *param, const char *key, const char *value, size_t num)
{
    if (param == NULL || key == NULL || (value == NULL && num > 0)) return COMMONEVENT_ERR_INVALID_PARAMETER;
    size_t length = num == 0 ? 0 : strnlen(value, num);
    struct parameter *at = place(param, key, TEXT, false, length);
    if (length > 0) memcpy(at->text, value, length);
    return COMMONEVENT_ERR_OK;
}

static void writeNumber(struct vpnext_text *text, const struct parameter *parameter, size_t at)
{
    char room[40];
    const struct number *number = &parameter->numbers[at];
    int length = parameter->kind == BOOL ? snprintf(room, sizeof room, number->whole != 0 ? "true" : "false")
                 : number->isWhole       ? snprintf(room, sizeof room, "%ld", number->whole)
                 : isfinite(number->value) ? snprintf(room, sizeof room, "%.17g", number->value)
                                           : snprintf(room, sizeof room, "null");
    vpnext_append(text, room, (size_t)length);
}

void vpnext_write_event_parameters(struct vpnext_text *text, const CommonEvent_Parameters *given)
{
    const struct parameters *all = given;
    for (const struct parameter *at = all->first; at != NULL; at = at->next) {
        vpnext_append(text, at == all->first ? "{" : ",", 1);
        vpnext_append_json(text, at->key, strlen(at->key));
        vpnext_append(text, ":", 1);
        if (at->kind == TEXT) vpnext_append_json(text, at->text, at->count);
        else if (!at->isArray) writeNumber(text, at, 0);
        else {
            vpnext_append(text, "[", 1);
            for (size_t i = 0; i < at->count; i++) {
                if (i > 0) vpnext_append(text, ",", 1);
                writeNumber(text, at, i);
            }
            vpnext_append(text, "]", 1);
        }
    }
    vpnext_append(text, all->first == NULL ? "{}" : "}", all->first == NULL ? 2 : 1);
}

static bool readNumber(napi_env env, napi_value value, enum kind kind, struct number *number)
{
    double found;
    bool isTrue;
    napi_valuetype type;
    if (napi_typeof(env, value, &type) != napi_ok || type != (kind == BOOL ? napi_boolean : napi_number)) return false;
    if (kind == BOOL) {
        if (napi_get_value_bool(env, value, &isTrue) == napi_ok) *number = whole(isTrue);
    } else if (napi_get_value_double(env, value, &found) == napi_ok) *number = real(found);
    return true;
}

static void readArray(napi_env env, CommonEvent_Parameters *all, const char *key, napi_value array)
{
    uint32_t count = 0;
    napi_value item;
    napi_valuetype type;
    if (napi_get_array_length(env, array, &count) != napi_ok || count == 0 || napi_get_element(env, array, 0, &item) != napi_ok
        || napi_typeof(env, item, &type) != napi_ok || (type != napi_number && type != napi_boolean))
        return;
    struct parameter *at = place(all, key, type == napi_boolean ? BOOL : NUMBER, true, count);
    for (uint32_t i = 0; i < count; i++)
        if (napi_get_element(env, array, i, &item) != napi_ok || !readNumber(env, item, at->kind, &at->numbers[i])) at->count = 0;
}

static char *readText(napi_env env, napi_value text, size_t *length)
{
    char *bytes = NULL;
    if (napi_get_value_string_utf8(env, text, NULL, 0, length) != napi_ok || (bytes = malloc(*length + 1)) == NULL) return NULL;
    napi_get_value_string_utf8(env, text, bytes, *length + 1, length);
    return bytes;
}

static void readValue(napi_env env, CommonEvent_Parameters *all, const char *key, napi_value value)
{
    napi_valuetype type;
    bool isArray = false;
    size_t length;
    if (napi_typeof(env, value, &type) != napi_ok) return;
    if (type == napi_number || type == napi_boolean) {
        struct parameter *at = place(all, key, type == napi_boolean ? BOOL : NUMBER, false, 1);
        readNumber(env, value, at->kind, &at->numbers[0]);
    } else if (type == napi_string) {
        char *text = readText(env, value, &length);
        if (text != NULL) OH_CommonEvent_SetCharArrayToParameters(all, key, text, length);
        free(text);
    } else if (napi_is_array(env, value, &isArray) == napi_ok && isArray) readArray(env, all, key, value);
}

CommonEvent_Parameters *vpnext_read_event_parameters(napi_env env, napi_value object)
{
    napi_value names, name, value;
    uint32_t count = 0;
    size_t length;
    CommonEvent_Parameters *all = OH_CommonEvent_CreateParameters();
    if (all == NULL || napi_get_property_names(env, object, &names) != napi_ok || napi_get_array_length(env, names, &count) != napi_ok)
        return all;
    for (uint32_t i = 0; i < count; i++) {
        if (napi_get_element(env, names, i, &name) != napi_ok || napi_get_property(env, object, name, &value) != napi_ok) continue;
        char *key = readText(env, name, &length);
        if (key != NULL) readValue(env, all, key, value);
        free(key);
    }
    return all;
}
