/* Parameters of an event, and rules of names. */
#ifndef VPNEXT_APP_EVENT_H
#define VPNEXT_APP_EVENT_H

#include "hiappevent/hiappevent.h"

#include <stddef.h>

/* A text that grows. */
struct vpnext_text {
    char *bytes;
    size_t length;
};
void vpnext_append(struct vpnext_text *text, const char *bytes, size_t length);
/* With quotation marks, at most `most` bytes of it; false when it was cut. */
bool vpnext_append_json(struct vpnext_text *text, const char *string, size_t most);

/* The members of an object of JSON, without its braces; gives what OH_HiAppEvent_Write says of them. */
int vpnext_write_params(struct vpnext_text *text, const ParamList list);

/* A letter, then letters, digits and `_`, at most `most`; `$` counts as a letter, and dots stand between names, where they are allowed. */
bool vpnext_is_name(const char *name, size_t most, bool hasMore);

#endif
