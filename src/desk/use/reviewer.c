#include "use/reviewer.h"
#include "use/actor.h"
#include "kybdesk/base/not_found.h"
#include "kybdesk/base/text.h"

#include <string.h>

#define LIST_HINT "List them with: kybdesk reviewer list"

static char *in_lower_case(struct arena *arena, const char *name)
{
	char *lower = arena_strdup(arena, name);

	for (char *c = lower; *c; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c - 'A' + 'a');
	return lower;
}

enum err reviewer_find(struct store *store, struct arena *arena, const char *name, struct reviewer *out,
		       struct error *error)
{
	const char *lower = in_lower_case(arena, name);
	enum err err = store_reviewer_find(store, arena, name, out, error);

	if (!err && !out->row && strcmp(lower, name) != 0)
		err = store_reviewer_find(store, arena, lower, out, error);
	return err;
}

enum err reviewer_require(struct store *store, struct arena *arena, const char *name, struct reviewer *out,
			  struct error *error)
{
	struct reviewer *items = NULL;
	const char **names;
	size_t count = 0;
	enum err err = reviewer_find(store, arena, name, out, error);

	if (err || out->row)
		return err;
	err = store_reviewer_list(store, arena, &items, &count, error);
	if (err)
		return err;
	names = arena_alloc_array(arena, count + 1, sizeof *names);
	for (size_t i = 0; i < count; i++)
		names[i] = items[i].name;
	return unknown_word(error, ERR_NOT_FOUND,
			    &(struct unknown){ .kind = "reviewer",
					       .name = name,
					       .hint = LIST_HINT,
					       .names = names,
					       .count = count,
					       .field = "name" });
}

static bool is_letter_or_digit(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static enum err check_letters(const char *name, struct error *error)
{
	size_t length = strlen(name);

	if (strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789._-") != length)
		return error_set_field(
			error, ERR_INVALID, "name",
			"The name of a reviewer cannot be \"%s\"; allowed: letters a to z, digits, dots, "
			"underscores and hyphens",
			name);
	if (!is_letter_or_digit(name[0]) || !is_letter_or_digit(name[length - 1]))
		return error_set_field(
			error, ERR_INVALID, "name",
			"The name of a reviewer cannot be \"%s\"; it must begin and end with a letter or a "
			"digit",
			name);
	return ERR_OK;
}

const char *name_likeness(struct arena *arena, const char *name)
{
	static const struct {
		const char *drawn, *as;
	} pairs[] = { { "RN", "M" }, { "VV", "W" } };
	struct strbuf looks = STRBUF_INIT, out = STRBUF_INIT;

	text_likeness(&looks, name, strlen(name));
	for (const char *c = looks.buf; *c;) {
		size_t i = 0, count = sizeof pairs / sizeof *pairs;
		while (i < count && !text_has_prefix(c, pairs[i].drawn))
			i++;
		if (i < count)
			strbuf_adds(&out, pairs[i].as);
		else
			strbuf_addch(&out, *c);
		c += i < count ? strlen(pairs[i].drawn) : 1;
	}
	const char *result = strbuf_to_arena(&out, arena);
	strbuf_release(&looks);
	strbuf_release(&out);
	return result;
}

static enum err check_alike(struct store *store, struct arena *arena, const char *name, struct error *error)
{
	const char *mine = name_likeness(arena, name);
	struct reviewer *items = NULL;
	size_t count = 0;
	enum err err = store_reviewer_list(store, arena, &items, &count, error);

	for (size_t i = 0; !err && i < count; i++)
		if (strcmp(items[i].name, name) != 0 && strcmp(name_likeness(arena, items[i].name), mine) == 0)
			return error_set_field(error, ERR_CONFLICT, "name",
					       "The name \"%s\" looks like that of the reviewer \"%s\"; choose "
					       "another name",
					       name, items[i].name);
	return err;
}

enum err reviewer_new_name(struct store *store, struct arena *arena, const char *name, const char **out,
			   struct error *error)
{
	enum err err;

	*out = in_lower_case(arena, name);
	err = reviewer_name_check(*out, error);
	if (!err)
		err = check_letters(*out, error);
	if (!err)
		err = store_reviewer_require_free_name(store, *out, error);
	return err ? err : check_alike(store, arena, *out, error);
}

enum err reviewer_add(struct store *store, struct arena *arena, struct reviewer *reviewer, int64_t now,
		      struct error *error)
{
	enum err err = reviewer_new_name(store, arena, reviewer->name, &reviewer->name, error);

	return err ? err : store_reviewer_insert(store, reviewer, now, error);
}
