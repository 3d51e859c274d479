#include "kybdesk/domain/view.h"
#include "kybdesk/base/strbuf.h"
#include "kybdesk/base/text.h"

#include <string.h>
#include <strings.h>

const struct view views_shipped[VIEW_SHIPPED_COUNT] = {
	{ "mine", "assignee:me", SORT_DUE, "You hold no case." },
	{ "clean", "clean:yes", SORT_DUE, "No case is ready: each case has a blocker." },
	{ "alerts", "mark:alert", SORT_DUE, "No alert is open." },
	{ "overdue", "due:over", SORT_DUE, "Nothing is overdue." },
	{ "mentioned", "mentioned:me", SORT_DUE, "No note is waiting for your answer." },
	{ "waiting", "waiting:client,party,provider", SORT_DUE, "No case is waiting for anybody else." },
	{ "held", "mark:held", SORT_DUE, "Nobody holds a case." },
	{ "snoozed", "mark:snoozed", SORT_DUE, "No case is snoozed." },
	{ "returned", "mark:returned -status:approved,rejected", SORT_DUE,
	  "No corrected case is waiting for a decision." },
	{ "noted", "mark:noted -status:approved,rejected", SORT_DUE, "No undecided case has a note." },
	{ "second", "waiting:second", SORT_DUE, "No case waits for a second approval." },
};

const struct view *view_by_name(const struct view *views, size_t count, const char *name)
{
	/* The name of the view in earlier versions, which scripts may still use. */
	if (!strcasecmp(name, "over due"))
		name = "overdue";
	for (size_t i = 0; i < count; i++)
		if (!strcasecmp(views[i].name, name))
			return &views[i];
	return NULL;
}

const char *view_title(const char *name)
{
	return !strcmp(name, "mine") ? "my cases" : !strcmp(name, "clean") ? "ready" : name;
}

static bool is_printable(const char *name)
{
	struct strbuf seen = STRBUF_INIT;
	bool same;

	text_display(&seen, name, strlen(name), TEXT_UTF8);
	same = !strcmp(seen.buf, name);
	strbuf_release(&seen);
	return same;
}

enum err view_name_check(const char *name, struct error *error)
{
	size_t characters = text_character_count(name);

	if (!*name)
		return error_invalid(error, "name", "A view needs a name");
	if (characters > VIEW_NAME_MAX)
		return error_invalid(error, "name",
				     "The name of a view can have at most %d characters; this name has %zu",
				     VIEW_NAME_MAX, characters);
	if (!is_printable(name) || *name == ' ' || name[strlen(name) - 1] == ' ')
		return error_invalid(
			error, "name",
			"The name of a view cannot have invisible characters, or a space at its start or end");
	if (view_by_name(views_shipped, VIEW_SHIPPED_COUNT, name))
		return error_invalid(error, "name", "\"%s\" is a built-in view; choose another name", name);
	return ERR_OK;
}
