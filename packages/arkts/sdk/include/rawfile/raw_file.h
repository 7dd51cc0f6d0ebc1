/* A file of a module's resources/rawfile, read only. */
#ifndef VPNEXT_RAWFILE_RAW_FILE_H
#define VPNEXT_RAWFILE_RAW_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct RawFile RawFile;
typedef struct RawFile64 RawFile64;

/* The file of its own that holds the content, from `start` on; the caller closes fd by the Release function. */
typedef struct {
    int fd;
    long start;
    long length;
} RawFileDescriptor;
typedef struct {
    int fd;
    int64_t start;
    int64_t length;
} RawFileDescriptor64;

/* Bytes read, 0 at the end and for a wrong argument. */
int OH_ResourceManager_ReadRawFile(const RawFile *rawFile, void *buf, size_t length);
/* whence as for lseek. 0, or -1; the old function answers 0 or -1 too. */
int OH_ResourceManager_SeekRawFile(const RawFile *rawFile, long offset, int whence);
long OH_ResourceManager_GetRawFileSize(RawFile *rawFile);
long OH_ResourceManager_GetRawFileRemainingLength(const RawFile *rawFile);
long OH_ResourceManager_GetRawFileOffset(const RawFile *rawFile);
void OH_ResourceManager_CloseRawFile(RawFile *rawFile);
bool OH_ResourceManager_GetRawFileDescriptorData(const RawFile *rawFile, RawFileDescriptor *descriptor);
bool OH_ResourceManager_ReleaseRawFileDescriptorData(const RawFileDescriptor *descriptor);

int64_t OH_ResourceManager_ReadRawFile64(const RawFile64 *rawFile, void *buf, int64_t length);
int OH_ResourceManager_SeekRawFile64(const RawFile64 *rawFile, int64_t offset, int whence);
int64_t OH_ResourceManager_GetRawFileSize64(RawFile64 *rawFile);
int64_t OH_ResourceManager_GetRawFileRemainingLength64(const RawFile64 *rawFile);
int64_t OH_ResourceManager_GetRawFileOffset64(const RawFile64 *rawFile);
void OH_ResourceManager_CloseRawFile64(RawFile64 *rawFile);
bool OH_ResourceManager_GetRawFileDescriptor64(const RawFile64 *rawFile, RawFileDescriptor64 *descriptor);
bool OH_ResourceManager_ReleaseRawFileDescriptor64(const RawFileDescriptor64 *descriptor);

#ifdef __cplusplus
}
/* The C++ forms of older projects, by reference. */
static inline bool OH_ResourceManager_GetRawFileDescriptor(const RawFile *rawFile,
                                                           RawFileDescriptor &descriptor)
{
    return OH_ResourceManager_GetRawFileDescriptorData(rawFile, &descriptor);
}
static inline bool OH_ResourceManager_ReleaseRawFileDescriptor(const RawFileDescriptor &descriptor)
{
    return OH_ResourceManager_ReleaseRawFileDescriptorData(&descriptor);
}
#endif

#endif
