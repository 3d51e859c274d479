/* The changes that a client made for a correction, computed from the values stored with the correction. */
#include "fixture.h"

#include "kybdesk/desk/changes.h"

TestSuite(changes);

static struct case_view view;
static struct correction correction;
static struct arena changes_arena;

/* "field city: Porto > Lisboa; document PROOF: a.pdf(aa) = a.pdf(aa)", with "?" for an item without a response. */
static const char *told(const char *before, const char *after)
{
	static const char *const kinds[] = { [CHANGE_FIELD] = "field",
					     [CHANGE_DOCUMENT] = "document",
					     [CHANGE_PARTY] = "party",
					     [CHANGE_EXPLANATION] = "words" };
	struct change *changes;
	const char *text = "";

	correction.before_json = before;
	correction.after_json = after;
	size_t count = correction_changes(&changes_arena, &view, &correction, &changes);
	for (size_t i = 0; i < count; i++) {
		const struct change *change = &changes[i];
		text = arena_printf(&changes_arena, "%s%s%s %s: %s%s%s%s %s %s%s%s%s", text, *text ? "; " : "",
				    kinds[change->kind], change->name, change->before, *change->before_hash ? "(" : "",
				    change->before_hash, *change->before_hash ? ")" : "",
				    !change->has_response ? "?"
				    : change->changed	  ? ">"
							  : "=",
				    change->after, *change->after_hash ? "(" : "", change->after_hash,
				    *change->after_hash ? ")" : "");
	}
	return text;
}

static void set_up(void)
{
	view = (struct case_view){ .masked = false };
	correction_init(&correction);
	correction.step_id = "company";
}

static void tear_down(void)
{
	arena_release(&changes_arena);
}

static void expect(const char *before, const char *after, const char *wanted)
{
	const char *is = told(before, after);

	cr_expect_str_eq(is, wanted, "%s", is);
}

Test(changes, values_that_came_that_went_and_that_stayed, .init = set_up, .fini = tear_down)
{
	expect("{\"fields\":{\"city\":\"Porto\",\"size\":10,\"site\":\"a.example\",\"note\":null}}",
	       "{\"fields\":{\"city\":\"Lisboa\",\"size\":10,\"phone\":\"1\",\"note\":null}}",
	       "field city: Porto > Lisboa; field size: 10 = 10; field phone:  > 1; field note:  = ; "
	       "field site: a.example > ");
	expect("{\"fields\":{\"list\":[{\"a\":1}],\"on\":true}}", "{\"fields\":{\"list\":[{\"a\":2}],\"on\":false}}",
	       "field list: [{\"a\":1}] > [{\"a\":2}]; field on: true > false");
	expect("{\"fields\":{\"a\":\"1\"}}", "{\"fields\":{\"a\":1}}", "field a: 1 > 1");
	expect("{\"fields\":{\"a\":null}}", "{\"fields\":{}}", "field a:  = ");
}

Test(changes, documents_are_told_apart_by_what_they_are, .init = set_up, .fini = tear_down)
{
	expect("{\"documents\":[{\"type\":\"ID\",\"id\":\"1\",\"file_name\":\"a.pdf\",\"sha256\":\"aaaaaaaaaa\"},"
	       "{\"type\":\"ID\",\"id\":\"2\",\"file_name\":\"b.pdf\",\"sha256\":\"bb\"}]}",
	       "{\"documents\":[{\"type\":\"ID\",\"id\":\"2\",\"file_name\":\"b.pdf\",\"sha256\":\"bb\"},"
	       "{\"type\":\"ID\",\"id\":\"3\",\"file_name\":\"a.pdf\",\"sha256\":\"cc\"}]}",
	       "document ID: b.pdf(bb) = b.pdf(bb); document ID: a.pdf(aaaaaaaa) > a.pdf(cc)");
	expect("{\"documents\":[{\"type\":\"ID\",\"id\":\"1\",\"file_name\":\"a.pdf\",\"sha256\":\"aa\"}]}",
	       "{\"documents\":[{\"type\":\"PROOF\",\"id\":\"4\",\"file_name\":\"\",\"sha256\":\"dd\"}]}",
	       "document PROOF:  > a file(dd); document ID: a.pdf(aa) > ");
	expect("{\"documents\":[{\"type\":\"ID\",\"id\":\"1\",\"file_name\":\"a\",\"sha256\":\"aa\"}]}",
	       "{\"documents\":[{\"type\":\"ID\",\"id\":\"1\",\"file_name\":\"a\",\"sha256\":\"ab\"}]}",
	       "document ID: a(aa) > a(ab)");
}

Test(changes, documents_of_which_only_the_name_was_kept_are_told_apart_by_it, .init = set_up, .fini = tear_down)
{
	expect("{\"documents\":[{\"type\":\"ID\",\"file_name\":\"a\"},{\"type\":\"PROOF\",\"file_name\":\"p\"}]}",
	       "{\"documents\":[{\"type\":\"PROOF\",\"file_name\":\"p\"},{\"type\":\"ID\",\"file_name\":\"b\"}]}",
	       "document PROOF: p = p; document ID: a > b");
}

Test(changes, both_sides_of_a_document_count, .init = set_up, .fini = tear_down)
{
	expect("{\"documents\":[{\"type\":\"ID\",\"id\":\"1\",\"file_name\":\"f\",\"sha256\":\"aa\",\"sides\":[{"
	       "\"side\":\"front\",\"file_name\":\"f\",\"sha256\":\"aa\"},{\"side\":\"back\",\"file_name\":\"\","
	       "\"sha256\":\"\"}]}]}",
	       "{\"documents\":[{\"type\":\"ID\",\"id\":\"1\",\"file_name\":\"f\",\"sha256\":\"aa\",\"sides\":[{"
	       "\"side\":\"front\",\"file_name\":\"f\",\"sha256\":\"aa\"},{\"side\":\"back\",\"file_name\":\"b\","
	       "\"sha256\":\"bb\"}]}]}",
	       "document ID: front f(aa) > front f, back b(aa, bb)");
}

Test(changes, a_document_that_was_asked_for_and_is_not_there_is_said, .init = set_up, .fini = tear_down)
{
	const char *types[] = { "PROOF", "ID" };

	correction.document_types = types;
	correction.document_type_count = 2;
	expect("{\"fields\":{},\"documents\":[],\"parties\":[\"p1\"]}",
	       "{\"fields\":{},\"documents\":[{\"type\":\"ID\",\"id\":\"1\",\"file_name\":\"a\",\"sha256\":\"aa\"}]"
	       ",\"parties\":[]}",
	       "document ID:  > a(aa); document PROOF:  = ");
	expect("{\"fields\":{},\"documents\":[]}", "", "document PROOF:  ? ; document ID:  ? ");
}

Test(changes, who_came_and_who_went_is_told_where_the_whole_step_was_asked_about, .init = set_up, .fini = tear_down)
{
	struct party parties[2], removed;

	for (size_t i = 0; i < 2; i++)
		party_init(&parties[i]);
	party_init(&removed);
	parties[0].id = "p1";
	parties[0].name = "Ines";
	parties[1].id = "p2";
	parties[1].name = "Tomas";
	removed.id = "p3";
	removed.name = "Mara";
	view.file.parties = parties;
	view.file.party_count = 2;
	view.file.removed = (struct party_list){ &removed, 1 };
	expect("{\"fields\":{},\"documents\":[],\"parties\":[\"p1\",\"p3\",\"p4\"]}",
	       "{\"fields\":{},\"documents\":[],\"parties\":[\"p1\",\"p2\"]}",
	       "party party:  > Tomas; party party: Mara > ; party party: a removed party > ");
	expect("{\"fields\":{}}", "{\"fields\":{},\"parties\":[\"p1\"]}", "");
	const char *fields[] = { "city" };
	correction.field_ids = fields;
	correction.field_count = 1;
	expect("{\"fields\":{},\"parties\":[]}", "{\"fields\":{},\"parties\":[\"p1\"]}", "");
}

Test(changes, before_it_came_back_what_was_asked_about_and_the_words, .init = set_up, .fini = tear_down)
{
	expect("{\"fields\":{\"city\":\"Porto\"},\"documents\":[],\"parties\":[\"p1\"]}", "", "field city: Porto ? ");
	expect("{\"fields\":{\"city\":\"Porto\"},\"parties\":[\"p1\"]}", "{\"words\":\"It is right.\"}",
	       "field city: Porto ? ; words words:  > It is right.");
	expect("{\"fields\":{\"city\":\"Porto\"}}", "{\"fields\":{\"city\":\"Porto\"},\"words\":\"It is right.\"}",
	       "field city: Porto = Porto; words words:  > It is right.");
	expect("", "{\"words\":\"Yes.\"}", "words words:  > Yes.");
	expect("", "", "");
	expect("no json", "{", "");
}
