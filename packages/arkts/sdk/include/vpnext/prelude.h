/*
 * Included first where a file does not compile without: the device's C++ library brings these along with others, so that
 * projects may have left them out.
 */
#if !defined(VPNEXT_PRELUDE_H) && !defined(__ASSEMBLER__)
#define VPNEXT_PRELUDE_H

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

#ifdef __cplusplus
#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <functional>
#include <limits>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <queue>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>
#endif

/* In the device's C library, and in glibc since 2.38. */
#if defined(__GLIBC__) && !__GLIBC_PREREQ(2, 38)
static inline size_t vpnext_strlcpy(char *to, const char *from, size_t size)
{
    size_t length = strlen(from);
    if (size > 0) {
        size_t kept = length < size ? length : size - 1;
        memcpy(to, from, kept);
        to[kept] = '\0';
    }
    return length;
}
static inline size_t vpnext_strlcat(char *to, const char *from, size_t size)
{
    size_t used = strnlen(to, size);
    return used == size ? size + strlen(from) : used + vpnext_strlcpy(to + used, from, size - used);
}
#define strlcpy vpnext_strlcpy
#define strlcat vpnext_strlcat
#endif

#endif
