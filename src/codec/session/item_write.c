/* A list item: one table names the members and their values for JSON trees, JSON lines and printed columns. */
#include "jansson_bridge.h"
#include "kybdesk/codec/session_codec.h"
#include <stddef.h>
#include <string.h>

#define MEMBER_WITH_OPTIONS(word_, type_, member, ...)                                                                 \
	{                                                                                                              \
		.word = word_, .type = type_, .offset = offsetof(struct session_item, member), __VA_ARGS__             \
	}
#define MEMBER(word_, type_, member) MEMBER_WITH_OPTIONS(word_, type_, member, .flags = 0)

/* Members in the fixed order of a list item. */
static const struct column members[] = {
	MEMBER("id", COLUMN_TEXT, id),
	MEMBER("external_ref", COLUMN_TEXT, external_ref),
	MEMBER_WITH_OPTIONS("kind", COLUMN_ENUM, kind, .words = session_kind_words),
	MEMBER("workflow", COLUMN_TEXT, workflow),
	MEMBER("merchant", COLUMN_TEXT, merchant),
	MEMBER("subject_name", COLUMN_TEXT, subject_name),
	MEMBER("country", COLUMN_TEXT, country),
	MEMBER_WITH_OPTIONS("status", COLUMN_ENUM, status, .words = session_status_words),
	MEMBER("compliance_status", COLUMN_CUSTOM, status),
	MEMBER("risk_score", COLUMN_RISK, risk_score),
	MEMBER_WITH_OPTIONS("assignee", COLUMN_TEXT, assignee, .flags = COLUMN_NULL_IF_EMPTY),
	MEMBER("level", COLUMN_TEXT, level),
	MEMBER("parties_total", COLUMN_INT, parties_total),
	MEMBER("parties_verified", COLUMN_INT, parties_verified),
	MEMBER("documents_total", COLUMN_INT, documents_total),
	MEMBER("documents_accepted", COLUMN_INT, documents_accepted),
	MEMBER("submitted_at", COLUMN_TIME, submitted_at),
	MEMBER("due_at", COLUMN_TIME, due_at),
	MEMBER("updated_at", COLUMN_TIME, updated_at),
	MEMBER("version", COLUMN_INT, version),
	MEMBER_WITH_OPTIONS("parent_id", COLUMN_TEXT, parent_id, .flags = COLUMN_NULL_IF_EMPTY),
	MEMBER("why", COLUMN_CUSTOM, blocker),
};
#define MEMBER_COUNT (sizeof members / sizeof *members)

const char *session_item_member_name(size_t at)
{
	return at < MEMBER_COUNT ? members[at].word : NULL;
}

/* A text, a number, or no value. */
struct item_value {
	const char *text;
	bool is_number;
	int64_t number;
	char time[TIME_TEXT_SIZE];
};

static const char *own_text(const struct column *column, const struct session_item *item)
{
	if (strcmp(column->word, "why") != 0)
		return inbox_text(session_status_inbox(item->status));
	return item->has_alert			 ? "alert"
	       : item->clean			 ? "clean"
	       : item->blocker && *item->blocker ? item->blocker
						 : NULL;
}

static void fill_item_value(const struct column *column, const struct session_item *item, struct item_value *out)
{
	out->text = NULL;
	out->is_number = false;
	if (column->type == COLUMN_CUSTOM) {
		out->text = own_text(column, item);
	} else if (column->type == COLUMN_TEXT || column->type == COLUMN_ENUM) {
		out->text = column_text(column, item);
		if (!*out->text && column->flags & COLUMN_NULL_IF_EMPTY)
			out->text = NULL;
	} else if (column->type == COLUMN_TIME) {
		if (column_number(column, item) == TIME_NONE)
			return;
		time_format(column_number(column, item), out->time);
		out->text = out->time;
	} else {
		out->number = column_number(column, item);
		out->is_number = column->type != COLUMN_RISK || out->number != RISK_NONE;
	}
}

struct json_value *session_item_write(const struct session_item *item)
{
	struct json_value *out = json_new_object();
	struct item_value value;

	for (size_t i = 0; i < MEMBER_COUNT; i++) {
		fill_item_value(&members[i], item, &value);
		if (value.text)
			json_set_text(out, members[i].word, value.text);
		else if (value.is_number)
			json_set_int(out, members[i].word, value.number);
		else
			json_set_null(out, members[i].word);
	}
	return out;
}

void session_item_write_line(struct strbuf *out, const struct session_item *item)
{
	struct json_line line = json_line_begin(out);
	struct item_value value;

	for (size_t i = 0; i < MEMBER_COUNT; i++) {
		fill_item_value(&members[i], item, &value);
		json_line_add_key(&line, members[i].word);
		if (value.text)
			json_line_add_text(&line, value.text);
		else if (value.is_number)
			json_line_add_int(&line, value.number);
		else
			json_line_add_null(&line);
	}
	json_line_end(&line);
}
