/* What bundleManager of the kits tells of the bundle itself. */
#define _GNU_SOURCE
#include "bundle/native_interface_bundle.h"
#include "bundle-facts.h"

#include <stdio.h>
#include <string.h>

static char *copy(const char *text) { return *vpnext_bundle_name() == '\0' ? NULL : strdup(text); }

OH_NativeBundle_ApplicationInfo OH_NativeBundle_GetCurrentApplicationInfo(void)
{
    return (OH_NativeBundle_ApplicationInfo){copy(vpnext_bundle_name()), copy(vpnext_bundle_fingerprint())};
}

char *OH_NativeBundle_GetAppId(void)
{
    char id[400];
    snprintf(id, sizeof id, "%s_%s", vpnext_bundle_name(), vpnext_bundle_fingerprint());
    return copy(id);
}

char *OH_NativeBundle_GetAppIdentifier(void) { return copy(""); }
