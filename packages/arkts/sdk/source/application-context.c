/* The same folders as getApplicationContext() of the kits has: packages/kit/src/ability/folders.ts. */
#include "AbilityKit/ability_runtime/application_context.h"
#include "bundle-facts.h"

#include <string.h>
#include <sys/stat.h>

static AbilityRuntime_ErrorCode give(const char *text, char *buffer, int32_t bufferSize, int32_t *writeLength)
{
    if (buffer == NULL || writeLength == NULL) return ABILITY_RUNTIME_ERROR_CODE_PARAM_INVALID;
    if (*vpnext_bundle_name() == '\0') return ABILITY_RUNTIME_ERROR_CODE_CONTEXT_NOT_EXIST;
    size_t length = strlen(text);
    if (bufferSize < 0 || (size_t)bufferSize <= length) return ABILITY_RUNTIME_ERROR_CODE_PARAM_INVALID;
    memcpy(buffer, text, length + 1);
    *writeLength = (int32_t)length;
    return ABILITY_RUNTIME_ERROR_CODE_NO_ERROR;
}

#define GET(name, text)                                                                                              \
    AbilityRuntime_ErrorCode OH_AbilityRuntime_ApplicationContextGet##name(char *buffer, int32_t bufferSize,         \
                                                                           int32_t *writeLength)                     \
    {                                                                                                                \
        return give(text, buffer, bufferSize, writeLength);                                                          \
    }

/* Folders that are made when they are asked for. */
static const char *made(const char *path)
{
    mkdir(path, 0700);
    return path;
}

GET(CacheDir, "/data/storage/el2/base/cache")
GET(TempDir, "/data/storage/el2/base/temp")
GET(FilesDir, "/data/storage/el2/base/files")
GET(DatabaseDir, "/data/storage/el2/database")
GET(PreferencesDir, "/data/storage/el2/base/preferences")
GET(BundleCodeDir, "/data/storage/el1/bundle")
GET(DistributedFilesDir, made("/data/storage/el2/distributedfiles"))
GET(CloudFileDir, made("/data/storage/el2/cloud"))
GET(BundleName, vpnext_bundle_name())

AbilityRuntime_ErrorCode OH_AbilityRuntime_ApplicationContextGetAreaMode(AbilityRuntime_AreaMode *areaMode)
{
    if (areaMode == NULL) return ABILITY_RUNTIME_ERROR_CODE_PARAM_INVALID;
    *areaMode = ABILITY_RUNTIME_AREA_MODE_EL2;
    return ABILITY_RUNTIME_ERROR_CODE_NO_ERROR;
}
