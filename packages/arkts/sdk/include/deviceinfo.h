/* What deviceInfo of the kits says, for native code. */
#ifndef VPNEXT_DEVICEINFO_H
#define VPNEXT_DEVICEINFO_H

#ifdef __cplusplus
extern "C" {
#endif

int OH_GetSdkApiVersion(void);
int OH_GetFirstApiVersion(void);
int OH_GetMajorVersion(void);
int OH_GetSeniorVersion(void);
int OH_GetFeatureVersion(void);
int OH_GetBuildVersion(void);
const char *OH_GetDeviceType(void);
const char *OH_GetManufacture(void);
const char *OH_GetBrand(void);
const char *OH_GetMarketName(void);
const char *OH_GetProductSeries(void);
const char *OH_GetProductModel(void);
const char *OH_GetSoftwareModel(void);
const char *OH_GetHardwareModel(void);
const char *OH_GetAbiList(void);
const char *OH_GetOSFullName(void);
const char *OH_GetDisplayVersion(void);
const char *OH_GetIncrementalVersion(void);
const char *OH_GetOsReleaseType(void);
const char *OH_GetVersionId(void);
const char *OH_GetBuildType(void);
const char *OH_GetDistributionOSName(void);
const char *OH_GetDistributionOSVersion(void);
int OH_GetDistributionOSApiVersion(void);

#ifdef __cplusplus
}
#endif

#endif
