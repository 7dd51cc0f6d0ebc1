/* Maps of JavaScript, by their own methods. */
#include "napi/native_api.h"

static bool isMap(napi_env env, napi_value value)
{
    napi_value global, constructor;
    bool is = false;
    return napi_get_global(env, &global) == napi_ok && napi_get_named_property(env, global, "Map", &constructor) == napi_ok
        && napi_instanceof(env, value, constructor, &is) == napi_ok && is;
}

static napi_status call(napi_env env, napi_value map, const char *method, size_t argc, const napi_value *argv, napi_value *result)
{
    napi_value function;
    if (env == NULL || map == NULL || (argc > 0 && argv[0] == NULL)) return napi_invalid_arg;
    if (!isMap(env, map)) return napi_object_expected;
    napi_status status = napi_get_named_property(env, map, method, &function);
    return status == napi_ok ? napi_call_function(env, map, function, argc, argv, result) : status;
}

static napi_value named(napi_env env, const char *name)
{
    napi_value key = NULL;
    if (name != NULL) napi_create_string_utf8(env, name, NAPI_AUTO_LENGTH, &key);
    return key;
}

napi_status napi_create_map(napi_env env, napi_value *result)
{
    napi_value global, constructor;
    if (result == NULL) return napi_invalid_arg;
    napi_status status = napi_get_global(env, &global);
    if (status == napi_ok) status = napi_get_named_property(env, global, "Map", &constructor);
    return status == napi_ok ? napi_new_instance(env, constructor, 0, NULL, result) : status;
}

napi_status napi_map_set_property(napi_env env, napi_value map, napi_value key, napi_value value)
{
    napi_value arguments[] = {key, value};
    return value == NULL ? napi_invalid_arg : call(env, map, "set", 2, arguments, NULL);
}

napi_status napi_map_set_named_property(napi_env env, napi_value map, const char *utf8name, napi_value value)
{
    return napi_map_set_property(env, map, named(env, utf8name), value);
}

napi_status napi_map_get_property(napi_env env, napi_value map, napi_value key, napi_value *result)
{
    return result == NULL ? napi_invalid_arg : call(env, map, "get", 1, &key, result);
}

napi_status napi_map_get_named_property(napi_env env, napi_value map, const char *utf8name, napi_value *result)
{
    return napi_map_get_property(env, map, named(env, utf8name), result);
}

napi_status napi_map_has_property(napi_env env, napi_value map, napi_value key, bool *result)
{
    napi_value has;
    if (result == NULL) return napi_invalid_arg;
    napi_status status = call(env, map, "has", 1, &key, &has);
    return status == napi_ok ? napi_get_value_bool(env, has, result) : status;
}

napi_status napi_map_has_named_property(napi_env env, napi_value map, const char *utf8name, bool *result)
{
    return napi_map_has_property(env, map, named(env, utf8name), result);
}

napi_status napi_map_delete_property(napi_env env, napi_value map, napi_value key) { return call(env, map, "delete", 1, &key, NULL); }

napi_status napi_map_clear(napi_env env, napi_value map) { return call(env, map, "clear", 0, NULL, NULL); }

napi_status napi_map_get_size(napi_env env, napi_value map, uint32_t *result)
{
    napi_value size;
    if (env == NULL || map == NULL || result == NULL) return napi_invalid_arg;
    if (!isMap(env, map)) return napi_object_expected;
    napi_status status = napi_get_named_property(env, map, "size", &size);
    return status == napi_ok ? napi_get_value_uint32(env, size, result) : status;
}

static napi_status iterate(napi_env env, napi_value map, const char *method, napi_value *result)
{
    return result == NULL ? napi_invalid_arg : call(env, map, method, 0, NULL, result);
}

napi_status napi_map_get_entries(napi_env env, napi_value map, napi_value *result) { return iterate(env, map, "entries", result); }
napi_status napi_map_get_keys(napi_env env, napi_value map, napi_value *result) { return iterate(env, map, "keys", result); }
napi_status napi_map_get_values(napi_env env, napi_value map, napi_value *result) { return iterate(env, map, "values", result); }

napi_status napi_map_iterator_get_next(napi_env env, napi_value iterator, napi_value *result)
{
    napi_value next;
    if (iterator == NULL || result == NULL) return napi_invalid_arg;
    napi_status status = napi_get_named_property(env, iterator, "next", &next);
    return status == napi_ok ? napi_call_function(env, iterator, next, 0, NULL, result) : status;
}
