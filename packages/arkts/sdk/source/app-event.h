/* Parameters of an event, and rules of names. */
#ifndef VPNEXT_APP_EVENT_H
#define VPNEXT_APP_EVENT_H

#include "hiappevent/hiappevent.h"
#include "json-text.h"

/* The members of an object of JSON, without its braces; gives what OH_HiAppEvent_Write says of them. */
int vpnext_write_params(struct vpnext_text *text, const ParamList list);

/* A letter, then letters, digits and `_`, at most `most`; `$` counts as a letter, and dots stand between names, where they are allowed. */
bool vpnext_is_name(const char *name, size_t most, bool hasMore);

#endif
