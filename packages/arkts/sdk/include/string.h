/* The machine's, and what only the device's C library has before glibc 2.38. */
#ifndef VPNEXT_STRING_H
#define VPNEXT_STRING_H

#include_next <string.h>

#if defined(__USE_MISC) && !__GLIBC_PREREQ(2, 38)
#ifdef __cplusplus
extern "C" {
#endif
size_t strlcpy(char *to, const char *from, size_t size);
size_t strlcat(char *to, const char *from, size_t size);
#ifdef __cplusplus
}
#endif
#endif

#endif
