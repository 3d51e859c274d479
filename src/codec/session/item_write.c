/* A list item: one table names the members and their values for JSON trees, JSON lines and printed columns. */
#include "jansson_bridge.h"
#include "kybdesk/base/timefmt.h"
#include "kybdesk/codec/session_codec.h"
#include <stddef.h>
#include <string.h>

enum item_type {
	ITEM_TEXT,
	ITEM_TEXT_OR_NULL,
	ITEM_NUMBER,
	ITEM_TIME,
	ITEM_KIND,
	ITEM_STATUS,
	ITEM_INBOX,
	ITEM_RISK,
	ITEM_WHY
};

struct item_member {
	const char *word;
	enum item_type type;
	size_t offset;
};
#define MEMBER(word, type, member)                                                                                 \
	{                                                                                                          \
		word, type, offsetof(struct session_item, member)                                                  \
	}

/* Members in the fixed order of a list item. */
static const struct item_member members[] = {
	MEMBER("id", ITEM_TEXT, id),
	MEMBER("external_ref", ITEM_TEXT, external_ref),
	MEMBER("kind", ITEM_KIND, kind),
	MEMBER("workflow", ITEM_TEXT, workflow),
	MEMBER("merchant", ITEM_TEXT, merchant),
	MEMBER("subject_name", ITEM_TEXT, subject_name),
	MEMBER("country", ITEM_TEXT, country),
	MEMBER("status", ITEM_STATUS, status),
	MEMBER("compliance_status", ITEM_INBOX, status),
	MEMBER("risk_score", ITEM_RISK, risk_score),
	MEMBER("assignee", ITEM_TEXT_OR_NULL, assignee),
	MEMBER("level", ITEM_TEXT, level),
	MEMBER("parties_total", ITEM_NUMBER, parties_total),
	MEMBER("parties_verified", ITEM_NUMBER, parties_verified),
	MEMBER("documents_total", ITEM_NUMBER, documents_total),
	MEMBER("documents_accepted", ITEM_NUMBER, documents_accepted),
	MEMBER("submitted_at", ITEM_TIME, submitted_at),
	MEMBER("due_at", ITEM_TIME, due_at),
	MEMBER("updated_at", ITEM_TIME, updated_at),
	MEMBER("version", ITEM_NUMBER, version),
	MEMBER("parent_id", ITEM_TEXT_OR_NULL, parent_id),
	MEMBER("why", ITEM_WHY, blocker),
};
#define MEMBER_COUNT (sizeof members / sizeof *members)

const char *session_item_word(size_t at)
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

static const char *text_at(const void *at)
{
	const char *text;

	memcpy(&text, at, sizeof text);
	return text ? text : "";
}

static int64_t number_at(const void *at)
{
	int64_t number;

	memcpy(&number, at, sizeof number);
	return number;
}

static void value_of(const struct item_member *member, const struct session_item *item, struct item_value *out)
{
	const char *at = (const char *)item + member->offset;

	out->text = NULL;
	out->is_number = false;
	switch (member->type) {
	case ITEM_TEXT:
		out->text = text_at(at);
		return;
	case ITEM_TEXT_OR_NULL:
		out->text = text_at(at);
		if (!*out->text)
			out->text = NULL;
		return;
	case ITEM_TIME:
		if (number_at(at) == TIME_NONE)
			return;
		time_format(number_at(at), out->time);
		out->text = out->time;
		return;
	case ITEM_KIND:
		out->text = session_kind_text(item->kind);
		return;
	case ITEM_STATUS:
		out->text = session_status_text(item->status);
		return;
	case ITEM_INBOX:
		out->text = inbox_text(session_status_inbox(item->status));
		return;
	case ITEM_NUMBER:
		out->is_number = true;
		out->number = number_at(at);
		return;
	case ITEM_WHY:
		out->text = item->clean ? "clean" : item->blocker && *item->blocker ? item->blocker : NULL;
		return;
	case ITEM_RISK:
		out->is_number = item->risk_score != RISK_NONE;
		out->number = item->risk_score;
		return;
	}
}

struct json_value *session_item_write(const struct session_item *item)
{
	struct json_value *out = json_new_object();
	struct item_value value;

	for (size_t i = 0; i < MEMBER_COUNT; i++) {
		value_of(&members[i], item, &value);
		if (value.text)
			json_set_text(out, members[i].word, value.text);
		else if (value.is_number)
			json_set_int(out, members[i].word, value.number);
		else
			json_set_null(out, members[i].word);
	}
	return out;
}

void session_item_line(struct strbuf *out, const struct session_item *item)
{
	struct json_line line = json_line_begin(out);
	struct item_value value;

	for (size_t i = 0; i < MEMBER_COUNT; i++) {
		value_of(&members[i], item, &value);
		json_line_key(&line, members[i].word);
		if (value.text)
			json_line_text(&line, value.text);
		else if (value.is_number)
			json_line_int(&line, value.number);
		else
			json_line_null(&line);
	}
	json_line_end(&line);
}
