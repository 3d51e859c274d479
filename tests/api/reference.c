#include "reference.h"

#include <ctype.h>
#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_method(const char *line)
{
	static const char *const words[] = { "get", "post", "put", "patch", "delete" };
	char word[8];

	if (sscanf(line, "    %7[a-z]:", word) != 1 || line[4] == ' ')
		return false;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (!strcmp(word, words[i]))
			return true;
	}
	return false;
}

struct reference_route *reference_routes(struct box *box, size_t *count)
{
	struct reference_route *out = NULL;
	char path[200] = "", *text, *rest, *line;

	*count = 0;
	cr_assert_eq(box_run(box, "info", "--reference", "openapi", NULL), 0, "%s", box->last.err);
	rest = text = strdup(box->last.out);
	while ((line = strsep(&rest, "\n"))) {
		if (!strncmp(line, "  /", 3)) {
			(void)snprintf(path, sizeof path, "%.*s", (int)strcspn(line + 2, ":"), line + 2);
		} else if (*path && is_method(line)) {
			struct reference_route *route;

			out = realloc(out, (*count + 1) * sizeof *out);
			route = &out[(*count)++];
			*route = (struct reference_route){ 0 };
			for (size_t i = 0; i < sizeof route->method - 1 && isalpha((unsigned char)line[4 + i]); i++)
				route->method[i] = (char)toupper((unsigned char)line[4 + i]);
			memcpy(route->path, path, sizeof path);
		} else if (*count && !strncmp(line, "      x-permission: ", 20)) {
			(void)snprintf(out[*count - 1].permission, sizeof out->permission, "%s", line + 20);
		}
	}
	free(text);
	return out;
}

char *reference_address(const char *path)
{
	char *out = calloc(1, 1024), *to = out;

	for (const char *at = path; *at && *at != ':'; at++) {
		if (*at == '{') {
			to = stpcpy(to, "0b0f8a52-6a55-4c53-9d3e-5f5f2b8f1a01");
			at += strcspn(at, "}");
		} else {
			*to++ = *at;
		}
	}
	return out;
}

char *door_text(void)
{
	char folder[] = KYB_SOURCE_DIR "/src/api", *folders[] = { folder, NULL }, *all = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&all, &length);
	FTS *walk = fts_open(folders, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	FTSENT *at;

	cr_assert(walk);
	while ((at = fts_read(walk))) {
		char *text;

		if (at->fts_info != FTS_F || !strstr(at->fts_name, ".c"))
			continue;
		text = temp_read(at->fts_path, NULL);
		fprintf(out, "%s\n", text);
		free(text);
	}
	fts_close(walk);
	fclose(out);
	cr_assert_gt(length, 50000u, "src/api is not where it was");
	return all;
}

bool door_names(const char *text, const char *word)
{
	size_t length = strlen(word);

	for (const char *at = text; (at = strstr(at, word)); at += length) {
		if (!isalnum((unsigned char)at[length]) && at[length] != '_')
			return true;
	}
	return false;
}
