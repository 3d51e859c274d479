/* The card of a watchlist hit: which person of the case the hit names, and how similar each field is. */
#include "kybdesk/domain/hit_card.h"
#include "kybdesk/domain/facts.h"
#include "kybdesk/domain/value.h"
#include "support/leak.h"

#include <criterion/criterion.h>
#include <string.h>

static struct arena arena;
static struct hit_card card;
static struct country known_countries[] = {
	{ .alpha2 = "GB", .alpha3 = "GBR", .name = "United Kingdom" },
	{ .alpha2 = "NO", .alpha3 = "NOR", .name = "Norway" },
	{ .alpha2 = "PT", .alpha3 = "PRT", .name = "Portugal" },
};
static const struct countries countries = { known_countries, 3 };

static void tear_down(void)
{
	arena_release(&arena);
	NO_LEAKS();
}
TestSuite(hit_card, .fini = tear_down);

static struct value text_of(const char *text, size_t length)
{
	return (struct value){ .kind = VALUE_TEXT, .text = arena_strndup(&arena, text, length) };
}

/* Makes an object from "aliases=A|B;date_of_birth=1984"; several values of a key become a list. */
static const struct value *detail_of(const char *output)
{
	struct value *out = arena_alloc(&arena, sizeof *out), *items = arena_alloc_array(&arena, 8, sizeof *items);
	const char **keys = arena_alloc_array(&arena, 8, sizeof *keys);
	size_t count = 0;

	while (*output) {
		size_t end = strcspn(output, ";"), equals = strcspn(output, "=");
		const char *at = output + equals + 1;
		struct value *list = arena_alloc_array(&arena, 8, sizeof *list);
		size_t members = 0;

		for (; at <= output + end; at += strcspn(at, "|;") + 1)
			list[members++] = text_of(at, strcspn(at, "|;"));
		keys[count] = arena_strndup(&arena, output, equals);
		items[count++] =
			members == 1
				? list[0]
				: (struct value){ .kind = VALUE_LIST, .text = "", .items = list, .count = members };
		output += end + (output[end] == ';');
	}
	*out = (struct value){ .kind = VALUE_OBJECT, .text = "", .items = items, .keys = keys, .count = count };
	return out;
}

struct scene {
	struct case_file file;
	struct party parties[4];
	struct check check;
	struct hit hit;
	bool masked;
};

static struct scene *scene_of(const char *name, const char *detail)
{
	struct scene *scene = arena_alloc(&arena, sizeof *scene);

	*scene = (struct scene){ 0 };
	case_file_init(&scene->file);
	scene->file.parties = scene->parties;
	scene->file.session.subject.kind = SUBJECT_BUSINESS;
	scene->file.session.subject.name = "Harbour Lane Trading Ltd";
	check_init(&scene->check);
	hit_init(&scene->hit);
	scene->hit.name = name;
	scene->hit.detail = detail_of(detail);
	return scene;
}

static struct party *add_party(struct scene *scene, const char *id, const char *name)
{
	struct party *party = &scene->parties[scene->file.party_count++];

	party_init(party);
	party->id = id;
	party->name = name;
	return party;
}

static void make(struct scene *scene)
{
	const struct case_file *const files[] = { &scene->file };
	const struct card_input of = { .countries = &countries,
				       .files = files,
				       .file_count = 1,
				       .check = &scene->check,
				       .hit = &scene->hit,
				       .masked = scene->masked };

	hit_card_make(&arena, &of, &card);
}

static const struct card_line *line_of(enum card_field what)
{
	static const struct card_line none = { .likeness = LIKENESS_UNKNOWN,
					       .entry_value = "(no line)",
					       .case_value = "(no line)" };

	for (size_t i = 0; i < card.line_count; i++) {
		if (card.lines[i].field == what)
			return &card.lines[i];
	}
	return &none;
}

static enum likeness name_like(const char *listed, const char *ours, enum party_kind kind)
{
	struct scene *scene = scene_of(listed, "party=p1");

	add_party(scene, "p1", ours)->kind = kind;
	make(scene);
	return line_of(CARD_NAME)->likeness;
}

Test(hit_card, names_are_compared_folded_with_typos_initials_and_missing_words)
{
	static const struct {
		const char *listed, *ours;
		enum party_kind kind;
		enum likeness like;
	} cases[] = {
		{ "Inês Duarte", "INES DUARTE", PARTY_INDIVIDUAL, LIKENESS_SAME },
		{ "DUARTE, Ines", "Ines Duarte", PARTY_INDIVIDUAL, LIKENESS_SAME },
		{ "Lane Holdings", "Holdings Lane", PARTY_COMPANY, LIKENESS_CLOSE },
		{ "Lane Holdings Limited", "Lane Holdings Ltd.", PARTY_COMPANY, LIKENESS_SAME },
		{ "Omar F. Haddad", "Omar Farouk Haddad", PARTY_INDIVIDUAL, LIKENESS_CLOSE },
		{ "Umar Haddad", "Omar Farouk Haddad", PARTY_INDIVIDUAL, LIKENESS_CLOSE },
		{ "N. Hashimi", "Noor Al Hashemi", PARTY_INDIVIDUAL, LIKENESS_CLOSE },
		{ "V. R.", "Valentina Rossi", PARTY_INDIVIDUAL, LIKENESS_DIFFERENT },
		{ "Ann Lee", "Ann Li", PARTY_INDIVIDUAL, LIKENESS_DIFFERENT },
		{ "Ines Duarte", "Tomas Reis", PARTY_INDIVIDUAL, LIKENESS_DIFFERENT },
		{ "Al Noor Trading", "Al Noor General Trading LLC", PARTY_COMPANY, LIKENESS_CLOSE },
		{ "Al Noor Hashemi", "Al Noor General Trading LLC", PARTY_COMPANY, LIKENESS_DIFFERENT },
		{ "港 太郎", "港太郎", PARTY_INDIVIDUAL, LIKENESS_SAME },
		{ "Циклон Логистика", "циклон логистика ООД", PARTY_COMPANY, LIKENESS_CLOSE },
		{ "---", "Ines Duarte", PARTY_INDIVIDUAL, LIKENESS_UNKNOWN },
		/* Names in two scripts cannot be compared. */
		{ "Noor Al Hashemi", "نور الهاشمي", PARTY_INDIVIDUAL, LIKENESS_UNKNOWN },
		{ "Циклон Логистика ООД", "Tsiklon Logistika OOD", PARTY_COMPANY, LIKENESS_UNKNOWN },
		{ "株式会社ミナト商事", "Minato Shoji KK", PARTY_COMPANY, LIKENESS_UNKNOWN },
		{ "דוד לוי", "Давид Леви", PARTY_INDIVIDUAL, LIKENESS_UNKNOWN },
		{ "สยามคราฟท์", "สยามพาณิชย์", PARTY_COMPANY, LIKENESS_DIFFERENT },
		{ "Ørsted Ærø", "Tomas Reis", PARTY_INDIVIDUAL, LIKENESS_DIFFERENT },
		{ "Minato 商事", "Harbour Lane", PARTY_COMPANY, LIKENESS_DIFFERENT },
		{ "4711", "Harbour Lane", PARTY_COMPANY, LIKENESS_DIFFERENT },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		cr_expect_eq(name_like(cases[i].listed, cases[i].ours, cases[i].kind), cases[i].like, "%s | %s: %d",
			     cases[i].listed, cases[i].ours, (int)line_of(CARD_NAME)->likeness);
}

static enum likeness born_like(const char *listed, const char *ours)
{
	struct scene *scene = scene_of("Ines Duarte", arena_printf(&arena, "date_of_birth=%s", listed));

	add_party(scene, "p1", "Ines Duarte")->date_of_birth = ours;
	make(scene);
	return line_of(CARD_BORN)->likeness;
}

Test(hit_card, a_birth_date_agrees_as_far_as_it_is_known)
{
	static const struct {
		const char *listed, *ours;
		enum likeness like;
	} cases[] = {
		{ "1984-02-11", "1984-02-11", LIKENESS_SAME },
		{ "1984-02", "1984-02-11", LIKENESS_CLOSE },
		{ "1984", "1984-02-11", LIKENESS_CLOSE },
		{ "1983", "1984-02-11", LIKENESS_DIFFERENT },
		{ "1984-03", "1984-02-11", LIKENESS_DIFFERENT },
		{ "1984-02-12", "1984-02-11", LIKENESS_DIFFERENT },
		{ "1984-11-02", "1984-02-11", LIKENESS_CLOSE },
		{ "circa 1983", "1984-02-11", LIKENESS_CLOSE },
		{ "circa 1980", "1984-02-11", LIKENESS_DIFFERENT },
		{ "11 Feb 1984", "1984-02-11", LIKENESS_CLOSE },
		{ "1984-13-40", "1984-02-11", LIKENESS_CLOSE },
		{ "unknown", "1984-02-11", LIKENESS_UNKNOWN },
		{ "1984", "", LIKENESS_UNKNOWN },
		{ "1961|1984-02-11", "1984-02-11", LIKENESS_SAME },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		cr_expect_eq(born_like(cases[i].listed, cases[i].ours), cases[i].like, "%s | %s: %d", cases[i].listed,
			     cases[i].ours, (int)line_of(CARD_BORN)->likeness);
}

Test(hit_card, countries_are_compared_and_shown_as_codes)
{
	struct scene *scene = scene_of("Ines Duarte", "nationalities=Norway|pt");
	struct party *party = add_party(scene, "p1", "Ines Duarte");

	party->country = "PRT";
	make(scene);
	cr_expect_eq(line_of(CARD_COUNTRY)->likeness, LIKENESS_SAME);
	cr_expect_str_eq(line_of(CARD_COUNTRY)->entry_value, "NOR, PRT");
	party->country = "GBR";
	make(scene);
	cr_expect_eq(line_of(CARD_COUNTRY)->likeness, LIKENESS_DIFFERENT);
	scene->hit.detail = detail_of("country=Atlantis");
	make(scene);
	cr_expect_eq(line_of(CARD_COUNTRY)->likeness, LIKENESS_UNKNOWN,
		     "a name that is not a country's contradicts nobody");
	cr_expect_str_eq(line_of(CARD_COUNTRY)->entry_value, "Atlantis");
}

static enum likeness numbers(const char *listed, const char *tax)
{
	struct scene *scene = scene_of("Ines Duarte", listed);

	add_party(scene, "p1", "Ines Duarte")->tax_id = tax;
	make(scene);
	return line_of(CARD_NUMBERS)->likeness;
}

Test(hit_card, numbers_are_compared_without_their_signs_and_by_kind)
{
	cr_expect_eq(numbers("tax_id=PT 123.456-789", "123456789"), LIKENESS_SAME);
	cr_expect_eq(numbers("passport_number=123456789", "123456789"), LIKENESS_SAME, "whatever it is called");
	cr_expect_eq(numbers("tax_id=987654321", "123456789"), LIKENESS_DIFFERENT);
	cr_expect_eq(numbers("passport_number=X987654", "123456789"), LIKENESS_UNKNOWN, "another kind of number");
	cr_expect_eq(numbers("tax_id=12", "12"), LIKENESS_UNKNOWN, "too short to mean anything");
}

Test(hit_card, numbers_in_the_fields_of_whom_it_names_count)
{
	struct scene *scene = scene_of("Ines Duarte", "passport_number=X98 7654");

	add_party(scene, "p1", "Ines Duarte")->values = detail_of("passport_number=X987654;city=Porto");
	make(scene);
	cr_expect_eq(line_of(CARD_NUMBERS)->likeness, LIKENESS_SAME);
	cr_expect_str_eq(line_of(CARD_NUMBERS)->case_value, "X987654");
}

Test(hit_card, aliases_count_as_names)
{
	struct scene *scene = scene_of("The Shipper", "aliases=Agnes Duarte|Inês Duarte");

	add_party(scene, "p1", "Ines Duarte");
	make(scene);
	cr_expect_str_eq(card.name, "Ines Duarte");
	cr_expect_eq(line_of(CARD_NAME)->likeness, LIKENESS_SAME);
	cr_expect_str_eq(line_of(CARD_NAME)->entry_value, "The Shipper, Agnes Duarte, Inês Duarte");
}

/* --- the named person --- */

Test(hit_card, it_is_who_has_the_name_and_not_the_subject_by_default)
{
	struct scene *scene = scene_of("Ines Duarte", "");

	add_party(scene, "p0", "Tomas Reis");
	add_party(scene, "p1", "Ines Duarte");
	make(scene);
	cr_expect_eq(card.subject.method, NAMED_BY_NAME);
	cr_assert_not_null(card.subject.party);
	cr_expect_str_eq(card.subject.party->id, "p1");
	scene->hit.name = "Harbour Lane Ltd";
	make(scene);
	cr_expect_null(card.subject.party, "the subject");
	cr_expect_eq(card.subject.method, NAMED_BY_NAME);
	scene->hit.name = "Somebody Else";
	make(scene);
	cr_expect_null(card.subject.party);
	cr_expect_eq(card.subject.method, NAMED_BY_NOBODY);
}

Test(hit_card, an_id_in_the_hit_or_in_the_report_comes_before_every_name)
{
	struct scene *scene = scene_of("Ines Duarte", "");

	add_party(scene, "p0", "Tomas Reis");
	add_party(scene, "p1", "Ines Duarte");
	scene->check.checked_subject = detail_of("party=p0;name=Tomas Reis");
	make(scene);
	cr_expect_str_eq(card.name, "Tomas Reis");
	cr_expect_eq(card.subject.method, NAMED_BY_REPORT);
	cr_expect_str_eq(card.similar_names, "Ines Duarte", "who else has the name is said");
	scene->hit.detail = detail_of("party=p1");
	make(scene);
	cr_expect_str_eq(card.name, "Ines Duarte");
	scene->hit.detail = detail_of("party=gone");
	scene->check.checked_subject = NULL;
	make(scene);
	cr_expect_str_eq(card.name, "Ines Duarte", "by the name where nobody has the id");
}

Test(hit_card, of_two_with_the_name_it_is_who_is_not_born_otherwise)
{
	struct scene *scene = scene_of("Ines Duarte", "date_of_birth=1984");

	add_party(scene, "p0", "Ines Duarte")->date_of_birth = "1951-07-01";
	add_party(scene, "p1", "Ines Duarte")->date_of_birth = "1984-02-11";
	make(scene);
	cr_expect_str_eq(card.subject.party->id, "p1");
	cr_expect_str_eq(card.similar_names, "Ines Duarte");
}

Test(hit_card, it_may_be_somebody_of_another_session_of_the_case)
{
	struct scene *own = scene_of("Vela Ost", "date_of_birth=1970"), *other = scene_of("", "");
	const struct case_file *const files[] = { &own->file, &other->file };
	const struct card_input of = {
		.countries = &countries, .files = files, .file_count = 2, .check = &own->check, .hit = &own->hit
	};

	add_party(other, "p9", "Vela Ost")->date_of_birth = "1970-05-05";
	hit_card_make(&arena, &of, &card);
	cr_expect_str_eq(card.name, "Vela Ost");
	cr_expect_eq(card.subject.file, &other->file);
	cr_expect_eq(line_of(CARD_BORN)->likeness, LIKENESS_CLOSE);
	add_party(own, "p1", "V. Ost");
	hit_card_make(&arena, &of, &card);
	cr_expect_eq(card.subject.file, &own->file, "its own session comes first");
}

/* --- the shown data --- */

Test(hit_card, masked_it_says_how_alike_they_are_and_nothing_else_that_is_personal)
{
	struct scene *scene = scene_of(
		"Inês Duarte",
		"aliases=Agnes;date_of_birth=1984-02-11;tax_id=PT123456789;country=PT;remarks=Known since 1999");
	struct party *party = add_party(scene, "p1", "Ines Duarte");

	party->date_of_birth = "1984-02-11";
	party->tax_id = "123456789";
	party->country = "GBR";
	scene->masked = true;
	make(scene);
	cr_expect_str_eq(line_of(CARD_NAME)->entry_value, "Inês Duarte, 1 alias");
	cr_expect_str_eq(line_of(CARD_BORN)->case_value, "****-**-**");
	cr_expect_str_eq(line_of(CARD_BORN)->entry_value, "****-**-**");
	cr_expect_eq(line_of(CARD_BORN)->likeness, LIKENESS_SAME);
	cr_expect_str_eq(line_of(CARD_NUMBERS)->case_value, "*****6789");
	cr_expect_eq(line_of(CARD_NUMBERS)->likeness, LIKENESS_SAME);
	cr_expect_str_eq(line_of(CARD_COUNTRY)->entry_value, "PRT");
	cr_expect_eq(line_of(CARD_COUNTRY)->likeness, LIKENESS_DIFFERENT);
	cr_expect_null(strstr(card.other_details, "Known"), "%s", card.other_details);
	scene->masked = false;
	make(scene);
	cr_expect_str_eq(line_of(CARD_BORN)->case_value, "1984-02-11");
	cr_expect_str_eq(card.other_details, "remarks: Known since 1999");
}

Test(hit_card, the_list_s_version_and_entry_are_said)
{
	make(scene_of("Ines Duarte", "list_version=2026-11-01;entry_id=SDN-4711;active=yes"));
	cr_expect_str_eq(card.list_version, "2026-11-01");
	cr_expect_str_eq(card.entry_id, "SDN-4711");
	cr_expect_str_eq(card.other_details, "active: yes");
	make(scene_of("Ines Duarte", ""));
	cr_expect_str_eq(card.list_version, "");
	cr_expect_eq(card.line_count, 1, "the name, and nothing that neither says");
}

Test(hit_card, programme_parts_of_the_score_and_articles_are_told_apart)
{
	struct scene *scene = scene_of("Ines Duarte", "programme=SDGT|SYRIA;articles=https://news.example/1|"
						      "https://news.example/2;vessel=three");
	static const char *const part_names[] = { "name", "birth_date" };
	static const struct value numbers[] = { { .kind = VALUE_NUMBER, .text = "0.95" },
						{ .kind = VALUE_NUMBER, .text = "0.40000000000000002" } };
	struct value *detail = arena_alloc(&arena, sizeof *detail),
		     *items = arena_alloc_array(&arena, 8, sizeof *items);
	const char **keys = arena_alloc_array(&arena, 8, sizeof *keys);

	*detail = *scene->hit.detail;
	for (size_t i = 0; i < detail->count; i++) {
		items[i] = detail->items[i];
		keys[i] = detail->keys[i];
	}
	keys[detail->count] = "score_parts";
	items[detail->count++] =
		(struct value){ .kind = VALUE_OBJECT, .text = "", .items = numbers, .keys = part_names, .count = 2 };
	detail->items = items;
	detail->keys = keys;
	scene->hit.detail = detail;
	make(scene);
	cr_expect_str_eq(card.programme, "SDGT, SYRIA");
	cr_expect_str_eq(card.score_breakdown, "name 0.95, birth date 0.4");
	cr_assert_eq(card.article_count, 2);
	cr_expect_str_eq(card.articles[1], "https://news.example/2");
	cr_expect_str_eq(card.other_details, "vessel: three");
	scene->masked = true;
	make(scene);
	cr_expect_null(card.articles, "an address may name a person");
	cr_expect_eq(card.article_count, 2);
	cr_expect(card.has_personal_data);
	cr_expect_str_eq(card.programme, "SDGT, SYRIA");
}

/* --- the facts of a verdict --- */

Test(hit_card, a_verdict_rests_on_whom_the_card_shows)
{
	struct scene *scene = scene_of("Ines Duarte", "");
	struct party *party = add_party(scene, "p1", "Ines Duarte");
	const char *before = facts_hit(&arena, &scene->file, &scene->check, &scene->hit);

	scene->file.session.subject.country = "NOR";
	cr_expect_str_eq(facts_hit(&arena, &scene->file, &scene->check, &scene->hit), before,
			 "the subject is not whom it was compared with");
	party->date_of_birth = "1951-07-01";
	cr_expect_str_neq(facts_hit(&arena, &scene->file, &scene->check, &scene->hit), before);
}
