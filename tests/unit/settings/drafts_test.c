/* The file of drafts: their number, age and length, and the handling of a foreign file. */
#include "kybdesk/settings/drafts.h"
#include "kybdesk/base/file.h"

#include "support/leak.h"
#include "support/process.h"
#include "support/texts.h"
#include "support/test_world.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOW INT64_C(1795176000000)
#define DAY_MS (24 * 60 * 60 * INT64_C(1000))

static char *folder;
static char path[512];
static struct error error;

static void set_up(void)
{
	folder = temp_folder_make();
	(void)snprintf(path, sizeof path, "%s/state/kybdesk/drafts-1.json", folder);
}
static void tear_down(void)
{
	error_release(&error);
	temp_folder_remove(folder);
	NO_LEAKS();
}
TestSuite(saved_drafts, .init = set_up, .fini = tear_down);

static void put(const char *session, const char *text, int64_t at)
{
	struct saved_draft draft = { .dialog = "reject", .session = session, .item = "", .at = at };
	if (*text)
		draft.fields[draft.count++] = (struct saved_field){ "message", text };
	cr_assert_eq(drafts_save(&(const struct own_text){ OWN_DRAFTS, path, NULL }, &draft, &error), ERR_OK, "%s",
		     error.message);
}

static size_t kept(int64_t now)
{
	struct saved_drafts drafts;
	drafts_read(&(const struct own_text){ OWN_DRAFTS, path, NULL }, now, &drafts);
	size_t count = drafts.count;
	drafts_release(&drafts);
	return count;
}

static bool has(const char *session, const char *text)
{
	struct saved_drafts drafts;
	drafts_read(&(const struct own_text){ OWN_DRAFTS, path, NULL }, NOW, &drafts);
	const struct saved_draft *draft = drafts_find(&drafts, "reject", session, "");
	bool same = draft && draft->count == 1 && !strcmp(draft->fields[0].text, text);
	drafts_release(&drafts);
	return same;
}

Test(saved_drafts, what_is_put_is_found_and_goes_without_words)
{
	cr_expect_eq(kept(NOW), 0);
	put("a", "", NOW);
	cr_expect_not(file_exists(path), "nothing to keep, and a file was made");
	put("a", "One \"sentence\" \xe2\x80\x94 and more", NOW);
	cr_expect(has("a", "One \"sentence\" \xe2\x80\x94 and more"));
	put("b", "Another", NOW);
	put("a", "Changed", NOW);
	cr_expect(has("a", "Changed"));
	cr_expect_eq(kept(NOW), 2);
	put("a", "", NOW);
	cr_expect_eq(kept(NOW), 1);
	cr_expect(has("b", "Another"));
}

Test(saved_drafts, of_a_case_all_go_at_once)
{
	struct saved_draft hit = { .dialog = "hit", .session = "a", .item = "h", .at = NOW, .count = 1 };
	hit.fields[0] = (struct saved_field){ "note", "Known" };
	const struct saved_draft all = { .dialog = "", .session = "a", .item = "", .at = NOW };
	put("a", "One", NOW);
	put("b", "Another", NOW);
	cr_assert_eq(drafts_save(&(const struct own_text){ OWN_DRAFTS, path, NULL }, &hit, &error), ERR_OK);
	cr_assert_eq(drafts_save(&(const struct own_text){ OWN_DRAFTS, path, NULL }, &all, &error), ERR_OK);
	cr_expect_eq(kept(NOW), 1);
	cr_expect(has("b", "Another"));
}

Test(saved_drafts, the_oldest_goes_and_the_too_old_too)
{
	char session[16];
	for (int i = 0; i < SAVED_DRAFTS_MAX + 5; i++) {
		(void)snprintf(session, sizeof session, "s-%d", i);
		put(session, "words", NOW);
	}
	cr_expect_eq(kept(NOW), SAVED_DRAFTS_MAX);
	cr_expect_not(has("s-4", "words"));
	cr_expect(has("s-5", "words"));
	cr_expect_eq(kept(NOW + SAVED_DRAFT_DAYS * DAY_MS), SAVED_DRAFTS_MAX);
	cr_expect_eq(kept(NOW + SAVED_DRAFT_DAYS * DAY_MS + 1), 0);
}

Test(saved_drafts, what_is_no_draft_is_nothing)
{
	static const char *const texts[] = TEXTS(
		"", "[", "{}", "[1,null,[],{}]",
		"[{\"dialog\":\"reject\",\"session\":\"a\",\"item\":\"\",\"words\":{\"message\":\"x\"}}]",
		"[{\"dialog\":\"reject\",\"session\":\"a\",\"item\":\"\",\"at\":1,\"words\":[]}]",
		"[{\"dialog\":\"reject\",\"session\":\"a\",\"item\":\"\",\"at\":9e18,\"words\":{}}]", "\xff\xfe\x00");
	put("a", "words", NOW); /* the folder */
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		temp_write(path, texts[i], strlen(texts[i]));
		cr_expect_eq(kept(NOW), 0, "%s", texts[i]);
		put("b", "still written", NOW);
		cr_expect(has("b", "still written"), "%s", texts[i]);
	}
}

Test(saved_drafts, a_text_beyond_measure_is_not_taken)
{
	char *text = malloc(SAVED_TEXT_MAX + 2);
	memset(text, 'x', SAVED_TEXT_MAX + 1);
	text[SAVED_TEXT_MAX + 1] = '\0';
	put("a", text, NOW);
	cr_expect_eq(kept(NOW), 0);
	text[SAVED_TEXT_MAX] = '\0';
	put("a", text, NOW);
	cr_expect_eq(kept(NOW), 1);
	free(text);
}

/* Two stores, and two reviewers, have two files; the file name contains neither name. */
Test(saved_drafts, each_store_and_reviewer_has_a_file_of_its_own)
{
	struct test_world test;
	struct arena arena = ARENA_INIT;
	static const char *const set[] = { "HOME=/home/ana", NULL };
	test_world_init(&test, NOW);
	test.environment = set;
	const char *mine = drafts_path(&arena, &test.world, "/data/store.db", "ana");
	cr_expect(strstr(mine, "/home/ana/.local/state/kybdesk/drafts-"), "%s", mine);
	cr_expect_str_neq(mine, drafts_path(&arena, &test.world, "/data/store.db", "bo"));
	cr_expect_str_neq(mine, drafts_path(&arena, &test.world, "/data/other.db", "ana"));
	cr_expect_null(strstr(mine, "store"), "%s", mine);
	arena_release(&arena);
}
