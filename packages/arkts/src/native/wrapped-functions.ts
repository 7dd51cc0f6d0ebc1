/**
 * Functions that modules call by way of ours, in `sdk/source`: of node, where the device takes what node refuses; and those that start threads, which get
 * a stack to tell of crashes on.
 */
export const wrappedFunctions: readonly string[] = [
  // std::thread
  '_ZNSt6thread15_M_start_threadESt10unique_ptrINS_6_StateESt14default_deleteIS1_EEPFvvE',
  'napi_acquire_threadsafe_function',
  'napi_call_function',
  'napi_call_threadsafe_function',
  'napi_create_error',
  'napi_create_range_error',
  'napi_create_reference',
  'napi_create_type_error',
  'napi_delete_reference',
  'napi_get_reference_value',
  'napi_get_threadsafe_function_context',
  'napi_get_uv_event_loop',
  'napi_module_register',
  'napi_ref_threadsafe_function',
  'napi_reference_ref',
  'napi_reference_unref',
  'napi_release_threadsafe_function',
  'napi_unref_threadsafe_function',
  'pthread_create',
  'uv_async_init',
  'uv_check_start',
  'uv_close',
  'uv_default_loop',
  'uv_idle_start',
  'uv_loop_close',
  'uv_poll_start',
  'uv_prepare_start',
  'uv_queue_work',
  'uv_read_start',
  'uv_timer_start',
  'uv_udp_recv_start',
]
