/* What OH_HiAppEvent_Configure takes. */
#ifndef VPNEXT_HIAPPEVENT_CFG_H
#define VPNEXT_HIAPPEVENT_CFG_H

#define DISABLE "disable"
#define MAX_STORAGE "max_storage"

#endif
