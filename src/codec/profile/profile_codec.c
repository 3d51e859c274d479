#include "profile_read.h"
#include "kybdesk/base/digest.h"
#include "kybdesk/base/text.h"
#include "kybdesk/domain/profile_keys.h"
#include "kybdesk/domain/session.h"
#include <string.h>

void expect_name(struct reader *reader, const struct node *object, const char *key, const char *marks)
{
	const struct node node = node_member(object, key);
	const char *text = json_string_value(node.value);
	if (!text)
		return;
	for (const char *at = text; *at; at++) {
		if ((*at >= 'a' && *at <= 'z') || (*at >= '0' && *at <= '9') || strchr(marks, *at))
			continue;
		reader_refuse(reader, &node, "is %s; allowed: lower-case letters, digits and %s",
			      quoted(reader->arena, text), marks);
		return;
	}
}

bool expect_section(struct reader *reader, const struct node *node, const char *section)
{
	size_t count;
	const char *const *known = profile_section_keys(reader->arena, section, &count);

	if (!expect_object(reader, node))
		return false;
	expect_keys(reader, node, known, count);
	return true;
}

bool open_section(struct reader *reader, const struct node *root, const char *key, struct node *section)
{
	*section = node_member(root, key);
	return section->value && expect_section(reader, section, key);
}

/* One word, or a list if the profile is for sessions of both kinds. */
static void kinds_read(struct reader *reader, const struct node *root, struct profile *profile)
{
	const struct node node = node_member(root, "kind");
	if (json_is_array(node.value)) {
		const struct node first = node_element(&node, 0);
		READ_WORD_SET(reader, root, "kind", session_kind, &profile->kinds);
		if (!first.value)
			reader_refuse(reader, &node, "is empty; allowed: kyb, kyc");
		else if (json_is_string(first.value))
			(void)session_kind_parse(json_string_value(first.value), &profile->kind);
		return;
	}
	(void)read_required_text(reader, root, "kind");
	READ_WORD(reader, root, "kind", session_kind, &profile->kind);
	profile->kinds = 1u << profile->kind;
}

static void identity_read(struct reader *reader, const struct node *root, struct profile *profile)
{
	profile->name = read_required_text(reader, root, "name");
	expect_name(reader, root, "name", "-");
	profile->title = read_required_text(reader, root, "title");
	profile->short_title = read_text(reader, root, "short_title");
	if (text_characters(profile->short_title) > PROFILE_SHORT_TITLE_MAX)
		reader_refuse(reader, MEMBER(root, "short_title"), "is '%s'; at most %d characters are allowed",
			      profile->short_title, PROFILE_SHORT_TITLE_MAX);
	profile->provider = read_text(reader, root, "provider");
	profile->source = read_text(reader, root, "source");
	profile->version = read_integer(reader, root, "version", 1, INT32_MAX, 1);
	kinds_read(reader, root, profile);
	READ_WORD_SET(reader, root, "subject_kinds", subject_kind, &profile->subject_kinds);
	const struct node kinds = node_member(root, "subject_kinds");
	if (!kinds.value)
		reader_refuse(reader, &kinds, "is required; allowed: business, individual");
	else if (json_is_array(kinds.value) && !json_array_size(kinds.value))
		reader_refuse(reader, &kinds, "is empty; allowed: business, individual");
	profile->custom_tags_json = read_kept(reader, root, "custom_tags", JSON_OBJECT, "{}");
}

static void profile_defaults(struct profile *profile)
{
	profile->kind = KIND_KYC;
	profile->default_formats = (1u << FILE_FORMAT_COUNT) - 1;
	profile->default_max_bytes = 10 * 1024 * 1024;
	profile->manual_review = true;
	profile->processing_timeout_ms = 15 * MINUTE_MS;
	profile->review_ms = 48 * HOUR_MS;
	profile->link_ms = 30 * DAY_MS;
	profile->retention_ms = 5 * 365 * DAY_MS + DAY_MS;
	profile->retention_sanctions_ms = 10 * 365 * DAY_MS + 3 * DAY_MS;
	profile->four_eyes_from_risk = RISK_NONE;
	profile->level_initial = profile->level_approved = "";
	profile->parties.owner_threshold_percent = "";
	profile->parties.workflow = "";
	profile->parties.roles = (1u << PARTY_ROLE_COUNT) - 1;
	profile->event_shape = SHAPE_STANDARD;
	profile->contradicted = CONTRADICTED_NOTE;
	profile->contradicted_hits = CONTRADICTED_REFUSE;
}

static void return_mistakes(struct reader *reader, struct profile_mistake **mistakes, size_t *count)
{
	*mistakes = reader->mistakes;
	*count = reader->mistake_count;
}

void profile_read(struct arena *arena, const char *text, size_t length, const struct reasons *reasons,
		  struct profile **out, struct profile_mistake **mistakes, size_t *mistake_count)
{
	struct reader reader = { .arena = arena, .collects = true, .origin = "" };
	struct error error = { 0 };
	*out = NULL;
	json_t *value = json_parse(text, length, &error);
	if (!value) {
		const struct node nowhere = { 0 };
		reader_refuse(&reader, &nowhere, "%s", error.message);
		error_release(&error);
		return_mistakes(&reader, mistakes, mistake_count);
		return;
	}
	struct profile *profile = arena_alloc(arena, sizeof *profile);
	const struct node root = node_root(value);
	profile_defaults(profile);
	profile->sha256 = sha256_text(arena, text, length);
	if (expect_section(&reader, &root, "")) {
		identity_read(&reader, &root, profile);
		steps_and_documents_read(&reader, &root, profile);
		rules_read(&reader, &root, reasons, profile);
		names_check(&reader, &root, profile);
	}
	json_decref(value);
	return_mistakes(&reader, mistakes, mistake_count);
	if (!reader.mistake_count)
		*out = profile;
}

enum err profile_error(const char *file, const struct profile_mistake *mistakes, size_t count, struct error *error)
{
	if (!count)
		BUG("no mistakes in %s", file);
	const char *path = mistakes[0].path;
	const char *between = *path ? ": " : "";
	if (count == 1)
		return error_set_field(error, ERR_INVALID, path, "%s: %s%s%s", file, path, between,
				       mistakes[0].message);
	return error_set_field(error, ERR_INVALID, path, "%s: %s%s%s (and %zu more)", file, path, between,
			       mistakes[0].message, count - 1);
}
