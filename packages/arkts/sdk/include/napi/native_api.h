/*
 * Node-API as HarmonyOS names it: node's own functions, and those that only the device has. Ours; linked against node,
 * which exports the former, and libvpnext_ohos.a, which holds the latter.
 */
#ifndef VPNEXT_NAPI_NATIVE_API_H
#define VPNEXT_NAPI_NATIVE_API_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifndef NAPI_VERSION
#define NAPI_VERSION 8
#endif

/* Finalizers are functions of an environment that may do everything, also for who asks for what is experimental. */
#ifndef NODE_API_EXPERIMENTAL_NOGC_ENV_OPT_OUT
#define NODE_API_EXPERIMENTAL_NOGC_ENV_OPT_OUT
#endif
#include "node_api.h"

#include "common.h"

/* States of a runtime of its own, which napi_create_ark_runtime would make. */
#define napi_create_ark_runtime_too_many_envs ((napi_status)22)
#define napi_create_ark_runtime_only_one_env_per_thread ((napi_status)23)
#define napi_destroy_ark_runtime_env_not_exist ((napi_status)24)

/* Kept alive until it is deleted. */
typedef struct napi_strong_ref__ *napi_strong_ref;
typedef struct napi_sendable_ref__ *napi_sendable_ref;
typedef struct napi_critical_scope__ *napi_critical_scope;
/* Gets the memory of a string that the caller owned. */
typedef void (*napi_finalize_callback)(void *finalize_data, void *finalize_hint);

typedef void *(*napi_native_binding_detach_callback)(napi_env env, void *native_object, void *hint);
typedef napi_value (*napi_native_binding_attach_callback)(napi_env env, void *native_object, void *hint);

#ifdef __cplusplus
extern "C" {
#endif

/* Work and calls with an urgency: done, in the order node has. */
napi_status napi_queue_async_work_with_qos(napi_env env, napi_async_work work, napi_qos_t qos);
napi_status napi_call_threadsafe_function_with_priority(napi_threadsafe_function func, void *data,
                                                        napi_task_priority priority, bool isTail);

/* The path of the library; node's own function gives a URL, and is shown to modules of Node-API 9 alone. */
napi_status vpnext_get_module_file_name(napi_env env, const char **result);
#define node_api_get_module_file_name vpnext_get_module_file_name

/* A kit (`@ohos.hilog`) or a native module of the bundle (`libother.so`). */
napi_status napi_load_module(napi_env env, const char *path, napi_value *result);
napi_status napi_load_module_with_info(napi_env env, const char *path, const char *module_info,
                                       napi_value *result);
/* Scripts of the bundle cannot be run by path: napi_generic_failure. */
napi_status napi_run_script_path(napi_env env, const char *path, napi_value *result);

napi_status napi_create_object_with_properties(napi_env env, napi_value *result, size_t property_count,
                                               const napi_property_descriptor *properties);
napi_status napi_create_object_with_named_properties(napi_env env, napi_value *result, size_t property_count,
                                                     const char **keys, const napi_value *values);
napi_status napi_throw_business_error(napi_env env, int32_t errorCode, const char *msg);
napi_status napi_wrap_enhance(napi_env env, napi_value js_object, void *native_object,
                              napi_finalize finalize_cb, bool async_finalizer, void *finalize_hint,
                              size_t native_binding_size, napi_ref *result);
/* Objects stay in their thread: nothing is attached or detached. */
napi_status napi_coerce_to_native_binding_object(napi_env env, napi_value js_object,
                                                 napi_native_binding_detach_callback detach_cb,
                                                 napi_native_binding_attach_callback attach_cb,
                                                 void *native_object, void *hint);

/* Maps. napi_object_expected for what is none; an iterator's next is an object with `value` and `done`. */
napi_status napi_create_map(napi_env env, napi_value *result);
napi_status napi_map_set_property(napi_env env, napi_value map, napi_value key, napi_value value);
napi_status napi_map_set_named_property(napi_env env, napi_value map, const char *utf8name, napi_value value);
napi_status napi_map_get_property(napi_env env, napi_value map, napi_value key, napi_value *result);
napi_status napi_map_get_named_property(napi_env env, napi_value map, const char *utf8name, napi_value *result);
napi_status napi_map_has_property(napi_env env, napi_value map, napi_value key, bool *result);
napi_status napi_map_has_named_property(napi_env env, napi_value map, const char *utf8name, bool *result);
napi_status napi_map_delete_property(napi_env env, napi_value map, napi_value key);
napi_status napi_map_clear(napi_env env, napi_value map);
napi_status napi_map_get_size(napi_env env, napi_value map, uint32_t *result);
napi_status napi_map_get_entries(napi_env env, napi_value map, napi_value *result);
napi_status napi_map_get_keys(napi_env env, napi_value map, napi_value *result);
napi_status napi_map_get_values(napi_env env, napi_value map, napi_value *result);
napi_status napi_map_iterator_get_next(napi_env env, napi_value iterator, napi_value *result);

/* A copy of a value, for another thread or for later. */
napi_status napi_serialize(napi_env env, napi_value object, napi_value transfer_list, napi_value clone_list,
                           void **result);
napi_status napi_deserialize(napi_env env, void *buffer, napi_value *object);
napi_status napi_delete_serialization_data(napi_env env, void *buffer);

/* A JavaScript thread made by native code: not provided, napi_generic_failure. */
napi_status napi_create_ark_runtime(napi_env *env);
napi_status napi_destroy_ark_runtime(napi_env *env);
napi_status napi_run_event_loop(napi_env env, napi_event_mode mode);
napi_status napi_stop_event_loop(napi_env env);

/* Another context of the same thread: not provided, napi_generic_failure. */
napi_status napi_create_ark_context(napi_env env, napi_env *newEnv);
napi_status napi_switch_ark_context(napi_env env);
napi_status napi_destroy_ark_context(napi_env env);

napi_status napi_create_strong_reference(napi_env env, napi_value value, napi_strong_ref *result);
napi_status napi_get_strong_reference_value(napi_env env, napi_strong_ref ref, napi_value *result);
napi_status napi_delete_strong_reference(napi_env env, napi_strong_ref ref);
napi_status napi_create_strong_sendable_reference(napi_env env, napi_value value, napi_sendable_ref *result);
napi_status napi_get_strong_sendable_reference_value(napi_env env, napi_sendable_ref ref, napi_value *result);
napi_status napi_delete_strong_sendable_reference(napi_env env, napi_sendable_ref ref);

/* One scope of a thread at a time; the characters are there until it is closed. */
napi_status napi_open_critical_scope(napi_env env, napi_critical_scope *scope);
napi_status napi_close_critical_scope(napi_env env, napi_critical_scope scope);
napi_status napi_get_buffer_string_utf16_in_critical_scope(napi_env env, napi_value value,
                                                           const char16_t **buffer, size_t *length);

/* The characters are copied, and the caller's memory is given to finalize_callback at once. */
napi_status napi_create_external_string_utf16(napi_env env, const char16_t *str, size_t length,
                                              napi_finalize_callback finalize_callback, void *finalize_hint,
                                              napi_value *result);
napi_status napi_create_external_string_ascii(napi_env env, const char *str, size_t length,
                                              napi_finalize_callback finalize_callback, void *finalize_hint,
                                              napi_value *result);

/* Sendable objects: ordinary ones here, which threads get copies of. napi_is_sendable says so. */
napi_status napi_is_sendable(napi_env env, napi_value value, bool *result);
napi_status napi_define_sendable_class(napi_env env, const char *utf8name, size_t length,
                                       napi_callback constructor, void *data, size_t property_count,
                                       const napi_property_descriptor *properties, napi_value parent,
                                       napi_value *result);
napi_status napi_create_sendable_object_with_properties(napi_env env, size_t property_count,
                                                        const napi_property_descriptor *properties,
                                                        napi_value *result);
napi_status napi_create_sendable_array(napi_env env, napi_value *result);
napi_status napi_create_sendable_array_with_length(napi_env env, size_t length, napi_value *result);
napi_status napi_create_sendable_arraybuffer(napi_env env, size_t byte_length, void **data,
                                             napi_value *result);
napi_status napi_create_sendable_typedarray(napi_env env, napi_typedarray_type type, size_t length,
                                            napi_value arraybuffer, size_t byte_offset, napi_value *result);
napi_status napi_wrap_sendable(napi_env env, napi_value js_object, void *native_object,
                               napi_finalize finalize_lib, void *finalize_hint);
napi_status napi_wrap_sendable_with_size(napi_env env, napi_value js_object, void *native_object,
                                         napi_finalize finalize_lib, void *finalize_hint,
                                         size_t native_binding_size);
napi_status napi_unwrap_sendable(napi_env env, napi_value js_object, void **result);
napi_status napi_remove_wrap_sendable(napi_env env, napi_value js_object, void **result);

#ifdef __cplusplus
}
#endif

#endif
