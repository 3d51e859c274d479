/*
 * What a request of the screen changes: one row a UI action, beside the dialog or key that asks for it. A row says which verb
 * it is, what is different about it on the reader's thread, and what is said and done once it has come back.
 */
#ifndef KYBDESK_TUI_UI_ACTION_H
#define KYBDESK_TUI_UI_ACTION_H

#include "kybdesk/desk/verbs.h"

struct arena;
struct desk;
struct use_in;
struct job;
struct workbench;

struct ui_action {
	enum verb verb; /* VERB_COUNT: the request's own, work->verb */
	/* What was done, up to the name of the case: `did`, and with `to` the request's text between the two
	 * ("Accepted" proof.pdf "of"). NULL: words() says it; without both nothing is said. */
	const char *did, *to;
	const char *(*words)(const struct job *job, struct arena *arena);
	const char *(*after)(const struct job *job, struct arena *arena); /* behind the name */
	/* On the reader's thread, in place of doing the verb with `in`, which holds what the request says. */
	enum err (*run)(struct desk *desk, struct job *job, struct use_in *in);
	/* In place of saying it; answer_notified() does that. */
	void (*finish)(struct workbench *workbench, const struct job *job);
	/* It failed: true when nothing else is to be said about it. */
	bool (*failed)(struct workbench *workbench, const struct job *job);
};

#endif
