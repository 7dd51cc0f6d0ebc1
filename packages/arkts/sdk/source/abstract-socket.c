/*
 * Unix sockets with abstract names (unix(7)), by which a page and an extension of one bundle pass descriptors to each
 * other. The sandbox of each keeps from it all abstract names of other processes, its own bundle's too, because the kernel
 * cannot tell them apart. Such a name is therefore a file in a folder that the processes of the bundle share. The linker
 * has calls come here first; code that was linked elsewhere has the kernel's names, as before.
 */
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define FOLDER "/data/storage/abstract"
/* With the folder and the type it leaves room in sun_path. */
#define LONGEST_PLAIN 64

int __real_bind(int fd, const struct sockaddr *address, socklen_t length);
int __real_connect(int fd, const struct sockaddr *address, socklen_t length);
ssize_t __real_sendto(int fd, const void *data, size_t size, int flags, const struct sockaddr *address, socklen_t length);
ssize_t __real_sendmsg(int fd, const struct msghdr *message, int flags);

static bool is_plain(const unsigned char *name, size_t length)
{
    if (length > LONGEST_PLAIN) return false;
    for (size_t i = 0; i < length; i++) {
        unsigned char c = name[i] | 0x20;
        bool letter = c >= 'a' && c <= 'z';
        if (!letter && !(name[i] >= '0' && name[i] <= '9') && name[i] != '_' && name[i] != '-' && name[i] != '.') return false;
    }
    return true;
}

/* FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv */
static uint64_t hash(const unsigned char *name, size_t length, uint64_t from)
{
    for (size_t i = 0; i < length; i++) from = (from ^ name[i]) * 0x100000001b3;
    return from;
}

/* Whether it is an abstract name, of one byte or more; then `file` is what stands for it. Each type of socket has its own names. */
static bool file_of(int fd, const struct sockaddr *address, socklen_t length, struct sockaddr_un *file)
{
    const struct sockaddr_un *given = (const struct sockaddr_un *)address;
    if (address == NULL || length <= offsetof(struct sockaddr_un, sun_path) + 1 || length > sizeof *given) return false;
    if (address->sa_family != AF_UNIX || given->sun_path[0] != '\0') return false;
    int type = 0;
    socklen_t size = sizeof type;
    if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) != 0) return false;
    const unsigned char *name = (const unsigned char *)given->sun_path + 1;
    size_t bytes = length - offsetof(struct sockaddr_un, sun_path) - 1;
    *file = (struct sockaddr_un){.sun_family = AF_UNIX};
    if (is_plain(name, bytes))
        snprintf(file->sun_path, sizeof file->sun_path, "%s/%d-%.*s", FOLDER, type, (int)bytes, (const char *)name);
    else
        snprintf(file->sun_path, sizeof file->sun_path, "%s/%d=%016llx%016llx", FOLDER, type,
                 (unsigned long long)hash(name, bytes, 0xcbf29ce484222325), (unsigned long long)hash(name, bytes, 0x9e3779b97f4a7c15));
    return true;
}

/* Abstract names go with their sockets; a file stays, and nobody answers there. */
static bool is_left_behind(int fd, const struct sockaddr_un *file)
{
    int type = 0;
    socklen_t size = sizeof type;
    if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) != 0) return false;
    int asking = socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (asking < 0) return false;
    bool refused = __real_connect(asking, (const struct sockaddr *)file, sizeof *file) != 0 && errno == ECONNREFUSED;
    close(asking);
    return refused;
}

int __wrap_bind(int fd, const struct sockaddr *address, socklen_t length)
{
    struct sockaddr_un file;
    if (!file_of(fd, address, length, &file)) return __real_bind(fd, address, length);
    if (mkdir(FOLDER, 0700) != 0 && errno != EEXIST) return __real_bind(fd, address, length);
    if (__real_bind(fd, (const struct sockaddr *)&file, sizeof file) == 0) return 0;
    if (errno != EADDRINUSE) return -1;
    if (is_left_behind(fd, &file) && unlink(file.sun_path) == 0)
        return __real_bind(fd, (const struct sockaddr *)&file, sizeof file);
    errno = EADDRINUSE;
    return -1;
}

/* Without a file the name is looked for as it is: other code of this process may have taken it. */
static bool stands_for(int fd, const struct sockaddr *address, socklen_t length, struct sockaddr_un *file)
{
    return file_of(fd, address, length, file) && access(file->sun_path, F_OK) == 0;
}

int __wrap_connect(int fd, const struct sockaddr *address, socklen_t length)
{
    struct sockaddr_un file;
    if (stands_for(fd, address, length, &file)) return __real_connect(fd, (const struct sockaddr *)&file, sizeof file);
    return __real_connect(fd, address, length);
}

ssize_t __wrap_sendto(int fd, const void *data, size_t size, int flags, const struct sockaddr *address, socklen_t length)
{
    struct sockaddr_un file;
    if (stands_for(fd, address, length, &file))
        return __real_sendto(fd, data, size, flags, (const struct sockaddr *)&file, sizeof file);
    return __real_sendto(fd, data, size, flags, address, length);
}

ssize_t __wrap_sendmsg(int fd, const struct msghdr *message, int flags)
{
    struct sockaddr_un file;
    if (message == NULL || !stands_for(fd, message->msg_name, message->msg_namelen, &file)) return __real_sendmsg(fd, message, flags);
    struct msghdr moved = *message;
    moved.msg_name = &file;
    moved.msg_namelen = sizeof file;
    return __real_sendmsg(fd, &moved, flags);
}
