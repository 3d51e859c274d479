/* Templates of messages to clients: a lead's change, recorded with the hashes of the old and new text. */
#include "use/use.h"
#include "kybdesk/base/not_found.h"
#include "kybdesk/desk/admin.h"
#include "kybdesk/store/template.h"

enum err desk_templates(struct desk *desk, struct arena *arena, struct message_templates *out, struct error *error)
{
	return store_template_list(desk->store, arena, out, error);
}

enum err template_find(const struct message_templates *all, const char *name, const struct message_template **out,
		       struct error *error)
{
	struct arena arena = ARENA_INIT;
	const char **names = arena_alloc_array(&arena, all->count + 1, sizeof *names);
	enum err err = ERR_OK;

	for (size_t i = 0; i < all->count; i++)
		names[i] = all->items[i].name;
	*out = ITEM_WITH_TEXT(all->items, all->count, name, name);
	if (!*out)
		err = error_unknown_word(error, ERR_NOT_FOUND,
					 &(struct unknown_name){ .kind = "template",
								 .name = name,
								 .hint = "List them with: kybdesk template list",
								 .names = names,
								 .count = all->count,
								 .field = "name" });
	arena_release(&arena);
	return err;
}

static enum err read_language(const char *word, enum language *out, struct error *error)
{
	*out = LANGUAGE_EN;
	if (!*word || language_parse(word, out))
		return ERR_OK;
	return error_invalid(error, "language", "Unknown language \"%s\"; choose one of: en, de, es, pt", word);
}

/* Accepts a code of the session or the document set. Refuses a restricted code, since it allows no message to the
 * client. */
static enum err check_reason(const struct reasons *reasons, const char *code, struct error *error)
{
	static const enum reason_set sets[] = { REASONS_SESSION, REASONS_DOCUMENT };
	const struct reason *reason = NULL;

	for (size_t i = 0; !reason && i < sizeof sets / sizeof sets[0]; i++)
		reason = reason_find(reasons, sets[i], code);
	if (!reason)
		return reason_require(reasons, REASONS_SESSION, code, NULL, 0, &reason, error);
	if (reason->disclosure == DISCLOSURE_RESTRICTED)
		return error_invalid(error, "reason",
				     "The reason %s allows no message to the client; choose another reason", code);
	return ERR_OK;
}

static const char *hash_of(struct use *use, const char *text)
{
	return *text ? sha256_text(use->arena, text, strlen(text)) : "";
}

static enum err read_template_change(struct use *use, struct message_template *out, enum language language,
				     struct error *error)
{
	const struct use_in *in = use->in;
	enum err err = template_text_check(use->arena, in->text, error);

	if (!err)
		err = outgoing_check(use, "text", in->text, error);
	if (!err && *in->reason && strcmp(in->reason, TEMPLATE_ALL) != 0)
		err = check_reason(&use->desk->reasons, in->reason, error);
	if (err)
		return err;
	use->has_no_change = !strcmp(out->texts[language], in->text);
	json_set_text(use->detail, "before_sha256", hash_of(use, out->texts[language]));
	if (*in->reason) {
		const char *reason = strcmp(in->reason, TEMPLATE_ALL) == 0 ? "" : in->reason;

		use->has_no_change &= !strcmp(out->reason, reason);
		out->reason = reason;
	}
	out->texts[language] = in->text;
	return ERR_OK;
}

/* Reads in->part: the name; in->type: the language ("": English); in->reason: a code, "all" for every reason, or ""
 * to keep the present reason; in->text. A new name makes a template. */
enum err use_template_set(struct use *use, struct error *error)
{
	const struct use_in *in = use->in;
	struct message_templates all = { 0 };
	struct message_template made = { .name = in->part, .reason = "", .texts = { "", "", "", "" } };
	struct message_template *of;
	enum language language = LANGUAGE_EN;
	enum err err = template_name_check(in->part, error);

	if (!err)
		err = read_language(in->type, &language, error);
	if (!err)
		err = store_template_list(use->desk->store, use->arena, &all, error);
	if (err)
		return err;
	of = ITEM_WITH_TEXT(all.items, all.count, name, in->part);
	if (!of && all.count >= TEMPLATES_MAX)
		return error_set(error, ERR_BLOCKED, "There are %d templates already; remove one first", TEMPLATES_MAX);
	of = of ? of : &made;
	err = read_template_change(use, of, language, error);
	if (err)
		return err;
	use->out->part_id = of->name;
	if (use->has_no_change)
		return ERR_OK;
	JSON_ADD(use->detail, { "template", AS_TEXT(of->name) }, { "language", AS_TEXT(language_text(language)) },
		 { "reason", AS_TEXT(*of->reason ? of->reason : TEMPLATE_ALL) },
		 { "sha256", AS_TEXT(hash_of(use, in->text)) });
	of->changed_at = use->now;
	of->changed_by = use->desk->actor;
	err = use_offer(use, arena_printf(use->arena, "%s/%s", of->name, language_text(language)), error);
	return err || use->out->is_proposal ? err : store_template_put(use->desk->store, of, error);
}

static bool has_text(const struct message_template *of)
{
	for (int i = 0; i < LANGUAGE_COUNT; i++)
		if (*of->texts[i])
			return true;
	return false;
}

/* Reads in->part: the name; in->type: the language, "": all languages. Removing the last text removes the template. */
enum err use_template_remove(struct use *use, struct error *error)
{
	const struct use_in *in = use->in;
	const struct message_template *found = NULL;
	struct message_templates all = { 0 };
	struct message_template left;
	enum language language = LANGUAGE_EN;
	enum err err = read_language(in->type, &language, error);

	if (!err)
		err = store_template_list(use->desk->store, use->arena, &all, error);
	if (!err)
		err = template_find(&all, in->part, &found, error);
	if (err)
		return err;
	left = *found;
	if (*in->type && !*left.texts[language])
		return error_set_field(error, ERR_NOT_FOUND, "language", "The template %s has no text in \"%s\"",
				       left.name, in->type);
	json_set_text(use->detail, "template", left.name);
	for (int i = 0; i < LANGUAGE_COUNT; i++) {
		if (!*left.texts[i] || (*in->type && i != (int)language))
			continue;
		json_set_text(use->detail,
			      arena_printf(use->arena, "before_sha256_%s", language_text((enum language)i)),
			      hash_of(use, left.texts[i]));
		left.texts[i] = "";
	}
	use->out->part_id = left.name;
	left.changed_at = use->now;
	left.changed_by = use->desk->actor;
	err = use_offer(use, *in->type ? arena_printf(use->arena, "%s/%s", left.name, in->type) : left.name, error);
	if (err || use->out->is_proposal)
		return err;
	return has_text(&left) ? store_template_put(use->desk->store, &left, error)
			       : store_row_delete(use->desk->store, DELETE_TEMPLATE, left.row, error);
}
