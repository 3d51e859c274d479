/*
 * Reads of suspicions (domain/suspicion.h). The verbs suspicion_open, suspicion_note, suspicion_access and
 * suspicion_close (desk/verbs.h) change them. A person without access cannot find out whether a suspicion exists.
 */
#ifndef KYBDESK_DESK_SUSPICION_H
#define KYBDESK_DESK_SUSPICION_H

#include "kybdesk/desk/desk.h"
#include "kybdesk/domain/suspicion.h"

/* The suspicions that the actor may read. session: its suspicions, with their entries; NULL: all open suspicions,
 * the first due first. */
enum err desk_suspicions(struct desk *desk, struct arena *arena, const char *session, struct suspicion_list *out,
			 struct error *error) KYB_MUST_USE;

#endif
