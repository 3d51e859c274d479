/*
 * What a service manager gives and wants to know (systemd.socket, sd_notify), without its library: a socket that it
 * listens on already (LISTEN_FDS, LISTEN_PID), and datagrams to NOTIFY_SOCKET. Without it all of this is nothing.
 */
#ifndef KYBDESK_SRC_API_SERVICE_H
#define KYBDESK_SRC_API_SERVICE_H

#include "kybdesk/base/error.h"
#include "kybdesk/base/world.h"

/* *fd: the socket that was handed over, -1 none. ERR_INVALID for one that cannot be used, or more than one. */
enum err service_socket(const struct world *world, int *fd, struct error *error) KYB_MUST_USE;
/* "READY=1"; lines end in newlines but for the last. What cannot be told is not told. */
void service_notify(const struct world *world, const char *text);
/* How often it wants to hear "WATCHDOG=1", in ms; 0: not at all. */
int64_t service_watchdog_ms(const struct world *world);

#endif
