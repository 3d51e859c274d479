/*
 * The heap use of a program that was started with preload/heap_probe.c: bytes that are allocated and not freed.
 * SQLite's bytes are counted separately: its page caches grow with the store, up to their limit.
 */
#ifndef KYB_TESTS_HEAP_H
#define KYB_TESTS_HEAP_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/un.h>

struct heap {
	uint64_t own, database;
};

/* Reads the heap's size; false if the process does not answer. */
bool heap_of(pid_t pid, struct heap *out);
/* Sets the address of the process's socket; returns its length. */
socklen_t heap_address(pid_t pid, struct sockaddr_un *out);

#endif
