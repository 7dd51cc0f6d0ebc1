/* Names of parameters of events. */
#ifndef VPNEXT_HIAPPEVENT_PARAM_H
#define VPNEXT_HIAPPEVENT_PARAM_H

#define PARAM_USER_ID "user_id"
#define PARAM_DISTRIBUTED_SERVICE_NAME "ds_name"
#define PARAM_DISTRIBUTED_SERVICE_INSTANCE_ID "ds_instance_id"

#endif
