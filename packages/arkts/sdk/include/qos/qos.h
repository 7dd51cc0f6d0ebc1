/* Quality of service of the calling thread: kept, and acted on by nothing. */
#ifndef VPNEXT_QOS_QOS_H
#define VPNEXT_QOS_QOS_H

#ifdef __cplusplus
extern "C" {
#endif

typedef enum QoS_Level {
    QOS_BACKGROUND = 0,
    QOS_UTILITY,
    QOS_DEFAULT,
    QOS_USER_INITIATED,
    QOS_DEADLINE_REQUEST,
    QOS_USER_INTERACTIVE,
} QoS_Level;

/* 0, or -1 for a level that does not exist, or when none was set. */
int OH_QoS_SetThreadQoS(QoS_Level level);
int OH_QoS_ResetThreadQoS(void);
int OH_QoS_GetThreadQoS(QoS_Level *level);

#ifdef __cplusplus
}
#endif

#endif
