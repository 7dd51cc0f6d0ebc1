/* The same facts as deviceInfo of the kits gives: packages/kit/src/basic/device-info.ts. */
#include "deviceinfo.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

/* The newest API version whose VPN calls are here. */
#define SDK_API_VERSION 22

static struct utsname machine;
static char fullName[sizeof machine.release + sizeof "Linux-"];
static char displayVersion[sizeof machine.release + sizeof "Linux "];
static char versionId[sizeof machine.machine + sizeof machine.release + sizeof "Linux//"];

static void look(void)
{
    uname(&machine);
    snprintf(fullName, sizeof fullName, "Linux-%s", machine.release);
    snprintf(displayVersion, sizeof displayVersion, "Linux %s", machine.release);
    snprintf(versionId, sizeof versionId, "Linux/%s/%s", machine.machine, machine.release);
}

static void lookOnce(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, look);
}

/* The n-th number of the kernel's release. */
static int releasePart(int n)
{
    lookOnce();
    const char *at = machine.release;
    for (; n > 0 && at != NULL; n--) {
        at = strpbrk(at, ".-");
        if (at != NULL) at++;
    }
    return at == NULL ? 0 : atoi(at);
}

int OH_GetSdkApiVersion(void) { return SDK_API_VERSION; }
int OH_GetFirstApiVersion(void) { return SDK_API_VERSION; }
int OH_GetMajorVersion(void) { return releasePart(0); }
int OH_GetSeniorVersion(void) { return releasePart(1); }
int OH_GetFeatureVersion(void) { return releasePart(2); }
int OH_GetBuildVersion(void) { return 0; }
const char *OH_GetDeviceType(void) { return "2in1"; }
const char *OH_GetManufacture(void) { return "vpnext"; }
const char *OH_GetBrand(void) { return "vpnext"; }
const char *OH_GetMarketName(void) { return "Linux"; }
const char *OH_GetProductSeries(void) { return "Linux"; }
const char *OH_GetProductModel(void) { lookOnce(); return machine.machine; }
const char *OH_GetSoftwareModel(void) { return "Linux"; }
const char *OH_GetHardwareModel(void) { lookOnce(); return machine.machine; }
const char *OH_GetAbiList(void)
{
    lookOnce();
    return strcmp(machine.machine, "aarch64") == 0 ? "arm64-v8a" : machine.machine;
}
const char *OH_GetOSFullName(void) { lookOnce(); return fullName; }
const char *OH_GetDisplayVersion(void) { lookOnce(); return displayVersion; }
const char *OH_GetIncrementalVersion(void) { lookOnce(); return machine.version; }
const char *OH_GetOsReleaseType(void) { return "Release"; }
const char *OH_GetVersionId(void) { lookOnce(); return versionId; }
const char *OH_GetBuildType(void) { return "release"; }
const char *OH_GetDistributionOSName(void) { return ""; }
const char *OH_GetDistributionOSVersion(void) { return ""; }
int OH_GetDistributionOSApiVersion(void) { return 0; }
