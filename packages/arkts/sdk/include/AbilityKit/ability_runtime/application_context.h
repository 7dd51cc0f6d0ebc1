/*
 * The folders and the name of the application, as getApplicationContext() of the kits has them. A text is written with its end; `writeLength` is its
 * length without. PARAM_INVALID when an argument is NULL or the room too small, CONTEXT_NOT_EXIST outside of an extension.
 */
#ifndef VPNEXT_APPLICATION_CONTEXT_H
#define VPNEXT_APPLICATION_CONTEXT_H

#include <stddef.h>
#include <stdint.h>

#include "ability_runtime_common.h"
#include "context_constant.h"

#ifdef __cplusplus
extern "C" {
#endif

AbilityRuntime_ErrorCode OH_AbilityRuntime_ApplicationContextGetCacheDir(char *buffer, int32_t bufferSize, int32_t *writeLength);
/* Of the application as a whole: EL2. */
AbilityRuntime_ErrorCode OH_AbilityRuntime_ApplicationContextGetAreaMode(AbilityRuntime_AreaMode *areaMode);
AbilityRuntime_ErrorCode OH_AbilityRuntime_ApplicationContextGetBundleName(char *buffer, int32_t bufferSize, int32_t *writeLength);
AbilityRuntime_ErrorCode OH_AbilityRuntime_ApplicationContextGetTempDir(char *buffer, int32_t bufferSize, int32_t *writeLength);
AbilityRuntime_ErrorCode OH_AbilityRuntime_ApplicationContextGetFilesDir(char *buffer, int32_t bufferSize, int32_t *writeLength);
AbilityRuntime_ErrorCode OH_AbilityRuntime_ApplicationContextGetDatabaseDir(char *buffer, int32_t bufferSize, int32_t *writeLength);
AbilityRuntime_ErrorCode OH_AbilityRuntime_ApplicationContextGetPreferencesDir(char *buffer, int32_t bufferSize, int32_t *writeLength);
AbilityRuntime_ErrorCode OH_AbilityRuntime_ApplicationContextGetBundleCodeDir(char *buffer, int32_t bufferSize, int32_t *writeLength);
AbilityRuntime_ErrorCode OH_AbilityRuntime_ApplicationContextGetDistributedFilesDir(char *buffer, int32_t bufferSize, int32_t *writeLength);
AbilityRuntime_ErrorCode OH_AbilityRuntime_ApplicationContextGetCloudFileDir(char *buffer, int32_t bufferSize, int32_t *writeLength);

#ifdef __cplusplus
}
#endif

#endif
