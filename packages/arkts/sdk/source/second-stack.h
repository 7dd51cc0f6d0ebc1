/* A stack for signals, for threads that native code makes. */
#ifndef VPNEXT_SECOND_STACK_H
#define VPNEXT_SECOND_STACK_H

/* Gives the calling thread one, until it ends: there crash-report.c can tell that the thread has used up its own. */
void vpnext_take_second_stack(void);

#endif
