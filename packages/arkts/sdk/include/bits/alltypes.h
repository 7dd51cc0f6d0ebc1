/*
 * Types of the device's C library, all in one place. Nobody should include it, but DevEco Studio writes it into sources when
 * it completes the name of a type.
 */
#ifndef VPNEXT_BITS_ALLTYPES_H
#define VPNEXT_BITS_ALLTYPES_H

#include <locale.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <time.h>
#include <wchar.h>

#endif
