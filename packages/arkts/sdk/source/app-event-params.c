/* The parameters of an event, as JSON. */
#include "app-event.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_PARAMETERS 32
#define MAX_ITEMS 100
#define MAX_TEXT (8 * 1024 - 1)
#define MAX_PARAMETER_NAME 32

#define WRONG_NAME 1
#define TEXT_TOO_LONG 4
#define TOO_MANY 5
#define ARRAY_TOO_LONG 6
#define NAME_AGAIN 8

struct parameter {
    struct parameter *next;
    char *name;
    struct vpnext_text value;
    int problem;
};

struct ParamListNode {
    struct parameter *first, **last;
};

bool vpnext_is_name(const char *name, size_t most, bool hasMore)
{
    size_t length = name == NULL ? 0 : strnlen(name, most + 1);
    if (length == 0 || length > most) return false;
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)name[i];
        bool isLetter = isalpha(byte) || (hasMore && byte == '$');
        bool isInner = isdigit(byte) || byte == '_' || (hasMore && byte == '.');
        if (!isLetter && !(i > 0 && isInner)) return false;
    }
    return isalnum((unsigned char)name[length - 1]) != 0;
}

ParamList OH_HiAppEvent_CreateParamList(void)
{
    ParamList list = calloc(1, sizeof *list);
    if (list != NULL) list->last = &list->first;
    return list;
}

void OH_HiAppEvent_DestroyParamList(ParamList list)
{
    if (list == NULL) return;
    for (struct parameter *parameter = list->first; parameter != NULL;) {
        struct parameter *next = parameter->next;
        free(parameter->name);
        free(parameter->value.bytes);
        free(parameter);
        parameter = next;
    }
    free(list);
}

/* What is written to `value` is that of a new parameter. */
static struct parameter *add(ParamList list, const char *name)
{
    struct parameter *parameter = list == NULL || name == NULL ? NULL : calloc(1, sizeof *parameter);
    if (parameter == NULL) return NULL;
    parameter->name = strdup(name);
    *list->last = parameter;
    list->last = &parameter->next;
    return parameter;
}

static void appendInteger(struct parameter *to, int64_t number)
{
    char digits[24];
    vpnext_append(&to->value, digits, (size_t)snprintf(digits, sizeof digits, "%lld", (long long)number));
}

static void appendNumber(struct parameter *to, double number, int digits)
{
    char text[40];
    if (!isfinite(number)) number = 0;
    vpnext_append(&to->value, text, (size_t)snprintf(text, sizeof text, "%.*g", digits, number));
}

static void appendBool(struct parameter *to, bool value) { vpnext_append(&to->value, value ? "true" : "false", value ? 4 : 5); }
static void appendFloat(struct parameter *to, float number) { appendNumber(to, number, 7); }
static void appendDouble(struct parameter *to, double number) { appendNumber(to, number, 15); }
static void appendString(struct parameter *to, const char *string)
{
    if (!vpnext_append_json(&to->value, string == NULL ? "" : string, MAX_TEXT)) to->problem = TEXT_TOO_LONG;
}

#define ADD(kind, type, append)                                                                            \
    ParamList OH_HiAppEvent_Add##kind##Param(ParamList list, const char *name, type value)                  \
    {                                                                                                      \
        struct parameter *parameter = add(list, name);                                                     \
        if (parameter != NULL) append(parameter, value);                                                   \
        return list;                                                                                       \
    }                                                                                                      \
    ParamList OH_HiAppEvent_Add##kind##ArrayParam(ParamList list, const char *name, type const *values, int count) \
    {                                                                                                      \
        struct parameter *parameter = count < 0 || (values == NULL && count > 0) ? NULL : add(list, name); \
        if (parameter == NULL) return list;                                                                \
        vpnext_append(&parameter->value, "[", 1);                                                          \
        for (int i = 0; i < count && i < MAX_ITEMS; i++) {                                                 \
            if (i > 0) vpnext_append(&parameter->value, ",", 1);                                           \
            append(parameter, values[i]);                                                                  \
        }                                                                                                  \
        vpnext_append(&parameter->value, "]", 1);                                                          \
        if (count > MAX_ITEMS) parameter->problem = ARRAY_TOO_LONG;                                        \
        return list;                                                                                       \
    }
ADD(Bool, bool, appendBool)
ADD(Int8, int8_t, appendInteger)
ADD(Int16, int16_t, appendInteger)
ADD(Int32, int32_t, appendInteger)
ADD(Int64, int64_t, appendInteger)
ADD(Float, float, appendFloat)
ADD(Double, double, appendDouble)
ADD(String, const char *, appendString)

static bool isNamedBefore(const ParamList list, const struct parameter *parameter)
{
    for (const struct parameter *before = list->first; before != parameter; before = before->next)
        if (strcmp(before->name, parameter->name) == 0) return true;
    return false;
}

int vpnext_write_params(struct vpnext_text *text, const ParamList list)
{
    int problem = 0, count = 0;
    for (const struct parameter *parameter = list == NULL ? NULL : list->first; parameter != NULL; parameter = parameter->next) {
        int own = !vpnext_is_name(parameter->name, MAX_PARAMETER_NAME, true) ? WRONG_NAME : isNamedBefore(list, parameter) ? NAME_AGAIN : 0;
        if (own == 0 && count == MAX_PARAMETERS) own = TOO_MANY;
        if (own == 0) {
            if (count++ > 0) vpnext_append(text, ",", 1);
            vpnext_append_json(text, parameter->name, MAX_PARAMETER_NAME);
            vpnext_append(text, ":", 1);
            vpnext_append(text, parameter->value.bytes, parameter->value.length);
            own = parameter->problem;
        }
        if (problem == 0) problem = own;
    }
    return problem;
}
