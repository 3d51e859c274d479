/*
 * UI actions: one row per change that a screen can request, beside its dialog or key. A row names its verb, any
 * special handling on the reader thread, and the message and follow-up after the response.
 */
#ifndef KYBDESK_TUI_UI_ACTION_H
#define KYBDESK_TUI_UI_ACTION_H

#include "kybdesk/desk/verbs.h"

struct arena;
struct desk;
struct job;
struct workbench;

struct ui_action {
	enum verb verb; /* VERB_COUNT: the request's job->verb */
	/* The message up to the case's name: `did`, or with `to` the item between both ("Accepted" proof.pdf
	 * "of"). NULL: words() makes it; without both no message. */
	const char *did, *to;
	const char *(*words)(const struct job *job, struct arena *arena);
	const char *(*after)(const struct job *job, struct arena *arena); /* text after the name */
	/* On the reader's thread, in place of desk_do() with job->in. */
	enum err (*run)(struct desk *desk, struct job *job);
	/* In place of the message; answer_notified() shows it. */
	void (*finish)(struct workbench *workbench, const struct job *job);
	/* After a failure: true if no further message is needed. */
	bool (*failed)(struct workbench *workbench, const struct job *job);
};

#endif
