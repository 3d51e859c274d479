#include "seed_text.h"
#include "seed.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *seed_text(const char *seed)
{
	char path[400], *text;

	(void)snprintf(path, sizeof path, "%s/tests/api/seeds/%s.txt", KYB_SOURCE_DIR, seed);
	text = temp_read(path, NULL);
	cr_assert(text, "%s", path);
	return text;
}

static void add_directive(struct section *section, const char *line)
{
	const char *reason = strstr(line, " // ");

	cr_assert_lt(section->count, sizeof section->directives / sizeof *section->directives);
	section->directives[section->count] = test_keep(reason ? strndup(line, (size_t)(reason - line)) : strdup(line));
	section->reasons[section->count++] = reason ? test_keep(strdup(reason + 4)) : NULL;
}

static void read_section(char **rest, struct section *out)
{
	size_t size = 0;
	FILE *text = open_memstream(&out->text, &size);
	char *line;

	while ((line = strsep(rest, "\n")) && *line) {
		if (*line == '>')
			fprintf(text, "%s\n", line + 1);
		else
			add_directive(out, line);
	}
	fclose(text);
	test_keep(out->text);
}

bool section_next(char **rest, struct section *out, const char **step)
{
	char *line;

	*step = NULL;
	while ((line = strsep(rest, "\n"))) {
		if (!*line || *line == '#')
			continue;
		if (strncmp(line, "== ", 3) != 0) {
			*step = line;
			return true;
		}
		*out = (struct section){ 0 };
		cr_assert_geq(sscanf(line, "== %d-%d %11s%59[^\n]", &out->from, &out->to, out->kind, out->name), 3,
			      "%s", line);
		read_section(rest, out);
		return true;
	}
	return false;
}

const char *directive(const struct section *section, size_t i, const char *name)
{
	size_t length = strlen(name);
	const char *line = section->directives[i];

	return !strncmp(line, name, length) && !strncmp(line + length, ": ", 2) ? line + length + 2 : NULL;
}

const char *reason_of(const struct section *section, size_t i)
{
	return section->reasons[i];
}

static const char *address_in(const char *text)
{
	static const char *const begins[] = { "/api/v", "/v2/", "/kyc/", "<uploadURLFront>" };
	const char *found = NULL;

	for (size_t i = 0; i < sizeof begins / sizeof *begins; i++) {
		const char *at = strstr(text, begins[i]);

		if (at && (!found || at < found))
			found = at;
	}
	return found;
}

void request_of_text(const char *text, char **method, char **path, char **body)
{
	static const char *const methods[] = { "GET", "POST", "PUT", "PATCH", "DELETE" };
	const char *at = address_in(text), *found = NULL;

	cr_assert(at, "no address in %s", text);
	*method = NULL;
	/* The method of the request is the last one before the address. */
	for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
		for (const char *m = strstr(text, methods[i]); m && m < at; m = strstr(m + 1, methods[i])) {
			if (!found || m > found) {
				found = m;
				*method = test_keep(strdup(methods[i]));
			}
		}
	}
	cr_assert(found, "no method in %s", text);
	*path = test_keep(strndup(at, strcspn(at, " \n'\"\\|")));
	const char *open = strstr(at, "\n{");
	const char *close = strrchr(text, '}');
	*body = open && close > open ? test_keep(strndup(open + 1, (size_t)(close - open))) : NULL;
}

char *replaced(const char *text, const char *from, const char *to)
{
	char *out = NULL;
	size_t size = 0, length = strlen(from);
	FILE *file = open_memstream(&out, &size);
	const char *at;

	while ((at = strstr(text, from))) {
		fprintf(file, "%.*s%s", (int)(at - text), text, to);
		text = at + length;
	}
	fputs(text, file);
	fclose(file);
	return test_keep(out);
}

void set_members(json_t *body, const char *output)
{
	while (*(output += strspn(output, " "))) {
		const char *is = strchr(output, '='), *next = is;
		json_t *holder = body;

		cr_assert(is, "%s", output);
		/* The value ends before the next "name=". */
		while ((next = strchr(next + 1, ' ')) && !strchr(next + 1, '='))
			;
		while (next && memchr(next + 1, ' ', strcspn(next + 1, "=")))
			next = strchr(next + 1, ' ');
		char *path = test_keep(strndup(output, (size_t)(is - output)));
		const char *dot = strrchr(path, '.');
		if (dot) {
			char *outer = test_keep(strndup(path, (size_t)(dot - path)));

			holder = (json_t *)json_path(body, outer);
		}
		cr_assert(holder, "%s", path);
		cr_assert_eq(
			json_object_set_new(holder, dot ? dot + 1 : path,
					    next ? json_stringn(is + 1, (size_t)(next - is - 1)) : json_string(is + 1)),
			0);
		output = next ? next : "";
	}
}

/* --- the seed itself --- */

static char **lines_of(char *text, size_t *count)
{
	char **out = NULL, *line;

	*count = 0;
	while ((line = strsep(&text, "\n"))) {
		out = realloc(out, (*count + 1) * sizeof *out);
		out[(*count)++] = line;
	}
	return test_keep(out);
}

/* Whether a line looks like the start or a part of an example: no such line may be outside of a section. */
static bool looks_like_one(const char *line)
{
	static const char *const signs[] = { "curl ",	 "--url",	    "/api/v",
					     "/v2/",	 "/kyc/sessions",   "verification-kyc<",
					     "HTTP ",	 "Request Example", "Response Format",
					     "\"event\"" };
	static const char *const methods[] = { "GET", "POST", "PUT", "PATCH", "DELETE" };

	if (*line == '{' || *line == '}' || *line == '"')
		return true;
	for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
		if (strstr(line, signs[i]) && strncmp(line, "Save this id", 12) != 0)
			return true;
	}
	for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
		size_t length = strlen(methods[i]);

		if (!strncmp(line, methods[i], length) && !isalpha((unsigned char)line[length]))
			return true;
	}
	return false;
}

static char *seed_itself(const char *seed)
{
	static const char *const folders[] = { "../shared/seeds", "../../shared/seeds" };
	const char *own = getenv("KYBDESK_TEST_SEEDS");
	char path[400], *text = NULL;

	if (own) {
		(void)snprintf(path, sizeof path, "%s/%s.txt", own, seed);
		text = temp_read(path, NULL);
	}
	for (size_t i = 0; !text && i < sizeof folders / sizeof *folders; i++) {
		(void)snprintf(path, sizeof path, "%s/%s/%s.txt", KYB_SOURCE_DIR, folders[i], seed);
		text = temp_read(path, NULL);
	}
	if (!text)
		fprintf(stderr,
			"seeds: %s: the document is not on this machine (../shared/seeds, or KYBDESK_TEST_SEEDS): "
			"its words stand in tests/api/seeds\n",
			seed);
	return test_keep(text);
}

size_t seed_check(const char *seed)
{
	char *text = seed_text(seed), *rest = text, *document = seed_itself(seed), **lines;
	size_t count, examples = 0;
	struct section section;
	const char *step;
	bool *covered;

	if (!document)
		return 0;
	lines = lines_of(document, &count);
	covered = test_keep(calloc(count + 1, sizeof *covered));
	while (section_next(&rest, &section, &step)) {
		if (step)
			continue;
		char *words = section.text;
		examples += strcmp(section.kind, "prose") != 0;
		cr_assert(section.from > 0 && section.to >= section.from && (size_t)section.to <= count, "%d-%d",
			  section.from, section.to);
		for (int i = section.from; i <= section.to; i++) {
			const char *line = strsep(&words, "\n");

			cr_expect_str_eq(line ? line : "", lines[i - 1], "%s L%d", seed, i);
			covered[i - 1] = true;
		}
	}
	for (size_t i = 0; i < count; i++)
		cr_expect(covered[i] || !looks_like_one(lines[i]), "%s L%zu is in no example: %s", seed, i + 1,
			  lines[i]);
	return examples;
}
