#include "codec_support.h"
#include "kybdesk/base/file.h"
#include "support/leak.h"

#include <string.h>

struct arena arena;
struct error error;
static struct countries countries;
static struct reasons reasons;

void clear_input(void)
{
	arena = (struct arena){ 0 };
	error = (struct error){ 0 };
	countries = (struct countries){ 0 };
	reasons = (struct reasons){ 0 };
}

/* Clears the stack: an old pointer on it would hide a lost block from the leak check. */
__attribute__((noinline)) void forget_the_stack(void)
{
	volatile char used[64 * 1024];
	for (size_t i = 0; i < sizeof used; i++)
		used[i] = 0;
}

void leave_nothing(void)
{
	error_release(&error);
	arena_release(&arena);
	NO_LEAKS();
}

static const char *exchanged(const char *text, char from, char to)
{
	char *copy = arena_strdup(&arena, text);
	for (char *at = copy; *at; at++)
		if (*at == from)
			*at = to;
	return copy;
}

const char *json_of(const char *written)
{
	return exchanged(written, '\'', '"');
}

const char *plain_of(const char *json)
{
	return exchanged(json, '"', '\'');
}

const char *repository_file(const char *path, size_t *length)
{
	struct strbuf text = STRBUF_INIT;
	const char *full = arena_printf(&arena, "%s/%s", KYB_SOURCE_DIR, path);
	enum err err = file_read(full, 64 << 20, &text, &error);
	cr_assert(err == ERR_OK, "%s: %s", full, error.message);
	*length = text.len;
	return strbuf_finish(&text, &arena);
}

const struct countries *default_countries(void)
{
	size_t length;
	if (countries.count)
		return &countries;
	const char *text = repository_file("data/countries.json", &length);
	enum err err =
		countries_read(&arena, &(struct json_source){ text, length, "countries.json" }, &countries, &error);
	cr_assert(err == ERR_OK, "%s", error.message);
	return &countries;
}

const struct reasons *default_reasons(void)
{
	for (int set = 0; set < REASON_SET_COUNT; set++) {
		size_t length;
		const char *name = arena_printf(&arena, "data/reasons/%s.json", reason_set_text((enum reason_set)set));
		const char *text = repository_file(name, &length);
		enum err err = reasons_read(&arena, (enum reason_set)set, &(struct json_source){ text, length, name },
					    &reasons, &error);
		cr_assert(err == ERR_OK, "%s", error.message);
	}
	return &reasons;
}

struct profile *default_profile(const char *name)
{
	struct profile *profile;
	struct profile_mistake *mistakes;
	size_t length, count;
	const char *path = arena_printf(&arena, "data/workflows/%s.json", name);
	const char *text = repository_file(path, &length);
	profile_read(&arena, text, length, default_reasons(), &profile, &mistakes, &count);
	cr_assert(count == 0, "%s: %s %s", path, mistakes ? mistakes[0].path : "", mistakes ? mistakes[0].message : "");
	return profile;
}

enum err session_reading(const char *text, struct session_document *out)
{
	error_release(&error);
	error = (struct error){ 0 };
	text = json_of(text);
	return session_read(&arena, text, strlen(text), default_countries(), out, &error);
}

const char *document_with(const char *more)
{
	return arena_printf(&arena,
			    "{'workflow':'ralio-kyb','kind':'kyb','merchant':'m','status':'active','external_ref':'"
			    "R-1','subject':{'kind':'business','name':'Lane Ltd'}%s%s}",
			    *more ? "," : "", more);
}

void expect_refused_at(const char *text, const char *path, const char *message)
{
	struct session_document document;
	cr_expect(session_reading(text, &document) == ERR_INVALID, "accepted: %.400s", text);
	if (!error.message)
		return;
	cr_expect(error.field && strcmp(error.field, path) == 0, "path %s instead of %s: %s",
		  error.field ? error.field : "(none)", path, error.message);
	expect_contains(error.message, message, path);
	if (*path)
		cr_expect(strncmp(error.message, path, strlen(path)) == 0, "the sentence does not say where: %s",
			  error.message);
}
