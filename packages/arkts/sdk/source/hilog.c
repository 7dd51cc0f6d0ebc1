/*
 * HiLog for native code: formats a line and hands it to the service on standard error, which the service reads and tells
 * from other output by its first byte; packages/service/src/logs/native-line.ts reads it. So the last words of a process
 * that crashes are not lost.
 */
#define _GNU_SOURCE
#include "hilog/log.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* A record with its newline is one write of at most PIPE_BUF (4096), which does not mix with others'. */
#define MAX_RECORD 4096
#define MAX_MESSAGE 3960
#define MAX_TAG 31
#define MAX_SPEC 32
/* How long a full pipe is waited for, in ms; then the line is lost. */
#define FULL_PIPE_MS 200
#define RECORD_MARK '\x1e'
#define NEWLINE_MARK '\x1d'
#define TAG_END '\x1f'

struct text {
    char bytes[MAX_MESSAGE + 1];
    size_t length;
};

static _Atomic(LogCallback) currentCallback;
static atomic_int lowestLevel = LOG_DEBUG;

static void append(struct text *out, const char *bytes, size_t length)
{
    size_t room = MAX_MESSAGE - out->length;
    if (length > room) {
        length = room;
        /* Not in the middle of a UTF-8 character. */
        while (length > 0 && ((unsigned char)bytes[length] & 0xC0) == 0x80) length--;
    }
    memcpy(out->bytes + out->length, bytes, length);
    out->length += length;
}

enum size { SIZE_INT, SIZE_LONG, SIZE_LONG_LONG, SIZE_MAX_T, SIZE_SIZE_T, SIZE_PTRDIFF, SIZE_LONG_DOUBLE };

/* One place holder: `spec` is what printf understands of it. */
struct placeholder {
    char spec[MAX_SPEC];
    enum size size;
    char conversion;
    bool isPublic;
};

static void addToSpec(struct placeholder *holder, char byte)
{
    size_t length = strlen(holder->spec);
    if (length < MAX_SPEC - 1) {
        holder->spec[length] = byte;
        holder->spec[length + 1] = '\0';
    }
}

static const char *readNumber(struct placeholder *holder, const char *at, va_list *arguments)
{
    if (*at == '*') {
        char number[12];
        snprintf(number, sizeof number, "%d", va_arg(*arguments, int));
        for (const char *digit = number; *digit != '\0'; digit++) addToSpec(holder, *digit);
        return at + 1;
    }
    while (*at >= '0' && *at <= '9') addToSpec(holder, *at++);
    return at;
}

static const char *readSize(struct placeholder *holder, const char *at)
{
    holder->size = SIZE_INT;
    for (; *at != '\0' && strchr("hlqjztL", *at) != NULL; at++) {
        addToSpec(holder, *at);
        switch (*at) {
            case 'l': holder->size = holder->size == SIZE_LONG ? SIZE_LONG_LONG : SIZE_LONG; break;
            case 'q': holder->size = SIZE_LONG_LONG; break;
            case 'j': holder->size = SIZE_MAX_T; break;
            case 'z': holder->size = SIZE_SIZE_T; break;
            case 't': holder->size = SIZE_PTRDIFF; break;
            case 'L': holder->size = SIZE_LONG_DOUBLE; break;
            default: break;
        }
    }
    return at;
}

/* Reads the place holder whose `%` is before `at`; returns what follows, NULL at the end of the text. */
static const char *readPlaceholder(struct placeholder *holder, const char *at, va_list *arguments)
{
    strcpy(holder->spec, "%");
    holder->isPublic = false;
    if (strncmp(at, "{public}", 8) == 0) {
        holder->isPublic = true;
        at += 8;
    } else if (strncmp(at, "{private}", 9) == 0) {
        at += 9;
    }
    while (*at != '\0' && strchr("-+ #0'", *at) != NULL) addToSpec(holder, *at++);
    at = readNumber(holder, at, arguments);
    if (*at == '.') {
        addToSpec(holder, *at++);
        at = readNumber(holder, at, arguments);
    }
    at = readSize(holder, at);
    holder->conversion = *at;
    if (*at == '\0') return NULL;
    addToSpec(holder, *at);
    return at + 1;
}

#define PRINT(type)                                                                \
    do {                                                                           \
        type value = va_arg(*arguments, type);                                     \
        if (holder->isPublic) printed = snprintf(room, size, holder->spec, value); \
    } while (0)

/* Takes the argument of a place holder, shown or not; returns as snprintf does, -1 for an unknown conversion. */
static int printArgument(const struct placeholder *holder, va_list *arguments, char *room, size_t size,
                         int savedErrno)
{
    int printed = 0;
    switch (holder->conversion) {
        case 'd': case 'i': case 'u': case 'x': case 'X': case 'o': case 'c':
            switch (holder->size) {
                case SIZE_LONG: PRINT(long); break;
                case SIZE_LONG_LONG: PRINT(long long); break;
                case SIZE_MAX_T: PRINT(intmax_t); break;
                case SIZE_SIZE_T: PRINT(size_t); break;
                case SIZE_PTRDIFF: PRINT(ptrdiff_t); break;
                default: PRINT(int); break;
            }
            break;
        case 'e': case 'E': case 'f': case 'F': case 'g': case 'G': case 'a': case 'A':
            if (holder->size == SIZE_LONG_DOUBLE) PRINT(long double);
            else PRINT(double);
            break;
        case 's': {
            const char *value = va_arg(*arguments, const char *);
            if (holder->isPublic)
                printed = snprintf(room, size, holder->spec, value == NULL ? "(null)" : value);
            break;
        }
        case 'p': PRINT(void *); break;
        case 'm':
            printed = snprintf(room, size, "%s", strerror(savedErrno));
            break;
        default:
            return -1;
    }
    return printed;
}

static void format(struct text *out, const char *text, va_list *arguments)
{
    int savedErrno = errno;
    char room[MAX_MESSAGE + 1];
    for (const char *at = text; *at != '\0';) {
        const char *percent = strchr(at, '%');
        if (percent == NULL) {
            append(out, at, strlen(at));
            return;
        }
        append(out, at, (size_t)(percent - at));
        if (percent[1] == '%') {
            append(out, "%", 1);
            at = percent + 2;
            continue;
        }
        struct placeholder holder;
        const char *next = readPlaceholder(&holder, percent + 1, arguments);
        int printed = next == NULL ? -1 : printArgument(&holder, arguments, room, sizeof room, savedErrno);
        if (printed < 0) {
            /* What the arguments are after it nobody knows. */
            append(out, percent, strlen(percent));
            return;
        }
        if (!holder.isPublic && holder.conversion != 'm') append(out, "<private>", 9);
        else append(out, room, (size_t)printed < sizeof room ? (size_t)printed : sizeof room - 1);
        at = next;
    }
}

static const char *levelName(LogLevel level)
{
    switch (level) {
        case LOG_DEBUG: return "debug";
        case LOG_INFO: return "info";
        case LOG_WARN: return "warn";
        case LOG_ERROR: return "error";
        default: return "fatal";
    }
}

static void writeRecord(const char *record, size_t length)
{
    int savedErrno = errno;
    while (write(STDERR_FILENO, record, length) < 0) {
        struct pollfd standardError = {.fd = STDERR_FILENO, .events = POLLOUT, .revents = 0};
        if (errno == EINTR) continue;
        if (errno != EAGAIN || poll(&standardError, 1, FULL_PIPE_MS) <= 0) break;
    }
    errno = savedErrno;
}

static int emit(LogType type, LogLevel level, unsigned int domain, const char *tag, size_t tagLength,
                const char *message, size_t length)
{
    LogCallback callback = atomic_load(&currentCallback);
    char name[MAX_TAG + 1];
    if (tagLength > MAX_TAG) tagLength = MAX_TAG;
    memcpy(name, tag, tagLength);
    name[tagLength] = '\0';
    if (callback != NULL) callback(type, level, domain, name, message);
    for (size_t i = 0; i < tagLength; i++) {
        if ((unsigned char)name[i] < ' ') name[i] = ' ';
    }
    char record[MAX_RECORD];
    int head = snprintf(record, sizeof record, "%c%s %x %s%c", RECORD_MARK, levelName(level), domain & 0xFFFF,
                        name, TAG_END);
    size_t used = (size_t)head;
    for (size_t i = 0; i < length && used < MAX_RECORD - 1; i++)
        record[used++] = message[i] == '\n' ? NEWLINE_MARK : message[i];
    record[used++] = '\n';
    writeRecord(record, used);
    return (int)length;
}

bool OH_LOG_IsLoggable(unsigned int domain, const char *tag, LogLevel level)
{
    return domain <= 0xFFFF && tag != NULL && *tag != '\0' && (int)level >= atomic_load(&lowestLevel) &&
           level <= LOG_FATAL;
}

/* Lines without a tag are written, as on the device, though IsLoggable wants one. */
static bool isWanted(LogLevel level)
{
    return level >= LOG_DEBUG && level <= LOG_FATAL && (int)level >= atomic_load(&lowestLevel);
}

int OH_LOG_VPrint(LogType type, LogLevel level, unsigned int domain, const char *tag, const char *fmt,
                  va_list ap)
{
    if (fmt == NULL) return -1;
    if (!isWanted(level)) return 0;
    struct text out = {.length = 0};
    va_list arguments;
    va_copy(arguments, ap);
    format(&out, fmt, &arguments);
    va_end(arguments);
    out.bytes[out.length] = '\0';
    const char *name = tag == NULL ? "" : tag;
    return emit(type, level, domain, name, strlen(name), out.bytes, out.length);
}

int OH_LOG_Print(LogType type, LogLevel level, unsigned int domain, const char *tag, const char *fmt, ...)
{
    va_list arguments;
    va_start(arguments, fmt);
    int result = OH_LOG_VPrint(type, level, domain, tag, fmt, arguments);
    va_end(arguments);
    return result;
}

int OH_LOG_PrintMsgByLen(LogType type, LogLevel level, unsigned int domain, const char *tag, size_t tagLen,
                         const char *message, size_t messageLen)
{
    if (message == NULL) return -1;
    if (!isWanted(level)) return 0;
    struct text out = {.length = 0};
    append(&out, message, strnlen(message, messageLen));
    out.bytes[out.length] = '\0';
    const char *name = tag == NULL ? "" : tag;
    return emit(type, level, domain, name, strnlen(name, tagLen), out.bytes, out.length);
}

int OH_LOG_PrintMsg(LogType type, LogLevel level, unsigned int domain, const char *tag, const char *message)
{
    size_t tagLength = tag == NULL ? 0 : strlen(tag);
    size_t length = message == NULL ? 0 : strlen(message);
    return OH_LOG_PrintMsgByLen(type, level, domain, tag, tagLength, message, length);
}

void OH_LOG_SetCallback(LogCallback callback)
{
    atomic_store(&currentCallback, callback);
}

void OH_LOG_SetMinLogLevel(LogLevel level)
{
    atomic_store(&lowestLevel, level);
}

/* PREFER_CLOSE_LOG may only raise the level, PREFER_OPEN_LOG only lower it. */
void OH_LOG_SetLogLevel(LogLevel level, PreferStrategy prefer)
{
    int current = atomic_load(&lowestLevel);
    if (prefer == PREFER_CLOSE_LOG && (int)level < current) return;
    if (prefer == PREFER_OPEN_LOG && (int)level > current) return;
    atomic_store(&lowestLevel, level);
}
