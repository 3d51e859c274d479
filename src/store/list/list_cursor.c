/* Cursors: base64url of version, sort, direction, a hash of the query, and the key of the last row. Only the store
 * reads cursors; it does not trust their content. */
#include "list_plan.h"
#include "kybdesk/base/text.h"

#include <string.h>

#define CURSOR_VERSION 1
#define CURSOR_HASH_SIZE 8
#define CURSOR_TEXT_MAX (256 * 1024)

static void add_number(struct strbuf *out, int64_t value)
{
	uint8_t bytes[8];

	bytes_put_int64(bytes, value);
	strbuf_add(out, bytes, sizeof bytes);
}

static void add_text(struct strbuf *out, const char *text)
{
	add_number(out, (int64_t)strlen(text));
	strbuf_adds(out, text);
}

/* Hashes the parts of a query that select the rows (not the parts for the order), so that a cursor cannot continue
 * another list. */
static void hash_query(const struct list_query *query, uint8_t hash[SHA256_SIZE])
{
	struct strbuf bytes = STRBUF_INIT;

	add_number(&bytes, query->inboxes ? query->inboxes & LIST_INBOXES_ALL : LIST_INBOXES_ALL);
	add_number(&bytes, query->include_subsessions);
	for (size_t i = 0; i < query->filter.count; i++) {
		const struct filter_term *term = &query->filter.terms[i];

		add_number(&bytes, term->key);
		add_number(&bytes, term->compare);
		add_number(&bytes, term->negated);
		add_number(&bytes, term->number);
		add_number(&bytes, term->code);
		add_text(&bytes, term->value ? term->value : "");
		add_text(&bytes, term->tag_key ? term->tag_key : "");
		if (term->key == FILTER_ASSIGNEE && !strcmp(term->value, "me"))
			add_text(&bytes, query->actor ? query->actor : "");
	}
	sha256_hash(bytes.buf, bytes.len, hash);
	strbuf_release(&bytes);
}

const char *list_cursor_write(struct arena *arena, const struct list_query *query, const struct list_sort_key *key)
{
	struct strbuf bytes = STRBUF_INIT, text = STRBUF_INIT;
	struct list_order order;
	uint8_t hash[SHA256_SIZE];
	char *cursor;

	list_order_of(query, &order);
	hash_query(query, hash);
	strbuf_addch(&bytes, CURSOR_VERSION);
	strbuf_addch(&bytes, (char)query->sort);
	strbuf_addch(&bytes, (char)query->reverse);
	strbuf_add(&bytes, hash, CURSOR_HASH_SIZE);
	add_number(&bytes, key->id);
	for (size_t i = order.first_key_is_text; i < order.count; i++)
		add_number(&bytes, key->numbers[i]);
	if (order.first_key_is_text)
		strbuf_adds(&bytes, key->name);
	base64url_encode(&text, bytes.buf, bytes.len);
	cursor = strbuf_to_arena(&text, arena);
	strbuf_release(&bytes);
	strbuf_release(&text);
	return cursor;
}

static enum err refuse_bad_cursor(struct error *error)
{
	return error_set_field(error, ERR_INVALID, "after",
			       "this is not a cursor of a list; use the \"next\" of the previous page, unchanged");
}

enum err list_cursor_read(struct arena *arena, const struct list_query *query, struct list_sort_key *out,
			  struct error *error)
{
	static const size_t head = 3 + CURSOR_HASH_SIZE;
	struct strbuf bytes = STRBUF_INIT;
	struct list_order order;
	uint8_t hash[SHA256_SIZE];
	size_t length = strlen(query->after), at = head + 8, numbers;
	enum err err = ERR_OK;

	*out = (struct list_sort_key){ .name = "" };
	list_order_of(query, &order);
	hash_query(query, hash);
	if (length > CURSOR_TEXT_MAX || !base64url_decode(&bytes, query->after, length) || bytes.len < at) {
		err = refuse_bad_cursor(error);
		goto out;
	}
	if (bytes.buf[0] != CURSOR_VERSION) {
		err = error_set_field(error, ERR_INVALID, "after",
				      "another version made this cursor; start with the first page again");
		goto out;
	}
	if (bytes.buf[1] != (char)query->sort || bytes.buf[2] != (char)query->reverse) {
		err = error_set_field(error, ERR_INVALID, "after",
				      "this cursor belongs to a list in another order; use the same --sort, or "
				      "start with the first page again");
		goto out;
	}
	if (memcmp(bytes.buf + 3, hash, CURSOR_HASH_SIZE) != 0) {
		err = error_set_field(error, ERR_INVALID, "after",
				      "this cursor belongs to a list of another inbox or filter; use the same "
				      "inbox and filter, or start with the first page again");
		goto out;
	}
	out->id = bytes_get_int64((const uint8_t *)bytes.buf + head);
	numbers = order.count - order.first_key_is_text;
	if (order.first_key_is_text ? !text_is_valid(bytes.buf + at, bytes.len - at) : bytes.len != at + 8 * numbers) {
		err = refuse_bad_cursor(error);
		goto out;
	}
	for (size_t i = 0; i < numbers; i++, at += 8)
		out->numbers[i] = bytes_get_int64((const uint8_t *)bytes.buf + at);
	if (order.first_key_is_text)
		out->name = arena_strndup(arena, bytes.buf + at, bytes.len - at);
out:
	strbuf_release(&bytes);
	return err;
}
