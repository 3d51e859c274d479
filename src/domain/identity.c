#include "kybdesk/domain/identity.h"
#include "kybdesk/base/text.h"

#include <stdlib.h>
#include <string.h>

enum { DATE_LENGTH = 10 }; /* YYYY-MM-DD */

enum agreement { UNKNOWN, AGREES, CONTRADICTS };

struct identity identity_of_party(const struct party *party)
{
	return (struct identity){ .kind = party->kind,
				  .name = party->name,
				  .country = party->country,
				  .date_of_birth = party->date_of_birth,
				  .registration_number = party->registration_number,
				  .lei = "",
				  .tax_id = party->tax_id };
}

struct identity identity_of_subject(const struct subject *subject)
{
	return (struct identity){ .kind = subject->kind == SUBJECT_INDIVIDUAL ? PARTY_INDIVIDUAL : PARTY_COMPANY,
				  .name = subject->name,
				  .country = subject->country,
				  .date_of_birth = subject->date_of_birth,
				  .registration_number = subject->registration_number,
				  .lei = "",
				  .tax_id = subject->tax_id };
}

/* --- names --- */

/* Legal forms, written out and short (ISO 20275), folded and without spaces; of two endings the longer comes first. */
static const struct {
	const char *long_form, *short_form;
} legal_forms[] = {
	{ "spolkazograniczonaodpowiedzialnoscia", "spzoo" },
	{ "gesellschaftmitbeschrankterhaftung", "gmbh" },
	{ "gesellschaftmitbeschraenkterhaftung", "gmbh" },
	{ "societaaresponsabilitalimitata", "srl" },
	{ "societearesponsabilitelimitee", "sarl" },
	{ "sociedadderesponsabilidadlimitada", "sl" },
	{ "societeparactionssimplifiee", "sas" },
	{ "beslotenvennootschap", "bv" },
	{ "limitedliabilitycompany", "llc" },
	{ "publiclimitedcompany", "plc" },
	{ "naamlozevennootschap", "nv" },
	{ "aktiengesellschaft", "ag" },
	{ "kommanditgesellschaft", "kg" },
	{ "societaperazioni", "spa" },
	{ "sociedadelimitada", "ltda" },
	{ "sociedadlimitada", "sl" },
	{ "sociedadanonima", "sa" },
	{ "societeanonyme", "sa" },
	{ "sociedadeanonima", "sa" },
	{ "spolkaakcyjna", "sa" },
	{ "aktieselskab", "as" },
	{ "aktieselskap", "as" },
	{ "anpartsselskab", "aps" },
	{ "incorporated", "inc" },
	{ "osakeyhtio", "oy" },
	{ "corporation", "corp" },
	{ "aktiebolag", "ab" },
	{ "limitada", "ltda" },
	{ "limited", "ltd" },
	{ "company", "co" },
};
/* Forms that stand before a name or after it. */
static const char *const moving_forms[] = { "ab", "as", "oy", "uab", "sia", "ooo" };
static const char *const conjunctions[] = { "and", "und", "et", "y", "e", "og", "och" };
/* Letters that do not decompose to ASCII, and the umlauts as they are written where there is none. */
static const struct {
	const char *letter, *ascii;
	bool is_umlaut;
} letters[] = {
	{ "ä", "ae", true },	 { "Ä", "ae", true },	  { "ö", "oe", true },	{ "Ö", "oe", true },
	{ "ü", "ue", true },	 { "Ü", "ue", true },	  { "å", "aa", true },	{ "Å", "aa", true },
	{ "ß", "ss", false },	 { "ł", "l", false },	  { "Ł", "l", false },	{ "ø", "o", false },
	{ "Ø", "o", false },	 { "æ", "ae", false },	  { "Æ", "ae", false }, { "œ", "oe", false },
	{ "Œ", "oe", false },	 { "đ", "d", false },	  { "Đ", "d", false },	{ "ð", "d", false },
	{ "Ð", "d", false },	 { "þ", "th", false },	  { "Þ", "th", false }, { "ı", "i", false },
	{ "&", " and ", false }, { "+", " and ", false },
};

static bool is_among(const char *word, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(word, words[i]))
			return true;
	return false;
}

static void add_letters(struct strbuf *out, const char *name, bool spells_umlauts)
{
	while (*name) {
		size_t at = 0;

		while (at < sizeof letters / sizeof *letters &&
		       (!text_has_prefix(name, letters[at].letter) || (letters[at].is_umlaut && !spells_umlauts)))
			at++;
		if (at < sizeof letters / sizeof *letters) {
			strbuf_adds(out, letters[at].ascii);
			name += strlen(letters[at].letter);
		} else {
			strbuf_addch(out, *name++);
		}
	}
}

static void shorten_legal_form(struct strbuf *name)
{
	for (size_t i = 0; i < sizeof legal_forms / sizeof *legal_forms; i++) {
		size_t length = strlen(legal_forms[i].long_form);

		if (name->len <= length || strcmp(name->buf + name->len - length, legal_forms[i].long_form) != 0)
			continue;
		strbuf_truncate(name, name->len - length);
		strbuf_adds(name, legal_forms[i].short_form);
		return;
	}
}

/* The words of a person in one order; the words of a company as one, with its conjunctions and its legal form in one
 * form. In the arena. */
static const char *name_key(struct arena *arena, enum party_kind kind, const char *name, bool spells_umlauts)
{
	struct strbuf text = STRBUF_INIT, key = STRBUF_INIT;
	const char **words = NULL, *form = "";
	size_t count = 0, capacity = 0, first = 0;

	add_letters(&text, name, spells_umlauts);
	text_add_tokens(&key, text.buf, text.len);
	for (char *at = strbuf_finish(&key, arena); *at; at += strspn(at, " ")) {
		size_t length = strcspn(at, " ");

		*ARENA_PUSH(arena, words, count, capacity) = arena_strndup(arena, at, length);
		at += length;
	}
	if (kind == PARTY_INDIVIDUAL) {
		if (count)
			qsort(words, count, sizeof *words, text_compare);
	} else if (count > 1 && is_among(words[0], moving_forms, sizeof moving_forms / sizeof *moving_forms)) {
		form = words[first++];
	}
	key = (struct strbuf)STRBUF_INIT;
	for (size_t i = first; i < count; i++) {
		if (kind == PARTY_INDIVIDUAL)
			strbuf_addf(&key, "%s ", words[i]);
		else if (i > first && i + 1 < count &&
			 is_among(words[i], conjunctions, sizeof conjunctions / sizeof *conjunctions))
			strbuf_addch(&key, '&');
		else
			strbuf_adds(&key, words[i]);
	}
	strbuf_adds(&key, form);
	if (kind == PARTY_COMPANY)
		shorten_legal_form(&key);
	strbuf_release(&text);
	return strbuf_finish(&key, arena);
}

static const char *looks_of(struct arena *arena, const char *name)
{
	struct strbuf key = STRBUF_INIT;

	text_likeness_key(&key, name, strlen(name));
	return strbuf_finish(&key, arena);
}

bool identity_names_agree(struct arena *arena, enum party_kind kind, const char *left, const char *right)
{
	const char *looks = looks_of(arena, left);

	if (*looks && !strcmp(looks, looks_of(arena, right)))
		return true;
	for (int umlauts = 0; umlauts < 2; umlauts++) {
		const char *key = name_key(arena, kind, left, umlauts);

		if (*key && !strcmp(key, name_key(arena, kind, right, umlauts)))
			return true;
	}
	return false;
}

/* --- values --- */

static bool numbers_agree(const char *left, const char *right)
{
	struct strbuf a = STRBUF_INIT, b = STRBUF_INIT;
	bool agree;

	text_number_key(&a, left);
	text_number_key(&b, right);
	agree = a.len && !strcmp(a.buf, b.buf);
	strbuf_release(&a);
	strbuf_release(&b);
	return agree;
}

static enum agreement compare_numbers(const char *left, const char *right)
{
	return !*left || !*right ? UNKNOWN : numbers_agree(left, right) ? AGREES : CONTRADICTS;
}

/* "1984" and "1984-05-26" do not contradict, but only two whole dates agree. */
static enum agreement compare_dates(const char *left, const char *right)
{
	size_t a = strlen(left), b = strlen(right);

	if (strncmp(left, right, a < b ? a : b) != 0)
		return CONTRADICTS;
	return a == b && a == DATE_LENGTH ? AGREES : UNKNOWN;
}

enum identity_answer identity_compare(struct arena *arena, const struct identity *left, const struct identity *right)
{
	const bool person = left->kind == PARTY_INDIVIDUAL,
		   names = identity_names_agree(arena, left->kind, left->name, right->name);
	const bool other_country = *left->country && *right->country && strcmp(left->country, right->country) != 0;
	enum agreement values[] = { compare_numbers(left->tax_id, right->tax_id),
				    compare_numbers(left->lei, right->lei),
				    person ? compare_dates(left->date_of_birth, right->date_of_birth)
					   : compare_numbers(left->registration_number, right->registration_number) };
	size_t agreeing = 0, contradicting = 0;
	bool identified = false;

	if (left->kind != right->kind)
		return IDENTITY_OTHER;
	/* A number is of one country's register; a person keeps a birth date when moving. */
	if (other_country && !person)
		values[0] = UNKNOWN, values[2] = CONTRADICTS;
	for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
		agreeing += values[i] == AGREES;
		contradicting += values[i] == CONTRADICTS;
	}
	/* Many people share a birth date. */
	identified = values[0] == AGREES || values[1] == AGREES || (!person && values[2] == AGREES);
	if (contradicting || !names)
		return identified ? IDENTITY_UNSURE : IDENTITY_OTHER;
	return agreeing ? IDENTITY_SAME : IDENTITY_UNSURE;
}
