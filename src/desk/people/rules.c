/* Lists the texts of rules, resolves references to texts, and installs a text. */
#include "use/use.h"
#include "kybdesk/base/not_found.h"
#include "kybdesk/base/file.h"
#include "kybdesk/base/text.h"

#include <errno.h>
#include <stdlib.h>

#define SHA256_PREFIX_MIN 4
#define SHA256_SHOWN 12

static const char built_in[] = "built in";

enum err rules_read_from_folders(struct desk *desk, struct arena *arena, const char *resource, struct strbuf *out,
				 const char **origin, struct error *error)
{
	struct error why = { 0 };
	enum err err = resource_read(arena, desk->world, resource, out, origin, &why);

	/* Sets *origin to "", without an error, if no folder has the text; a built-in text does not count. */
	if (err == ERR_NOT_FOUND || (!err && !strcmp(*origin, built_in))) {
		strbuf_reset(out);
		error_release(&why);
		*origin = "";
		return ERR_OK;
	}
	if (err)
		error_move(error, &why);
	return err;
}

const char *rule_name_of_path(struct arena *arena, const char *path)
{
	const char *name = path_basename(path);
	size_t length = strlen(name);

	if (length > 5 && !strcmp(name + length - 5, ".json"))
		length -= 5;
	return arena_strndup(arena, name, length);
}

enum err workflow_names(struct desk *desk, struct arena *arena, struct workflow_names *out, struct error *error)
{
	struct rule_texts texts;
	size_t kept = 0;
	enum err err = store_rule_list(desk->store, arena, RULE_TEXT_WORKFLOW, &texts, error);

	if (err)
		return err;
	for (size_t i = 0; i < texts.count; i++) {
		if (texts.items[i].current)
			*ARENA_PUSH(arena, out->items, out->count, out->capacity) = texts.items[i].name;
	}
	if (desk->store->sandbox) {
		size_t count = 0;
		const char **files = resource_list(arena, desk->world, "workflows/", &count);

		/* Skips shipped texts, which `files` also contains: a shipped text counts only after its
		 * installation. */
		for (size_t i = 0; i < count; i++) {
			struct strbuf text = STRBUF_INIT;
			const char *origin = "";

			if (rules_read_from_folders(desk, arena, files[i], &text, &origin, NULL) || *origin)
				*ARENA_PUSH(arena, out->items, out->count, out->capacity) =
					rule_name_of_path(arena, files[i]);
			strbuf_release(&text);
		}
	}
	if (out->count)
		qsort(out->items, out->count, sizeof *out->items, text_compare);
	for (size_t i = 0; i < out->count; i++) {
		if (!i || strcmp(out->items[i], out->items[kept - 1]))
			out->items[kept++] = out->items[i];
	}
	out->count = kept;
	return ERR_OK;
}

enum err rule_source_read(struct arena *arena, const char *path, struct rule_source *out, struct error *error)
{
	struct strbuf text = STRBUF_INIT;
	enum err err = file_read_input(path, RULE_TEXT_MAX, &text, error);

	*out = (struct rule_source){ .name = "", .label = "", .text = "" };
	if (!err) {
		out->label = strcmp(path, "-") ? arena_strdup(arena, path) : "standard input";
		out->text = arena_strndup(arena, text.buf, text.len);
		out->length = text.len;
	}
	strbuf_release(&text);
	return err;
}

static enum err find_shipped_source(struct arena *arena, enum rule_text_kind kind, const char *name,
				    struct rule_source *out, struct error *error)
{
	const struct resource *resource = rules_find_shipped(arena, kind, name);

	if (!resource)
		return error_unknown_word(error, ERR_NOT_FOUND,
					  &(struct unknown_name){ .kind = rule_text_kind_text(kind),
								  .name = name,
								  .hint = "This program ships no text of that name",
								  .field = rule_text_kind_text(kind) });
	out->name = name;
	out->label = arena_printf(arena, "%s as shipped with kybdesk %s", name, KYBDESK_RELEASE);
	out->text = arena_strndup(arena, (const char *)resource->bytes, resource->length);
	out->length = resource->length;
	out->is_shipped = true;
	return ERR_OK;
}

static bool parse_version(const char *text, int64_t *out)
{
	size_t digits = strspn(text, "0123456789");

	errno = 0;
	*out = strtoll(text, NULL, 10);
	return digits && !text[digits] && !errno;
}

/* A reference to a stored text, such as "ralio-kyb@3". */
struct rule_name {
	enum rule_text_kind kind;
	const char *name;
	const char *version_or_hash; /* a version, or the beginning of a hash; "": the text in force */
};

/* Chooses the latest text of the wanted version, or the text with a hash that begins with wanted->version_or_hash. */
static enum err choose_version(const struct rule_texts *texts, const struct rule_name *wanted,
			       const struct rule_text **out, struct error *error)
{
	const struct rule_text *items = texts->items;
	const char *name = wanted->name, *which = wanted->version_or_hash;
	size_t count = texts->count;
	int64_t version = 0;
	bool by_version = parse_version(which, &version);
	size_t length = strlen(which);

	*out = NULL;
	for (size_t i = 0; i < count; i++) {
		if (strcmp(items[i].name, name))
			continue;
		if (!*which ? items[i].current : by_version && items[i].version == version)
			*out = &items[i];
	}
	for (size_t i = 0; !*out && length >= SHA256_PREFIX_MIN && i < count; i++) {
		if (strcmp(items[i].name, name) || strncmp(items[i].sha256, which, length))
			continue;
		for (size_t j = i + 1; j < count; j++) {
			if (!strcmp(items[j].name, name) && !strncmp(items[j].sha256, which, length) &&
			    strcmp(items[j].sha256, items[i].sha256))
				return error_set(error, ERR_USAGE,
						 "\"%s@%s\" matches several texts; use more characters of the hash",
						 name, which);
		}
		*out = &items[i];
	}
	return ERR_OK;
}

static enum err refuse_unknown_text(struct arena *arena, const struct rule_texts *texts, const struct rule_name *wanted,
				    struct error *error)
{
	const char *kind = rule_text_kind_text(wanted->kind), *name = wanted->name;
	const char **names = arena_alloc_array(arena, texts->count, sizeof *names);
	struct strbuf versions = STRBUF_INIT;
	enum err err;

	for (size_t i = 0; i < texts->count; i++) {
		const struct rule_text *text = &texts->items[i];

		names[i] = text->name;
		if (!strcmp(text->name, name))
			strbuf_addf(&versions, "%s%lld (%.*s)", versions.len ? ", " : "", (long long)text->version,
				    SHA256_SHOWN, text->sha256);
	}
	if (versions.len)
		err = error_set_field(error, ERR_NOT_FOUND, kind, "%s has no version \"%s\"; installed versions: %s",
				      name, wanted->version_or_hash, versions.buf);
	else
		err = error_unknown_word(
			error, ERR_NOT_FOUND,
			&(struct unknown_name){ .kind = kind,
						.name = name,
						.hint = "To name a file, include its folder or the ending .json",
						.names = names,
						.count = texts->count,
						.field = kind });
	strbuf_release(&versions);
	return err;
}

static enum err find_stored_source(struct desk *desk, struct arena *arena, const struct rule_name *wanted,
				   struct rule_source *out, struct error *error)
{
	struct rule_texts texts;
	struct rule_text text;
	const struct rule_text *found = NULL;
	enum err err = store_rule_list(desk->store, arena, wanted->kind, &texts, error);

	if (!err)
		err = choose_version(&texts, wanted, &found, error);
	if (!err && !found)
		err = refuse_unknown_text(arena, &texts, wanted, error);
	if (!err)
		err = store_rule_load(desk->store, arena, found->row, &text, error);
	if (err)
		return err;
	out->name = text.name;
	out->label = arena_printf(arena, "%s version %lld, %.*s", text.name, (long long)text.version, SHA256_SHOWN,
				  text.sha256);
	out->text = text.body;
	out->length = text.length;
	return ERR_OK;
}

enum err rule_source_find(struct desk *desk, struct arena *arena, enum rule_text_kind kind, const char *reference,
			  struct rule_source *out, struct error *error)
{
	size_t length = strlen(reference);
	const char *at = strrchr(reference, '@'), *which = at ? at + 1 : "";
	const char *name = arena_strndup(arena, reference, at ? (size_t)(at - reference) : length);

	*out = (struct rule_source){ .name = "", .label = "", .text = "" };
	if (!strcmp(reference, "-") || strchr(reference, '/') ||
	    (length > 5 && !strcmp(reference + length - 5, ".json")))
		return rule_source_read(arena, reference, out, error);
	if (!strcmp(which, "shipped"))
		return find_shipped_source(arena, kind, name, out, error);
	return find_stored_source(desk, arena, &(struct rule_name){ kind, name, which }, out, error);
}

enum err rule_profile_read(struct arena *arena, const struct rule_source *source, const struct reasons *reasons,
			   struct profile **out, struct error *error)
{
	struct profile_mistake *mistakes = NULL;
	size_t count = 0;
	enum err err;

	*out = NULL;
	profile_read(arena, source->text, source->length, reasons, out, &mistakes, &count);
	if (*out)
		return ERR_OK;
	err = profile_set_error(source->label, mistakes, count, error);
	for (size_t i = 0; i < count; i++)
		error_add_blocker(error, "mistake",
				  *mistakes[i].path
					  ? arena_printf(arena, "%s: %s", mistakes[i].path, mistakes[i].message)
					  : mistakes[i].message,
				  mistakes[i].path);
	return err;
}
