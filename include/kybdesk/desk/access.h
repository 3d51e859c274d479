/*
 * Access over SSH (docs/access.md): the public keys of reviewers. VERB_ACCESS_ADD and VERB_ACCESS_REMOVE change them.
 */
#ifndef KYBDESK_DESK_ACCESS_H
#define KYBDESK_DESK_ACCESS_H

#include "kybdesk/desk/desk.h"
#include "kybdesk/domain/ssh_key.h"

/* The keys of a reviewer. reviewer "": the keys of all reviewers, also of disabled ones. */
enum err desk_access_keys(struct desk *desk, struct arena *arena, const char *reviewer, struct access_key **items,
			  size_t *count, struct error *error) KYB_MUST_USE;
/* As desk_access_keys(), for sshd and only of active reviewers: opens the store without an actor, for the account
 * that owns it. */
enum err desk_access_lines(const struct desk_options *options, struct arena *arena, const char *reviewer,
			   struct access_key **items, size_t *count, struct error *error) KYB_MUST_USE;

#endif
