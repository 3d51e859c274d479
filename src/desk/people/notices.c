/* Notices for the admin: texts that the program ships, changes that wait for a second admin, files without effect. */
#include "kybdesk/codec/json.h"
#include "kybdesk/desk/admin.h"
#include "kybdesk/store/offer.h"
#include "use/refusal.h"
#include "use/transaction.h"
#include "use/rules.h"

#include <string.h>

struct notices {
	struct desk *desk;
	struct arena *arena;
	struct rule_notice *items;
	size_t count, capacity;
};

static void add(struct notices *notices, const char *what, const char *advice)
{
	*ARENA_PUSH(notices->arena, notices->items, notices->count, notices->capacity) =
		(struct rule_notice){ what, advice };
}

/* Offers a shipped text until it was installed once. If an admin later returned to another text, the shipped text is
 * not offered again. */
static void offer(struct notices *notices, enum rule_text_kind kind, const struct resource *resource,
		  const struct rule_texts *installed)
{
	const char *name = rules_name(notices->arena, resource->name);
	bool workflow = kind == RULE_TEXT_WORKFLOW, known = false;
	char sha256[SHA256_HEX_SIZE];

	rules_hash(resource, sha256);
	for (size_t i = 0; i < installed->count; i++) {
		if (strcmp(installed->items[i].name, name))
			continue;
		if (!strcmp(installed->items[i].sha256, sha256))
			return;
		known = true;
	}
	add(notices,
	    known ? arena_printf(notices->arena, "kybdesk %s ships a newer text of %s%s", KYBDESK_VERSION,
				 workflow ? "" : "the reasons ", name)
		  : arena_printf(notices->arena, "kybdesk %s ships %s%s, which is not installed", KYBDESK_VERSION,
				 workflow ? "" : "the reasons ", name),
	    workflow ? arena_printf(notices->arena,
				    "read it with: kybdesk workflow diff %s %s@shipped; an admin installs it with: "
				    "kybdesk workflow install %s@shipped",
				    name, name, name)
		     : arena_printf(notices->arena, "an admin installs it with: kybdesk reasons install %s@shipped",
				    name));
}

/* "reviewer bo, from reviewer, to lead" */
static const char *change_text(struct arena *arena, const struct json_value *change)
{
	struct strbuf out = STRBUF_INIT;

	for (const char *key = json_first_key(change); key; key = json_next_key(change, key)) {
		const char *text = json_get_text(change, key);

		strbuf_addf(&out, "%s%s %s", out.len ? ", " : "", key,
			    text ? *text ? text : "not set" : json_to_arena(arena, json_get(change, key)));
	}
	for (char *c = out.buf; c && *c; c++)
		if (*c == '_')
			*c = ' ';
	return strbuf_finish(&out, arena);
}

static const char *does_of(const char *word)
{
	for (size_t i = 0; i < VERB_COUNT; i++)
		if (!strcmp(use_cases[i].word, word))
			return use_cases[i].does;
	return word;
}

static void add_offer(struct notices *notices, const struct offer *offer)
{
	bool workflow = !strcmp(offer->word, use_cases[VERB_WORKFLOW_INSTALL].word);
	struct json_value *change = NULL;
	const char *advice = "it takes effect when another admin gives the same command", *sha256;

	if (json_read(offer->change_json, strlen(offer->change_json), &change, NULL))
		change = json_new_object();
	sha256 = json_get_text(change, "sha256");
	if (sha256)
		advice = arena_printf(notices->arena,
				      "it comes into force when another admin installs it: kybdesk %s install "
				      "%s@%.12s",
				      workflow ? "workflow" : "reasons", offer->part, sha256);
	add(notices,
	    arena_printf(notices->arena, "%s offered at %s to %s: %s", offer->by,
			 moment_text(notices->arena, offer->at), does_of(offer->word),
			 change_text(notices->arena, change)),
	    advice);
	json_free(change);
}

/* Changes that wait for a second admin. */
static enum err waiting(struct notices *notices, struct error *error)
{
	struct offers list;
	enum err err = store_offer_list(notices->desk->store, notices->arena, &list, error);

	for (size_t i = 0; !err && i < list.count; i++)
		add_offer(notices, &list.items[i]);
	return err;
}

static enum err shipped(struct notices *notices, enum rule_text_kind kind, struct error *error)
{
	const char *folder = rules_folder(kind);
	struct rule_texts installed;
	enum err err = store_rule_list(notices->desk->store, notices->arena, kind, &installed, error);

	for (size_t i = 0; !err && i < resource_count; i++) {
		if (!strncmp(resource_table[i].name, folder, strlen(folder)))
			offer(notices, kind, &resource_table[i], &installed);
	}
	return err;
}

static void inspect_file(struct notices *notices, const char *resource, const char *advice)
{
	struct strbuf text = STRBUF_INIT;
	struct error error = { 0 };
	const char *origin = "";
	enum err err = rules_read_from_folders(notices->desk, notices->arena, resource, &text, &origin, &error);

	/* An existing but unreadable file is also reported. */
	if (*origin || err)
		add(notices,
		    arena_printf(notices->arena, "%s has an effect in a sandbox only; this store ignores it",
				 *origin ? origin : resource),
		    advice);
	error_release(&error);
	strbuf_release(&text);
}

static void ignored_files(struct notices *notices)
{
	static const struct {
		const char *folder, *advice;
	} folders[] = {
		{ "workflows/", "remove it, or let an admin install it: kybdesk workflow install FILE" },
		{ "reasons/", "remove it, or let an admin install it: kybdesk reasons install FILE" },
	};

	for (size_t f = 0; f < sizeof folders / sizeof *folders; f++) {
		size_t count = 0;
		const char **names = resource_list(notices->arena, notices->desk->world, folders[f].folder, &count);

		for (size_t i = 0; i < count; i++)
			inspect_file(notices, names[i], folders[f].advice);
	}
	inspect_file(notices, "countries.json", "remove it");
	inspect_file(notices, "subdivisions.json", "remove it");
}

enum err desk_rule_notices(struct desk *desk, struct arena *arena, struct rule_notice **items, size_t *count,
			   struct error *error)
{
	struct notices notices = { .desk = desk, .arena = arena };
	enum err err = desk_begin_read(desk, error);

	if (!err) {
		err = shipped(&notices, RULE_TEXT_WORKFLOW, error);
		if (!err)
			err = shipped(&notices, RULE_TEXT_REASONS, error);
		if (!err)
			err = waiting(&notices, error);
		desk_end_read(desk);
	}
	if (!err && !desk->store->sandbox)
		ignored_files(&notices);
	*items = notices.items;
	*count = notices.count;
	return err;
}
