/* What the bundle is, as bundleManager of the kits tells it of itself. Texts belong to the caller, who frees them; NULL outside of an extension. */
#ifndef VPNEXT_NATIVE_INTERFACE_BUNDLE_H
#define VPNEXT_NATIVE_INTERFACE_BUNDLE_H

#ifdef __cplusplus
extern "C" {
#endif

typedef struct OH_NativeBundle_ApplicationInfo {
    char *bundleName;
    /* SHA-256 of what is installed, in hexadecimal. */
    char *fingerprint;
} OH_NativeBundle_ApplicationInfo;

OH_NativeBundle_ApplicationInfo OH_NativeBundle_GetCurrentApplicationInfo(void);
/* Bundle name and fingerprint. */
char *OH_NativeBundle_GetAppId(void);
/* There is none without a store: an empty text. */
char *OH_NativeBundle_GetAppIdentifier(void);

#ifdef __cplusplus
}
#endif

#endif
