/* Native access to rawfile: of the module that has the file, whichever resource manager is given. */
#ifndef VPNEXT_RAWFILE_RAW_FILE_MANAGER_H
#define VPNEXT_RAWFILE_RAW_FILE_MANAGER_H

#include "napi/native_api.h"
#include "raw_dir.h"
#include "raw_file.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct NativeResourceManager NativeResourceManager;

/* `jsResMgr` is context.resourceManager; NULL when it is no object. */
NativeResourceManager *OH_ResourceManager_InitNativeResourceManager(napi_env env, napi_value jsResMgr);
void OH_ResourceManager_ReleaseNativeResourceManager(NativeResourceManager *resMgr);
/* '' is rawfile itself. */
RawDir *OH_ResourceManager_OpenRawDir(const NativeResourceManager *mgr, const char *dirName);
RawFile *OH_ResourceManager_OpenRawFile(const NativeResourceManager *mgr, const char *fileName);
RawFile64 *OH_ResourceManager_OpenRawFile64(const NativeResourceManager *mgr, const char *fileName);
bool OH_ResourceManager_IsRawDir(const NativeResourceManager *mgr, const char *path);

#ifdef __cplusplus
}
#endif

#endif
