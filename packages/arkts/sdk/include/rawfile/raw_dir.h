/* A folder below a module's resources/rawfile. */
#ifndef VPNEXT_RAWFILE_RAW_DIR_H
#define VPNEXT_RAWFILE_RAW_DIR_H

#ifdef __cplusplus
extern "C" {
#endif

typedef struct RawDir RawDir;

/* The name belongs to the folder; NULL for an index out of range. */
const char *OH_ResourceManager_GetRawFileName(RawDir *rawDir, int index);
int OH_ResourceManager_GetRawFileCount(RawDir *rawDir);
void OH_ResourceManager_CloseRawDir(RawDir *rawDir);

#ifdef __cplusplus
}
#endif

#endif
