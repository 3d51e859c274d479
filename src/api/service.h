/*
 * The protocol of a service manager (systemd.socket, sd_notify), without its library: a socket that is already
 * listening (LISTEN_FDS, LISTEN_PID), and datagrams to NOTIFY_SOCKET. Without a service manager these functions do
 * nothing.
 */
#ifndef KYBDESK_SRC_API_SERVICE_H
#define KYBDESK_SRC_API_SERVICE_H

#include "kybdesk/base/error.h"
#include "kybdesk/base/world.h"

/* *fd: the socket from the service manager, -1 none. ERR_INVALID: an unusable socket, or more than one. */
enum err service_socket(const struct world *world, int *fd, struct error *error) KYB_MUST_USE;
/* Sends "READY=1" and the like; newlines separate lines. Failures are ignored. */
void service_notify(const struct world *world, const char *text);
/* Interval in ms at which the service manager expects "WATCHDOG=1"; 0: never. */
int64_t service_watchdog_ms(const struct world *world);

#endif
