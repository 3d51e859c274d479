/* A role that owns nothing, made by the statements of docs/postgresql.md: the desk works, the log only grows. */
#include "cli/box.h"
#include "postgresql/server.h"
#include "store/place.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *owner, *writer, schema[64], role[80];

/* The text with each `old` replaced; on malloc. */
static char *replaced(const char *text, const char *old, const char *new)
{
	char *out = calloc(1, strlen(text) * 2 + 1024), *end = out;
	for (const char *found; (found = strstr(text, old)); text = found + strlen(old)) {
		memcpy(end, text, (size_t)(found - text));
		end = stpcpy(end + (found - text), new);
	}
	(void)strcpy(end, text);
	return out;
}

static char *statements(void)
{
	char *page = temp_read(KYB_SOURCE_DIR "/docs/postgresql.md", NULL), *begin, *end, *named, *out;
	cr_assert(page);
	begin = strstr(page, "CREATE ROLE");
	cr_assert(begin);
	end = strstr(begin, "```");
	cr_assert(end);
	*end = '\0';
	named = replaced(begin, "kybdesk_writer", role);
	out = replaced(named, "public", schema);
	free(named);
	free(page);
	return out;
}

static void set_up(void)
{
	const char *path;
	char *sql, *line = NULL, user[100];
	owner = place_make(NULL, NULL);
	path = strstr(owner, "search_path%3D");
	cr_assert(path);
	(void)snprintf(schema, sizeof schema, "%.*s", (int)strcspn(path + 14, ","), path + 14);
	(void)snprintf(role, sizeof role, "writer_%s", schema);
	box_open_bare(&box);
	free(box.store);
	box.store = strdup(owner);
	cr_assert_gt(asprintf(&line, "KYBDESK_STORE=%s", owner), 0);
	box_environment(&box, line);
	free(line);
	cr_assert_eq(box_run(&box, "init", "--sandbox", NULL), 0, "%s", box.last.err);
	sql = statements();
	shell_run(owner, sql);
	free(sql);
	(void)snprintf(user, sizeof user, "user=%s", role);
	writer = replaced(owner, "user=kybdesk", user);
	cr_assert_gt(asprintf(&line, "KYBDESK_STORE=%s", writer), 0);
	box_environment(&box, line);
	free(line);
}

static void tear_down(void)
{
	box_close(&box);
	free(owner);
	free(writer);
}
TestSuite(writer, .init = set_up, .fini = tear_down);

Test(writer, the_desk_works_without_owning_its_tables)
{
	box_import_person(&box, "IND-1");
	cr_assert_eq(box_run(&box, "approve", "IND-1", NULL), 0, "%s", box.last.err);
	cr_assert_eq(box_run(&box, "undo", "IND-1", NULL), 0, "%s", box.last.err);
	cr_assert_eq(box_run(&box, "approve", "IND-1", "--grace", "0", NULL), 0, "%s", box.last.err);
	cr_assert_eq(box_run(&box, "reviewer", "add", "zoe", "--role", "viewer", NULL), 0, "%s", box.last.err);
	cr_assert_eq(box_shell(&box, "sed 's/\"version\": 1/\"version\": 77/' '" KYB_SOURCE_DIR
				     "/data/workflows/generic-kyc.json' >generic-kyc.json && "
				     "$K workflow install ./generic-kyc.json"),
		     0, "%s", box.last.err);
	cr_assert_eq(box_run(&box, "audit", "verify", NULL), 0, "%s", box.last.err);
}

Test(writer, the_log_the_commitments_and_the_rules_are_not_changed_by_it)
{
	static const char *const refused[] = {
		"UPDATE audit_event SET actor = 'eve'",
		"DELETE FROM audit_event",
		"UPDATE row_commitment SET hash = ''",
		"DELETE FROM row_commitment",
		"UPDATE rule_text SET body = '{}'",
		"DELETE FROM rule_text",
		"UPDATE decision SET kind = 'reject'",
		"TRUNCATE audit_event",
		"ALTER TABLE audit_event DISABLE TRIGGER ALL",
		"DROP TABLE row_commitment",
	};
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
		char *line = NULL;
		cr_assert_gt(asprintf(&line, "psql -X -q -v ON_ERROR_STOP=1 '%s' -c \"%s\"", writer, refused[i]),
			     0);
		cr_expect_neq(box_shell(&box, line), 0, "%s", refused[i]);
		cr_expect(strstr(box.last.err, "permission denied") || strstr(box.last.err, "must be owner"),
			  "%s: %s", refused[i], box.last.err);
		free(line);
	}
}
