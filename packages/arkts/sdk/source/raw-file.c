/* Files of resources/rawfile, which the sandbox shows below /bundle/resources/<module>/rawfile. */
#define _GNU_SOURCE
#include "rawfile/raw_file_manager.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char resources[] = "/bundle/resources";

struct NativeResourceManager {
    char unused;
};
struct RawFile {
    int fd;
    int64_t size;
};
struct RawFile64 {
    struct RawFile file;
};
struct RawDir {
    struct dirent **entries;
    int count;
};

NativeResourceManager *OH_ResourceManager_InitNativeResourceManager(napi_env env, napi_value jsResMgr)
{
    napi_valuetype type;
    if (napi_typeof(env, jsResMgr, &type) != napi_ok || type != napi_object) return NULL;
    return calloc(1, sizeof(NativeResourceManager));
}

void OH_ResourceManager_ReleaseNativeResourceManager(NativeResourceManager *resMgr)
{
    free(resMgr);
}

/* Stays below rawfile: no `..` as a part. */
static bool isPlain(const char *path)
{
    for (const char *part = path; *part != '\0';) {
        size_t length = strcspn(part, "/");
        if (length == 2 && part[0] == '.' && part[1] == '.') return false;
        part += length + (part[length] == '/');
    }
    return true;
}

static bool isNamed(const struct dirent *entry)
{
    return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
}

static int isListed(const struct dirent *entry)
{
    return isNamed(entry);
}

/* Opens the first module's rawfile that has the path; -1 when none does. */
static int openBelowRawfile(const char *path, int flags)
{
    if (path == NULL || !isPlain(path)) return -1;
    DIR *modules = opendir(resources);
    if (modules == NULL) return -1;
    int fd = -1;
    for (const struct dirent *module = readdir(modules); module != NULL && fd < 0; module = readdir(modules)) {
        char full[4096];
        if (!isNamed(module)) continue;
        int length = snprintf(full, sizeof full, "%s/%s/rawfile/%s", resources, module->d_name, path);
        if (length > 0 && (size_t)length < sizeof full) fd = open(full, O_RDONLY | O_CLOEXEC | flags);
    }
    closedir(modules);
    return fd;
}

static bool openFile(const char *name, struct RawFile *file)
{
    struct stat facts;
    int fd = openBelowRawfile(name, 0);
    if (fd < 0) return false;
    if (fstat(fd, &facts) != 0 || !S_ISREG(facts.st_mode)) {
        close(fd);
        return false;
    }
    file->fd = fd;
    file->size = facts.st_size;
    return true;
}

RawFile *OH_ResourceManager_OpenRawFile(const NativeResourceManager *mgr, const char *fileName)
{
    struct RawFile opened;
    if (mgr == NULL || !openFile(fileName, &opened)) return NULL;
    RawFile *file = malloc(sizeof *file);
    if (file == NULL) close(opened.fd);
    else *file = opened;
    return file;
}

RawFile64 *OH_ResourceManager_OpenRawFile64(const NativeResourceManager *mgr, const char *fileName)
{
    return (RawFile64 *)OH_ResourceManager_OpenRawFile(mgr, fileName);
}

RawDir *OH_ResourceManager_OpenRawDir(const NativeResourceManager *mgr, const char *dirName)
{
    if (mgr == NULL) return NULL;
    int fd = openBelowRawfile(dirName, O_DIRECTORY);
    if (fd < 0) return NULL;
    RawDir *dir = calloc(1, sizeof *dir);
    if (dir != NULL) dir->count = scandirat(fd, ".", &dir->entries, isListed, alphasort);
    close(fd);
    if (dir != NULL && dir->count < 0) {
        free(dir);
        return NULL;
    }
    return dir;
}

bool OH_ResourceManager_IsRawDir(const NativeResourceManager *mgr, const char *path)
{
    if (mgr == NULL) return false;
    int fd = openBelowRawfile(path, O_DIRECTORY);
    if (fd >= 0) close(fd);
    return fd >= 0;
}

const char *OH_ResourceManager_GetRawFileName(RawDir *rawDir, int index)
{
    if (rawDir == NULL || index < 0 || index >= rawDir->count) return NULL;
    return rawDir->entries[index]->d_name;
}

int OH_ResourceManager_GetRawFileCount(RawDir *rawDir)
{
    return rawDir == NULL ? 0 : rawDir->count;
}

void OH_ResourceManager_CloseRawDir(RawDir *rawDir)
{
    if (rawDir == NULL) return;
    for (int i = 0; i < rawDir->count; i++) free(rawDir->entries[i]);
    free(rawDir->entries);
    free(rawDir);
}

int64_t OH_ResourceManager_ReadRawFile64(const RawFile64 *rawFile, void *buf, int64_t length)
{
    if (rawFile == NULL || buf == NULL || length <= 0) return 0;
    int64_t done = 0;
    while (done < length) {
        ssize_t count = read(rawFile->file.fd, (char *)buf + done, (size_t)(length - done));
        if (count <= 0) break;
        done += count;
    }
    return done;
}

int OH_ResourceManager_SeekRawFile64(const RawFile64 *rawFile, int64_t offset, int whence)
{
    return rawFile == NULL || lseek(rawFile->file.fd, offset, whence) < 0 ? -1 : 0;
}

int64_t OH_ResourceManager_GetRawFileSize64(RawFile64 *rawFile)
{
    return rawFile == NULL ? 0 : rawFile->file.size;
}

int64_t OH_ResourceManager_GetRawFileOffset64(const RawFile64 *rawFile)
{
    return rawFile == NULL ? 0 : lseek(rawFile->file.fd, 0, SEEK_CUR);
}

int64_t OH_ResourceManager_GetRawFileRemainingLength64(const RawFile64 *rawFile)
{
    return rawFile == NULL ? 0 : rawFile->file.size - OH_ResourceManager_GetRawFileOffset64(rawFile);
}

void OH_ResourceManager_CloseRawFile64(RawFile64 *rawFile)
{
    if (rawFile == NULL) return;
    close(rawFile->file.fd);
    free(rawFile);
}

bool OH_ResourceManager_GetRawFileDescriptor64(const RawFile64 *rawFile, RawFileDescriptor64 *descriptor)
{
    if (rawFile == NULL || descriptor == NULL) return false;
    int fd = fcntl(rawFile->file.fd, F_DUPFD_CLOEXEC, 0);
    if (fd < 0) return false;
    *descriptor = (RawFileDescriptor64){.fd = fd, .start = 0, .length = rawFile->file.size};
    return true;
}

bool OH_ResourceManager_ReleaseRawFileDescriptor64(const RawFileDescriptor64 *descriptor)
{
    return descriptor != NULL && close(descriptor->fd) == 0;
}

/* The forms of before, whose lengths are long: the same on machines of 64 bits. */
#define WIDE(rawFile) ((RawFile64 *)(rawFile))

int OH_ResourceManager_ReadRawFile(const RawFile *rawFile, void *buf, size_t length)
{
    return (int)OH_ResourceManager_ReadRawFile64(WIDE(rawFile), buf, (int64_t)length);
}

int OH_ResourceManager_SeekRawFile(const RawFile *rawFile, long offset, int whence)
{
    return OH_ResourceManager_SeekRawFile64(WIDE(rawFile), offset, whence);
}

long OH_ResourceManager_GetRawFileSize(RawFile *rawFile)
{
    return OH_ResourceManager_GetRawFileSize64(WIDE(rawFile));
}

long OH_ResourceManager_GetRawFileRemainingLength(const RawFile *rawFile)
{
    return OH_ResourceManager_GetRawFileRemainingLength64(WIDE(rawFile));
}

long OH_ResourceManager_GetRawFileOffset(const RawFile *rawFile)
{
    return OH_ResourceManager_GetRawFileOffset64(WIDE(rawFile));
}

void OH_ResourceManager_CloseRawFile(RawFile *rawFile)
{
    OH_ResourceManager_CloseRawFile64(WIDE(rawFile));
}

bool OH_ResourceManager_GetRawFileDescriptorData(const RawFile *rawFile, RawFileDescriptor *descriptor)
{
    RawFileDescriptor64 wide;
    if (descriptor == NULL || !OH_ResourceManager_GetRawFileDescriptor64(WIDE(rawFile), &wide)) return false;
    *descriptor = (RawFileDescriptor){.fd = wide.fd, .start = 0, .length = wide.length};
    return true;
}

bool OH_ResourceManager_ReleaseRawFileDescriptorData(const RawFileDescriptor *descriptor)
{
    return descriptor != NULL && close(descriptor->fd) == 0;
}
