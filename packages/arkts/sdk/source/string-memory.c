/* Strings by their memory, which node does not share: both ways the characters are copied. */
#include "napi/native_api.h"

#include <stdlib.h>

struct characters {
    struct characters *next;
    char16_t text[];
};

struct napi_critical_scope__ {
    struct characters *first;
    bool isOpen;
};

static _Thread_local struct napi_critical_scope__ threadScope;

napi_status napi_open_critical_scope(napi_env env, napi_critical_scope *scope)
{
    if (env == NULL || scope == NULL) return napi_invalid_arg;
    if (threadScope.isOpen) return napi_generic_failure;
    threadScope.isOpen = true;
    *scope = &threadScope;
    return napi_ok;
}

napi_status napi_close_critical_scope(napi_env env, napi_critical_scope scope)
{
    if (env == NULL || scope != &threadScope) return napi_invalid_arg;
    if (!scope->isOpen) return napi_generic_failure;
    scope->isOpen = false;
    while (scope->first != NULL) {
        struct characters *next = scope->first->next;
        free(scope->first);
        scope->first = next;
    }
    return napi_ok;
}

napi_status napi_get_buffer_string_utf16_in_critical_scope(napi_env env, napi_value value,
                                                           const char16_t **buffer, size_t *length)
{
    size_t count = 0;
    if (buffer == NULL || length == NULL) return napi_invalid_arg;
    if (!threadScope.isOpen) return napi_generic_failure;
    napi_status status = napi_get_value_string_utf16(env, value, NULL, 0, &count);
    if (status != napi_ok) return status;
    struct characters *copy = malloc(sizeof *copy + (count + 1) * sizeof(char16_t));
    if (copy == NULL) return napi_generic_failure;
    copy->next = threadScope.first;
    threadScope.first = copy;
    status = napi_get_value_string_utf16(env, value, copy->text, count + 1, length);
    *buffer = copy->text;
    return status;
}

/* What has been copied belongs to its owner again. */
static napi_status giveBack(napi_status status, const void *characters, napi_finalize_callback callback, void *hint)
{
    if (status == napi_ok && callback != NULL) callback((void *)characters, hint);
    return status;
}

napi_status napi_create_external_string_utf16(napi_env env, const char16_t *str, size_t length,
                                              napi_finalize_callback finalize_callback, void *finalize_hint,
                                              napi_value *result)
{
    return giveBack(napi_create_string_utf16(env, str, length, result), str, finalize_callback, finalize_hint);
}

napi_status napi_create_external_string_ascii(napi_env env, const char *str, size_t length,
                                              napi_finalize_callback finalize_callback, void *finalize_hint,
                                              napi_value *result)
{
    return giveBack(napi_create_string_latin1(env, str, length, result), str, finalize_callback, finalize_hint);
}
