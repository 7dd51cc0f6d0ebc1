/*
 * HiLog: what is printed here is in `vpnext logs`, beside what ArkTS code logs. Arguments are private and appear as
 * `<private>` unless their place holder says `%{public}`.
 */
#ifndef VPNEXT_HILOG_LOG_H
#define VPNEXT_HILOG_LOG_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

/* 0 to 0xFFFF; files define their own before or after the include. */
#ifndef LOG_DOMAIN
#define LOG_DOMAIN 0
#endif
#ifndef LOG_TAG
#define LOG_TAG NULL
#endif

typedef enum {
    LOG_APP = 0,
} LogType;

typedef enum {
    LOG_DEBUG = 3,
    LOG_INFO = 4,
    LOG_WARN = 5,
    LOG_ERROR = 6,
    LOG_FATAL = 7,
} LogLevel;

typedef enum {
    UNSET_LOGLEVEL = 0,
    PREFER_CLOSE_LOG = 1,
    PREFER_OPEN_LOG = 2,
} PreferStrategy;

/* Gets every line before it is written, formatted; must not log itself. */
typedef void (*LogCallback)(const LogType type, const LogLevel level, const unsigned int domain,
                            const char *tag, const char *msg);

#ifdef __cplusplus
extern "C" {
#endif

/* Returns the bytes of the message, 0 for one that is not loggable, -1 for a wrong argument. */
int OH_LOG_Print(LogType type, LogLevel level, unsigned int domain, const char *tag, const char *fmt, ...);
int OH_LOG_VPrint(LogType type, LogLevel level, unsigned int domain, const char *tag, const char *fmt,
                  va_list ap);
int OH_LOG_PrintMsg(LogType type, LogLevel level, unsigned int domain, const char *tag, const char *message);
int OH_LOG_PrintMsgByLen(LogType type, LogLevel level, unsigned int domain, const char *tag, size_t tagLen,
                         const char *message, size_t messageLen);
bool OH_LOG_IsLoggable(unsigned int domain, const char *tag, LogLevel level);
void OH_LOG_SetCallback(LogCallback callback);
void OH_LOG_SetMinLogLevel(LogLevel level);
void OH_LOG_SetLogLevel(LogLevel level, PreferStrategy prefer);

#ifdef __cplusplus
}
#endif

#define OH_LOG_DEBUG(type, ...) ((void)OH_LOG_Print((type), LOG_DEBUG, LOG_DOMAIN, LOG_TAG, __VA_ARGS__))
#define OH_LOG_INFO(type, ...) ((void)OH_LOG_Print((type), LOG_INFO, LOG_DOMAIN, LOG_TAG, __VA_ARGS__))
#define OH_LOG_WARN(type, ...) ((void)OH_LOG_Print((type), LOG_WARN, LOG_DOMAIN, LOG_TAG, __VA_ARGS__))
#define OH_LOG_ERROR(type, ...) ((void)OH_LOG_Print((type), LOG_ERROR, LOG_DOMAIN, LOG_TAG, __VA_ARGS__))
#define OH_LOG_FATAL(type, ...) ((void)OH_LOG_Print((type), LOG_FATAL, LOG_DOMAIN, LOG_TAG, __VA_ARGS__))

#endif
