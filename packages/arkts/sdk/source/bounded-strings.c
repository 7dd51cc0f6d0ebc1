/* Texts that are cut to their room, as OpenBSD's strlcpy(3) has them; glibc has none before 2.38. */
#include <string.h>

size_t strlcpy(char *to, const char *from, size_t size)
{
    size_t length = strlen(from);
    if (size > 0) {
        size_t copied = length < size ? length : size - 1;
        memcpy(to, from, copied);
        to[copied] = '\0';
    }
    return length;
}

size_t strlcat(char *to, const char *from, size_t size)
{
    size_t before = strnlen(to, size);
    return before + strlcpy(to + before, from, size - before);
}
