/* Named lists: the program's own, and a reviewer's in views.json. */
#include "kybdesk/base/file.h"
#include "kybdesk/settings/views.h"
#include "support/leak.h"
#include "support/process.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static struct views views;
static struct settings settings;
static struct error error;
static char *folder, *path;

static void set_up(void)
{
	folder = temp_folder_make();
	path = temp_path(folder, "config/views.json"); /* its folder is made on demand */
	settings.views_path = path;
	views_init(&views, &settings);
}

static void tear_down(void)
{
	views_release(&views);
	error_release(&error);
	temp_folder_remove(folder);
	NO_LEAKS();
}
TestSuite(views, .init = set_up, .fini = tear_down);

static void write_file(const char *text)
{
	struct arena arena = ARENA_INIT;
	cr_assert_eq(folder_make(path_folder(&arena, path), NULL), ERR_OK);
	temp_write(path, text, strlen(text));
	arena_release(&arena);
}

static char *file_text(void)
{
	struct strbuf text = STRBUF_INIT;
	cr_assert_eq(file_read(path, 1 << 20, &text, &error), ERR_OK, "%s", error.message);
	return text.buf; /* the caller frees it */
}

static enum err keep(struct views *in, const char *name, const char *filter, enum sort_key sort, bool *replaced)
{
	const struct view view = { .name = name, .filter = filter, .sort = sort, .empty_text = "" };
	error_release(&error);
	return views_save(in, &view, replaced, &error);
}

static void expect_names(const struct views *in, size_t count, const char *const *names)
{
	cr_assert_eq(in->count, VIEW_SHIPPED_COUNT + count);
	for (size_t i = 0; i < count; i++)
		cr_expect_str_eq(in->items[VIEW_SHIPPED_COUNT + i].name, names[i]);
}
#define NAMES(in, ...)                                                                                                 \
	do {                                                                                                           \
		static const char *const names[] = { __VA_ARGS__ };                                                    \
		expect_names((in), sizeof names / sizeof *names, names);                                               \
	} while (0)

Test(views, each_of_the_program_can_be_read_and_says_what_an_empty_one_means)
{
	struct arena arena = ARENA_INIT;
	struct filter filter;
	for (size_t i = 0; i < VIEW_SHIPPED_COUNT; i++) {
		const struct view *view = &views_shipped[i];
		cr_expect_eq(filter_parse(&arena, view->filter, &filter, &error), ERR_OK, "%s", view->name);
		cr_expect_gt(filter.count, 0, "%s", view->name);
		cr_expect_eq(view->empty_text[strlen(view->empty_text) - 1], '.', "%s", view->name);
		cr_expect_eq(view_by_name(views_shipped, VIEW_SHIPPED_COUNT, view->name), view);
	}
	arena_release(&arena);
}

Test(views, without_a_file_there_are_those_of_the_program)
{
	cr_assert_eq(views_read(&views, &error), ERR_OK);
	expect_names(&views, 0, NULL);
	cr_expect_str_eq(views_find(&views, "Over Due", &error)->filter, "due:over", "in any case of letters");
}

Test(views, one_is_kept_replaced_and_forgotten)
{
	bool replaced = true;
	struct views other;
	struct stat file;
	cr_assert_eq(keep(&views, "Portugal", "country:PRT due:over", SORT_RISK, &replaced), ERR_OK, "%s",
		     error.message);
	cr_expect_not(replaced);
	cr_assert_eq(keep(&views, "Big ones", "\"lane holdings\" risk>50", SORT_NAME, NULL), ERR_OK);
	NAMES(&views, "Big ones", "Portugal");
	cr_assert_eq(stat(path, &file), 0);
	cr_expect_eq(file.st_mode & 0777, 0600, "names may stand in it");

	views_init(&other, &settings);
	cr_assert_eq(views_read(&other, &error), ERR_OK, "%s", error.message);
	NAMES(&other, "Big ones", "Portugal");
	const struct view *found = views_find(&other, "portugal", &error);
	cr_assert(found);
	cr_expect_str_eq(found->filter, "country:PRT due:over");
	cr_expect_eq(found->sort, SORT_RISK);

	cr_assert_eq(keep(&views, "portugal", "country:PRT", SORT_DUE, &replaced), ERR_OK);
	cr_expect(replaced, "the same name, whatever its letters' case");
	NAMES(&views, "Big ones", "portugal");
	cr_assert_eq(views_forget(&views, "PORTUGAL", &error), ERR_OK);
	NAMES(&views, "Big ones");
	cr_expect_eq(views_forget(&views, "Portugal", &error), ERR_NOT_FOUND);
	cr_expect_eq(views_forget(&views, "mine", &error), ERR_NOT_FOUND, "those of the program stay");
	views_release(&other);
}

Test(views, two_desks_of_one_user_lose_nothing_of_each_other)
{
	struct views other;
	views_init(&other, &settings);
	cr_assert_eq(keep(&views, "One", "country:PRT", SORT_DUE, NULL), ERR_OK);
	cr_assert_eq(keep(&other, "Two", "country:ESP", SORT_DUE, NULL), ERR_OK);
	NAMES(&other, "One", "Two");
	cr_assert_eq(keep(&views, "Three", "country:FRA", SORT_DUE, NULL), ERR_OK);
	NAMES(&views, "One", "Three", "Two");
	views_release(&other);
}

Test(views, a_name_is_refused_that_nobody_could_see_or_that_means_another)
{
	static const struct {
		const char *name, *says;
	} cases[] = {
		{ "", "needs a name" },
		{ "mine", "is a built-in view" },
		{ "OVER DUE", "is a built-in view" },
		{ "a name that is much too long for a column", "at most 24 characters; this name has 41" },
		{ "zero\xe2\x80\x8bwidth", "invisible characters" },
		{ "esc\x1b[31m", "invisible characters" },
		{ "two\nlines", "invisible characters" },
		{ "\xe2\x80\xaeright to left", "invisible characters" },
		{ " ", "invisible characters" },
		{ "end ", "invisible characters" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		cr_expect_eq(keep(&views, cases[i].name, "country:PRT", SORT_DUE, NULL), ERR_INVALID, "%zu", i);
		cr_expect(error.message && strstr(error.message, cases[i].says), "%zu: %s", i, error.message);
	}
	cr_expect_not(file_exists(path), "nothing was written");
	cr_expect_eq(keep(&views, "wrong", "country:", SORT_DUE, NULL), ERR_INVALID);
	cr_expect_not(file_exists(path));
}

Test(views, there_are_twelve_at_most)
{
	char name[16];
	for (int i = 0; i < OWN_VIEWS_MAX; i++) {
		(void)snprintf(name, sizeof name, "view %d", i);
		cr_assert_eq(keep(&views, name, "country:PRT", SORT_DUE, NULL), ERR_OK, "%s", error.message);
	}
	cr_expect_eq(keep(&views, "one more", "country:PRT", SORT_DUE, NULL), ERR_INVALID);
	cr_expect(strstr(error.message, "forget a view first"), "%s", error.message);
	cr_expect_eq(keep(&views, "view 3", "country:ESP", SORT_DUE, NULL), ERR_OK, "one that is there already");
}

Test(views, a_file_with_a_mistake_is_named_and_never_written_over)
{
	static const struct {
		const char *text, *says;
	} cases[] = {
		{ "{\"views\": [", "views.json" },
		{ "[]", "expected an object" },
		{ "{\"view\": []}", "did you mean 'views'?" },
		{ "{\"views\": {}}", "views: expected an array" },
		{ "{\"views\": [7]}", "views[0]: expected an object" },
		{ "{\"views\": [{\"filter\": \"country:PRT\"}]}", "views[0].name: is required" },
		{ "{\"views\": [{\"name\": \"A\", \"filter\": \"nokey:x\"}]}", "views[0].filter" },
		{ "{\"views\": [{\"name\": \"A\", \"sort\": \"riks\"}]}", "did you mean 'risk'?" },
		{ "{\"views\": [{\"name\": \"mine\"}]}", "is a built-in view" },
		{ "{\"views\": [\n{\"name\": \"A\"},\n\n{\"sort\": \"risk\",\n\"name\": \"a\"}]}",
		  "views.json, line 5: views[1].name: is also the name of the view on line 2" },
		{ "{\"views\": [{\"name\": \"A\", \"colour\": 1}]}", "the key" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		write_file(cases[i].text);
		error_release(&error);
		cr_expect_eq(views_read(&views, &error), ERR_INVALID, "%s", cases[i].text);
		cr_expect(error.message && strstr(error.message, cases[i].says) && strstr(error.message, path),
			  "%s: %s", cases[i].text, error.message);
		expect_names(&views, 0, NULL);
		cr_expect_eq(keep(&views, "New", "country:PRT", SORT_DUE, NULL), ERR_INVALID);
		cr_expect_eq(views_forget(&views, "A", NULL), ERR_INVALID);
		char *text = file_text();
		cr_expect_str_eq(text, cases[i].text, "as somebody wrote it");
		free(text);
	}
}

Test(views, one_that_is_unknown_is_answered_with_all_there_are)
{
	cr_assert_eq(keep(&views, "Portugal", "country:PRT", SORT_DUE, NULL), ERR_OK);
	cr_expect_null(views_find(&views, "Portugl", &error));
	cr_expect(strstr(error.message, "Unknown view \"Portugl\". Did you mean \"Portugal\"?"), "%s", error.message);
	cr_expect(strstr(error.message, "Existing views: mine, clean, alerts, overdue, mentioned, waiting, held, "
					"snoozed, returned, noted, second, "
					"Portugal"),
		  "%s", error.message);
}

Test(views, the_earlier_name_of_a_view_finds_it)
{
	const struct view *view = view_by_name(views_shipped, VIEW_SHIPPED_COUNT, "Over due");
	cr_assert(view);
	cr_expect_str_eq(view->name, "overdue");
}

/* A text in a store. Another workbench writes it just before each of the first `rivals` writes of this test. */
struct shared {
	char *text;
	int rivals;
};

static void set_text(struct shared *shared, const char *text)
{
	char *copy = strdup(text);
	free(shared->text);
	shared->text = copy;
}

static enum err get_shared(void *context, enum own_text_kind kind, struct strbuf *out, struct error *failure)
{
	(void)kind;
	(void)failure;
	strbuf_adds(out, ((struct shared *)context)->text);
	return ERR_OK;
}

static enum err put_shared(void *context, enum own_text_kind kind, const struct own_text_change *change,
			   struct error *failure)
{
	struct shared *shared = context;
	(void)kind;
	if (shared->rivals && shared->rivals--)
		set_text(shared, shared->rivals % 2 ? "{\"views\":[{\"name\":\"Rival\",\"filter\":\"country:PRT\"}]}"
						    : "{\"views\":[{\"name\":\"Rival\",\"filter\":\"country:ESP\"}]}");
	if (strcmp(shared->text, change->before) != 0)
		return error_set(failure, ERR_CONFLICT, "changed");
	set_text(shared, change->after);
	return ERR_OK;
}

Test(views, two_workbenches_lose_nothing_of_each_other)
{
	struct shared shared = { strdup(""), 3 };
	const struct own_text_store store = { get_shared, put_shared, &shared };
	const struct own_text text = { OWN_VIEWS, "", &store };
	const char *mine = "{\"views\":[{\"name\":\"A\",\"filter\":\"due:over\"},"
			   "{\"name\":\"B\",\"filter\":\"due:over\"}]}";

	views.text = text;
	cr_assert_eq(keep(&views, "Own", "due:over", SORT_DUE, NULL), ERR_OK, "%s", error.message);
	NAMES(&views, "Own", "Rival");
	cr_expect_str_eq(views_find(&views, "rival", &error)->filter, "country:ESP", "the rival's latest");
	shared.rivals = 100;
	cr_expect_eq(keep(&views, "More", "due:over", SORT_DUE, NULL), ERR_CONFLICT, "it does not try for ever");
	shared.rivals = 0;

	/* Merges a change of an older text into the stored text: A was removed, B changed and C added. */
	set_text(&shared, "{\"views\":[{\"name\":\"Other\",\"filter\":\"due:over\"}]}");
	cr_assert_eq(views_merge(&text,
				 &(const struct own_text_change){
					 mine, "{\"views\":[{\"name\":\"B\",\"filter\":\"country:PRT\"},"
					       "{\"name\":\"C\",\"filter\":\"due:over\"}]}" },
				 &error),
		     ERR_OK, "%s", error.message);
	cr_assert_eq(views_read(&views, &error), ERR_OK);
	NAMES(&views, "B", "C", "Other");
	cr_expect_str_eq(views_find(&views, "B", &error)->filter, "country:PRT");
	cr_assert_eq(views_merge(&text, &(const struct own_text_change){ mine, mine }, &error), ERR_OK);
	cr_assert_eq(views_read(&views, &error), ERR_OK);
	NAMES(&views, "B", "C", "Other");
	free(shared.text);
}
