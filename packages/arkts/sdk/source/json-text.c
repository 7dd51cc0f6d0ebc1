#include "json-text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void vpnext_append(struct vpnext_text *text, const char *bytes, size_t length)
{
    char *grown = realloc(text->bytes, text->length + length + 1);
    if (grown == NULL) abort();
    text->bytes = grown;
    memcpy(grown + text->length, bytes, length);
    text->length += length;
    grown[text->length] = '\0';
}

bool vpnext_append_json(struct vpnext_text *text, const char *string, size_t most)
{
    size_t length = strnlen(string, most + 1), end = length > most ? most : length;
    char escaped[8];
    /* Not in the middle of a letter of UTF-8. */
    while (end < length && end > 0 && ((unsigned char)string[end] & 0xC0) == 0x80) end--;
    vpnext_append(text, "\"", 1);
    for (size_t i = 0; i < end; i++) {
        unsigned char byte = (unsigned char)string[i];
        if (byte == '"' || byte == '\\') vpnext_append(text, escaped, (size_t)snprintf(escaped, sizeof escaped, "\\%c", byte));
        else if (byte < ' ') vpnext_append(text, escaped, (size_t)snprintf(escaped, sizeof escaped, "\\u%04x", byte));
        else vpnext_append(text, string + i, 1);
    }
    vpnext_append(text, "\"", 1);
    return length <= most;
}
