/* The two sides of a hit, field by field. */
#include "hit/hit_parts.h"
#include "kybdesk/base/decimal.h"
#include "kybdesk/base/strbuf.h"
#include "kybdesk/base/text.h"
#include "kybdesk/domain/mask.h"

#include <string.h>

#define ARTICLES_MAX 50	       /* maximum number of articles of one member */
#define DETAILS_STOP_BYTES 600 /* after this number of bytes no other detail is added */

static const char *const founded_keys[] = { "founded_on", "incorporated_on", NULL };
static const char *const country_keys[] = {
	"country", "countries", "nationality", "nationalities", "citizenship", NULL
};
static const char *const number_keys[] = {
	"tax_id",   "registration_number", "national_id", "id_number", "passport_number",
	"passport", "document_number",	   "lei",	  "imo",       "identifiers",
	NULL
};
static const char *const version_keys[] = { "list_version", "version", "list_date", "as_of", "published", NULL };
static const char *const entry_keys[] = { "entry_id", "entry", "reference", NULL };
static const char *const programme_keys[] = { "programme", "programmes", "program", "programs", "regime", NULL };
static const char *const part_keys[] = { "score_parts", "score_details", NULL };
static const char *const article_keys[] = { "articles", "article", "links", "link", "urls", "url", "sources", NULL };
static const char *const party_keys[] = { "party", NULL };
static const char *const *const known[] = { alias_keys,	    birth_keys,	  founded_keys, country_keys,
					    number_keys,    version_keys, entry_keys,	party_keys,
					    programme_keys, part_keys,	  article_keys };
static const char *const name_inner[] = { "name", NULL }, *const date_inner[] = { "date", NULL },
			 *const country_inner[] = { "country", NULL },
			 *const number_inner[] = { "value", "number", NULL };

struct builder {
	struct arena *arena;
	const struct card_input *input;
	struct hit_card *card;
};

/* The values of one field on both sides. */
struct field_sides {
	struct card_values list_values, case_values;
};

static struct field_sides sides_of(const struct builder *builder)
{
	return (struct field_sides){ .list_values = { .arena = builder->arena },
				     .case_values = { .arena = builder->arena } };
}

/* Adds values from the fields of the person: the party's fields, or for the subject the fields of the steps. */
static void collect_fields(const struct builder *builder, struct card_values *out, const char *const *keys,
			   const char *const *inner)
{
	const struct hit_subject *named = &builder->card->subject;

	if (named->party) {
		card_values_collect(out, named->party->values, keys, inner);
		return;
	}
	for (size_t i = 0; i < named->file->step_count; i++)
		card_values_collect(out, named->file->steps[i].values, keys, inner);
}

typedef char *mask_with(struct arena *arena, const char *text);

static const char *join_text(const struct builder *builder, const struct card_values *card_value, mask_with *mask)
{
	struct strbuf out = STRBUF_INIT;

	builder->card->has_personal_data |= mask && card_value->count;
	for (size_t i = 0; i < card_value->count; i++)
		strbuf_addf(&out, "%s%s", i ? ", " : "",
			    builder->input->masked && mask ? mask(builder->arena, card_value->items[i].text)
							   : card_value->items[i].text);
	return strbuf_finish(&out, builder->arena);
}

/* Every date gets the same mask, which shows only that a date exists. */
static char *mask_any_date(struct arena *arena, const char *text)
{
	(void)text;
	return mask_date(arena, "a date");
}

static void add_line(const struct builder *builder, enum card_field what, enum likeness like, const char *listed,
		     const char *ours)
{
	struct hit_card *card = builder->card;

	if (what == CARD_NAME || *listed || *ours)
		card->lines[card->line_count++] = (struct card_line){
			.field = what, .likeness = like, .entry_value = listed, .case_value = ours
		};
}

/* If masked: the first name and the number of the other names; otherwise all names. */
static const char *names_text(const struct builder *builder, const struct card_values *names)
{
	size_t more = names->count ? names->count - 1 : 0;

	builder->card->has_personal_data |= more > 0;
	if (!more || !builder->input->masked)
		return join_text(builder, names, NULL);
	return arena_printf(builder->arena, "%s, %zu alias%s", names->items[0].text, more, more == 1 ? "" : "es");
}

static void add_names(const struct builder *builder)
{
	const struct hit_subject *named = &builder->card->subject;
	struct field_sides field_sides = sides_of(builder);
	enum likeness like = hit_name_likeness(named->file, named->party, builder->input->hit);

	card_value_add(&field_sides.list_values, "name", builder->input->hit->name);
	card_values_collect(&field_sides.list_values, builder->input->hit->detail, alias_keys, name_inner);
	card_value_add(&field_sides.case_values, "name", builder->card->name);
	if (named->party)
		card_value_add(&field_sides.case_values, "name", named->party->session_name);
	add_line(builder, CARD_NAME, like, names_text(builder, &field_sides.list_values),
		 join_text(builder, &field_sides.case_values, NULL));
}

static void add_dates(const struct builder *builder, enum card_field what, const struct field_sides *field_sides)
{
	enum likeness best = LIKENESS_UNKNOWN;

	for (size_t i = 0; i < field_sides->list_values.count; i++) {
		for (size_t o = 0; o < field_sides->case_values.count; o++)
			best = better_likeness(best, date_likeness(field_sides->list_values.items[i].text,
								   field_sides->case_values.items[o].text));
	}
	add_line(builder, what, best, join_text(builder, &field_sides->list_values, mask_any_date),
		 join_text(builder, &field_sides->case_values, mask_any_date));
}

static void add_birth_date(const struct builder *builder)
{
	const struct hit_subject *named = &builder->card->subject;
	struct field_sides field_sides = sides_of(builder);

	card_values_collect(&field_sides.list_values, builder->input->hit->detail, birth_keys, date_inner);
	card_value_add(&field_sides.case_values, "date_of_birth",
		       named->party ? named->party->date_of_birth : named->file->session.subject.date_of_birth);
	if (named->party)
		card_value_add(&field_sides.case_values, "date_of_birth", named->party->session_birth_date);
	add_dates(builder, CARD_BORN, &field_sides);
}

static void add_founding_date(const struct builder *builder)
{
	const struct hit_subject *named = &builder->card->subject;
	struct field_sides field_sides = sides_of(builder);

	card_values_collect(&field_sides.list_values, builder->input->hit->detail, founded_keys, date_inner);
	if (!named->party)
		card_value_add(&field_sides.case_values, "incorporated_on",
			       named->file->session.subject.incorporated_on);
	add_dates(builder, CARD_FOUNDED, &field_sides);
}

static const char *code_of(const struct builder *builder, const char *text)
{
	const struct country *country = country_find(builder->input->countries, text);

	return country ? country->alpha3 : NULL;
}

static void add_country_codes(const struct builder *builder, const struct card_values *from, struct card_values *out,
			      bool *known_all)
{
	for (size_t i = 0; i < from->count; i++) {
		const char *code = code_of(builder, from->items[i].text);

		*known_all &= code != NULL;
		card_value_add(out, from->items[i].key, code ? code : from->items[i].text);
	}
}

static void add_country(const struct builder *builder)
{
	const struct hit_subject *named = &builder->card->subject;
	struct field_sides card_value = sides_of(builder), codes = sides_of(builder);
	enum likeness like;
	bool known_all = true;

	card_values_collect(&card_value.list_values, builder->input->hit->detail, country_keys, country_inner);
	card_value_add(&card_value.case_values, "country",
		       named->party ? named->party->country : named->file->session.subject.country);
	if (named->party)
		card_value_add(&card_value.case_values, "country", named->party->session_country);
	collect_fields(builder, &card_value.case_values,
		       (const char *const[]){ "nationality", "nationalities", "citizenship", NULL }, country_inner);
	add_country_codes(builder, &card_value.list_values, &codes.list_values, &known_all);
	add_country_codes(builder, &card_value.case_values, &codes.case_values, &known_all);
	/* An unknown country name does not count as different. */
	like = codes.list_values.count && codes.case_values.count && known_all ? LIKENESS_DIFFERENT : LIKENESS_UNKNOWN;
	for (size_t i = 0; i < codes.list_values.count; i++) {
		for (size_t o = 0; o < codes.case_values.count; o++) {
			if (!strcmp(codes.list_values.items[i].text, codes.case_values.items[o].text))
				like = LIKENESS_SAME;
		}
	}
	add_line(builder, CARD_COUNTRY, like, join_text(builder, &codes.list_values, NULL),
		 join_text(builder, &codes.case_values, NULL));
}

static void add_numbers(const struct builder *builder)
{
	const struct hit_subject *named = &builder->card->subject;
	const struct subject *subject = &named->file->session.subject;
	const struct party *party = named->party;
	struct field_sides field_sides = sides_of(builder);
	enum likeness best = LIKENESS_UNKNOWN;

	card_values_collect(&field_sides.list_values, builder->input->hit->detail, number_keys, number_inner);
	card_value_add(&field_sides.case_values, "registration_number",
		       party ? party->registration_number : subject->registration_number);
	card_value_add(&field_sides.case_values, "tax_id", party ? party->tax_id : subject->tax_id);
	if (party) {
		card_value_add(&field_sides.case_values, "registration_number", party->session_registration_number);
		card_value_add(&field_sides.case_values, "tax_id", party->session_tax_id);
	}
	collect_fields(builder, &field_sides.case_values, number_keys, number_inner);
	for (size_t i = 0; i < field_sides.list_values.count; i++) {
		for (size_t o = 0; o < field_sides.case_values.count; o++) {
			const struct card_value *listed = &field_sides.list_values.items[i],
						*own = &field_sides.case_values.items[o];

			best = better_likeness(
				best, number_likeness(listed->text, own->text, !strcmp(listed->key, own->key)));
		}
	}
	add_line(builder, CARD_NUMBERS, best, join_text(builder, &field_sides.list_values, mask_number),
		 join_text(builder, &field_sides.case_values, mask_number));
}

static void find_other_people(const struct builder *builder)
{
	struct hit_card *card = builder->card;
	const struct case_file *file = card->subject.file;
	struct card_values others = { .arena = builder->arena };

	for (size_t i = 0; i <= file->party_count; i++) {
		const struct party *party = i ? &file->parties[i - 1] : NULL;
		enum likeness like;

		if (party == card->subject.party)
			continue;
		like = hit_name_likeness(file, party, builder->input->hit);
		if (like == LIKENESS_SAME || like == LIKENESS_CLOSE)
			card_value_add(&others, "name", party ? party->name : file->session.subject.name);
	}
	card->similar_names = join_text(builder, &others, NULL);
}

static const char *first_value(const struct builder *builder, const char *const *keys)
{
	struct card_values card_value = { .arena = builder->arena };

	card_values_collect(&card_value, builder->input->hit->detail, keys, date_inner);
	return card_value.count ? card_value.items[0].text : "";
}

/* A number shortened to two decimal places; other texts unchanged. */
static const char *shorten_number(struct arena *arena, const char *text)
{
	const char *point = strchr(text, '.');
	struct decimal *value = decimal_new();
	const char *number = text;

	if (point && strlen(point) > 3 && decimal_parse(value, text))
		number = decimal_text(arena, value, 2);
	decimal_free(value);
	return number;
}

static void find_score_parts(const struct builder *builder)
{
	const struct value *parts = NULL;

	builder->card->score_breakdown = "";
	for (size_t i = 0; !parts && part_keys[i]; i++)
		parts = value_member(builder->input->hit->detail, part_keys[i]);
	for (size_t i = 0; parts && parts->kind == VALUE_OBJECT && i < parts->count; i++) {
		if (parts->items[i].kind == VALUE_NUMBER)
			builder->card->score_breakdown =
				arena_printf(builder->arena, "%s%s%s %s", builder->card->score_breakdown,
					     *builder->card->score_breakdown ? ", " : "",
					     text_with_spaces(builder->arena, parts->keys[i]),
					     shorten_number(builder->arena, parts->items[i].text));
	}
}

static void add_article(const struct builder *builder, const struct value *value, size_t *capacity)
{
	struct hit_card *card = builder->card;
	const struct value *address = value_member(value, "url"), *title = value_member(value, "title");
	const char *text = value_text(address ? address : value), *name = value_text(title);

	if (!*text && !*name)
		return;
	*ARENA_PUSH(builder->arena, card->articles, card->article_count, *capacity) =
		*text && *name ? arena_printf(builder->arena, "%s: %s", name, text)
		: *text	       ? text
			       : name;
}

/* The articles are shown as text, so that the reviewer can copy their addresses. */
static void find_articles(const struct builder *builder)
{
	size_t capacity = 0;

	for (size_t k = 0; article_keys[k]; k++) {
		const struct value *value = value_member(builder->input->hit->detail, article_keys[k]);

		for (size_t i = 0; value && value->kind == VALUE_LIST && i < value->count && i < ARTICLES_MAX; i++)
			add_article(builder, &value->items[i], &capacity);
		if (value && value->kind != VALUE_LIST)
			add_article(builder, value, &capacity);
	}
	builder->card->has_personal_data |= builder->card->article_count > 0;
	if (builder->input->masked)
		builder->card->articles = NULL;
}

static bool is_known_key(const char *key)
{
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		if (keys_contain(known[i], key))
			return true;
	}
	return false;
}

static void add_detail(const struct builder *builder, struct strbuf *out, const char *key, const struct value *value)
{
	static const char *const any[] = { "name", "value", "text", "title", NULL };
	const char *const keys[] = { key, NULL };
	struct card_values card_value = { .arena = builder->arena };

	if (value->kind == VALUE_BOOL)
		card_value_add(&card_value, key, value->boolean ? "yes" : "no");
	else
		card_values_collect(&card_value, builder->input->hit->detail, keys, any);
	if (card_value.count)
		strbuf_addf(out, "%s%s: %s", out->len ? "; " : "", key, join_text(builder, &card_value, mask_text));
}

static void add_details(const struct builder *builder)
{
	const struct value *detail = builder->input->hit->detail;
	struct strbuf out = STRBUF_INIT;

	for (size_t i = 0; detail && i < detail->count && out.len < DETAILS_STOP_BYTES; i++) {
		if (!is_known_key(detail->keys[i]))
			add_detail(builder, &out, detail->keys[i], &detail->items[i]);
	}
	builder->card->other_details = strbuf_finish(&out, builder->arena);
}

/* Searches the hit's own session first, then the other sessions of the case. */
static struct hit_subject find_subject(const struct card_input *of)
{
	struct hit_subject first = hit_find_subject(of->files[0], of->check, of->hit);

	for (size_t i = 1; first.method == NAMED_BY_NOBODY && i < of->file_count; i++) {
		struct hit_subject other = hit_find_subject(of->files[i], of->check, of->hit);

		if (other.method != NAMED_BY_NOBODY)
			return other;
	}
	return first;
}

void hit_card_make(struct arena *arena, const struct card_input *of, struct hit_card *out)
{
	const struct builder builder = { arena, of, out };

	struct field_sides programmes = sides_of(&builder);

	*out = (struct hit_card){ .subject = find_subject(of) };
	out->name = out->subject.party ? out->subject.party->name : out->subject.file->session.subject.name;
	out->is_person = out->subject.party ? out->subject.party->kind == PARTY_INDIVIDUAL
					    : out->subject.file->session.subject.kind == SUBJECT_INDIVIDUAL;
	add_names(&builder);
	add_birth_date(&builder);
	add_founding_date(&builder);
	add_country(&builder);
	add_numbers(&builder);
	find_other_people(&builder);
	card_values_collect(&programmes.list_values, of->hit->detail, programme_keys, name_inner);
	out->list_version = first_value(&builder, version_keys);
	out->entry_id = first_value(&builder, entry_keys);
	out->programme = join_text(&builder, &programmes.list_values, NULL);
	find_score_parts(&builder);
	find_articles(&builder);
	add_details(&builder);
}

const char *card_field_title(enum card_field field)
{
	static const char *const titles[] = { [CARD_NAME] = "name",
					      [CARD_BORN] = "birth date",
					      [CARD_FOUNDED] = "founding date",
					      [CARD_COUNTRY] = "country",
					      [CARD_NUMBERS] = "number" };

	return titles[field];
}

const char *hit_card_sentence(struct arena *arena, const struct hit_card *card, bool masked)
{
	static const char *const titles[] = { [CARD_NAME] = "named",
					      [CARD_BORN] = "born",
					      [CARD_FOUNDED] = "founded",
					      [CARD_COUNTRY] = "country",
					      [CARD_NUMBERS] = "number" };
	const char *listed = "", *ours = "", *what = card->is_person ? "person" : "company";

	for (size_t i = 0; i < card->line_count; i++) {
		const struct card_line *line = &card->lines[i];

		if (line->likeness != LIKENESS_DIFFERENT)
			continue;
		listed = arena_printf(arena, "%s%s%s%s%s", listed, *listed ? ", " : "",
				      masked ? card_field_title(line->field) : titles[line->field], masked ? "" : " ",
				      masked ? "" : line->entry_value);
		ours = arena_printf(arena, "%s%s%s %s", ours, *ours ? ", " : "", titles[line->field], line->case_value);
	}
	if (!*listed)
		return "";
	return masked ? arena_printf(arena, "a different %s: another %s", what, listed)
		      : arena_printf(arena, "a different %s: %s; %s: %s", what, listed,
				     card->subject.party ? "the party" : "the client", ours);
}
