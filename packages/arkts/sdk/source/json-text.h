/* JSON that is written piece by piece. */
#ifndef VPNEXT_JSON_TEXT_H
#define VPNEXT_JSON_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* A text that grows. */
struct vpnext_text {
    char *bytes;
    size_t length;
};
void vpnext_append(struct vpnext_text *text, const char *bytes, size_t length);
/* With quotation marks, at most `most` bytes of it; false when it was cut. */
bool vpnext_append_json(struct vpnext_text *text, const char *string, size_t most);

#endif
