/* The labelled pairs of tests/names/pairs.tsv, written from the rules before the function was changed; a third of
 * them ("unseen") is not looked at when the function is mended. All names are made up. */
#include "kybdesk/domain/identity.h"
#include "../../support/process.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

enum {
	PART,
	ANSWER,
	KIND,
	OF,
	RULE,
	LEFT,
	MEMBERS = 6,
	RIGHT = LEFT + MEMBERS,
	COLUMNS = RIGHT + MEMBERS,
	PAIRS = 800
};
enum { SEEN, UNSEEN, PARTS };

static const char *const answers[] = {
	[IDENTITY_OTHER] = "other", [IDENTITY_UNSURE] = "unsure", [IDENTITY_SAME] = "same"
};

static struct identity read_identity(char *const *columns, enum party_kind kind)
{
	return (struct identity){ .kind = kind,
				  .name = columns[0],
				  .country = columns[1],
				  .date_of_birth = columns[2],
				  .registration_number = columns[3],
				  .lei = columns[4],
				  .tax_id = columns[5] };
}

static enum identity_answer answer_of(const char *word)
{
	for (unsigned i = 0; i < 3; i++)
		if (!strcmp(answers[i], word))
			return (enum identity_answer)i;
	cr_assert_fail("%s is not an answer", word);
	return IDENTITY_OTHER;
}

/* An index finds a subject of the same name by its key: of a person in every spelling and script, with whole dates. */
Test(identity, subjects_of_one_name_have_one_key)
{
	char *text = temp_read(KYB_SOURCE_DIR "/tests/names/pairs.tsv", NULL), *rest = text;
	size_t compared = 0, missed = 0;

	strsep(&rest, "\n");
	for (char *line; (line = strsep(&rest, "\n")) && *line;) {
		char *columns[COLUMNS];
		struct strbuf a = STRBUF_INIT, b = STRBUF_INIT;
		struct identity left, right;

		for (size_t i = 0; i < COLUMNS; i++)
			columns[i] = strsep(&line, "\t");
		left = read_identity(columns + LEFT, *columns[KIND] == 'p' ? PARTY_INDIVIDUAL : PARTY_COMPANY);
		right = read_identity(columns + RIGHT, left.kind);
		identity_add_key(&a, &left);
		identity_add_key(&b, &right);
		if (left.kind == PARTY_INDIVIDUAL
			    ? !strcmp(left.date_of_birth, right.date_of_birth) &&
				      identity_compare(&left, &right) != IDENTITY_OTHER
			    : !strcmp(left.country, right.country) &&
				      identity_names_agree(PARTY_COMPANY, left.name, right.name)) {
			compared += a.len > 0;
			missed += strcmp(a.len ? a.buf : "", b.len ? b.buf : "") != 0;
			if (a.len && strcmp(a.buf, b.len ? b.buf : "") != 0)
				printf("two keys: %s, %s: %s, %s\n", left.name, right.name, a.buf, b.len ? b.buf : "");
		}
		strbuf_release(&a);
		strbuf_release(&b);
	}
	cr_expect_gt(compared, PAIRS / 4);
	cr_expect_eq(missed, 0);
	free(text);
}

/* Prints precision, recall and the confusions of each part; KYBDESK_SHOW_PAIRS=1 prints each wrong pair of the seen
 * part, 2 of both. */
Test(identity, answers_of_the_labelled_pairs)
{
	char *text = temp_read(KYB_SOURCE_DIR "/tests/names/pairs.tsv", NULL), *rest = text;
	size_t counts[PARTS][3][3] = { 0 }, pairs = 0; /* part, right answer, given answer */
	size_t all_same = 0, found_same = 0, undecided = 0;
	const char *show = getenv("KYBDESK_SHOW_PAIRS");

	strsep(&rest, "\n");
	for (char *line; (line = strsep(&rest, "\n")) && *line; pairs++) {
		char *columns[COLUMNS];
		struct identity left, right;
		enum identity_answer wanted, given;
		unsigned part;

		for (size_t i = 0; i < COLUMNS; i++) {
			columns[i] = strsep(&line, "\t");
			cr_assert_not_null(columns[i], "pair %zu", pairs);
		}
		left = read_identity(columns + LEFT, *columns[KIND] == 'p' ? PARTY_INDIVIDUAL : PARTY_COMPANY);
		right = read_identity(columns + RIGHT, left.kind);
		wanted = answer_of(columns[ANSWER]);
		given = identity_compare(&left, &right);
		cr_expect_eq(identity_compare(&right, &left), given, "%s, %s", left.name, right.name);
		part = !strcmp(columns[PART], "unseen");
		counts[part][wanted][given]++;
		if (show && given != wanted && part < (unsigned)atoi(show))
			printf("%s for %s: %s: %s, %s\n", answers[given], columns[ANSWER], columns[RULE], left.name,
			       right.name);
	}
	cr_expect_eq(pairs, PAIRS);
	for (unsigned part = 0; part < PARTS; part++) {
		const size_t(*of)[3] = counts[part];
		size_t same = 0, called_same = 0, unsure = 0, all = 0;

		for (unsigned i = 0; i < 3; i++) {
			same += of[IDENTITY_SAME][i];
			called_same += of[i][IDENTITY_SAME];
			unsure += of[i][IDENTITY_UNSURE];
			for (unsigned n = 0; n < 3; n++)
				all += of[i][n];
			printf("%s: %s: called same %zu, unsure %zu, other %zu\n", part ? "unseen" : "seen", answers[i],
			       of[i][IDENTITY_SAME], of[i][IDENTITY_UNSURE], of[i][IDENTITY_OTHER]);
		}
		printf("%s: precision %.3f, recall %.3f of same; unsure %.3f\n", part ? "unseen" : "seen",
		       (double)of[IDENTITY_SAME][IDENTITY_SAME] / (double)called_same,
		       (double)of[IDENTITY_SAME][IDENTITY_SAME] / (double)same, (double)unsure / (double)all);
		cr_expect_eq(of[IDENTITY_OTHER][IDENTITY_SAME], 0);
		all_same += same;
		found_same += of[IDENTITY_SAME][IDENTITY_SAME];
		undecided += of[IDENTITY_SAME][IDENTITY_UNSURE] + of[IDENTITY_OTHER][IDENTITY_UNSURE];
	}
	/* The goal is 95 of 100 of each part. */
	cr_expect_geq(found_same * 100, all_same * 92);
	cr_expect_leq(undecided * 10, pairs);
	free(text);
}

/* --- namesakes: how many ordinary persons one of 500 recognised persons holds --- */

enum { RECOGNISED = 500, ORDINARY = 10000, NAMES_MAX = 1000, HELD_MAX = 50 };

struct namesake {
	char name[120], born[40], key[200];
};

static void read_key(struct namesake *of)
{
	struct strbuf key = STRBUF_INIT;

	identity_add_key(&key, &(struct identity){ .kind = PARTY_INDIVIDUAL,
						   .name = of->name,
						   .country = "",
						   .date_of_birth = of->born,
						   .registration_number = "",
						   .lei = "",
						   .tax_id = "" });
	snprintf(of->key, sizeof of->key, "%.*s", (int)(strrchr(key.buf, ' ') - key.buf), key.buf);
	strbuf_release(&key);
}

/* A given name and a family name of two persons of the file, and a birth date; of one in ten only the year is known. */
static void draw(struct namesake *out, char *const *names, size_t count)
{
	const char *given = names[(size_t)rand() % count], *family = strrchr(names[(size_t)rand() % count], ' ');

	snprintf(out->name, sizeof out->name, "%.*s%s", (int)strcspn(given, " "), given, family);
	snprintf(out->born, sizeof out->born, "%d-%02d-%02d", 1945 + rand() % 60, 1 + rand() % 12, 1 + rand() % 28);
	if (!(rand() % 10))
		out->born[4] = '\0';
	read_key(out);
}

static enum identity_answer answer_of_two(const struct namesake *a, const struct namesake *b)
{
	const struct namesake *const both[] = { a, b };
	struct identity of[2];

	for (int i = 0; i < 2; i++)
		of[i] = (struct identity){ .kind = PARTY_INDIVIDUAL,
					   .name = both[i]->name,
					   .country = "",
					   .date_of_birth = both[i]->born,
					   .registration_number = "",
					   .lei = "",
					   .tax_id = "" };
	return strcmp(a->key, b->key) ? IDENTITY_OTHER : identity_compare(&of[0], &of[1]);
}

Test(identity, ordinary_namesakes_are_seldom_held)
{
	static struct namesake recognised[RECOGNISED];
	char *text = temp_read(KYB_SOURCE_DIR "/tests/names/pairs.tsv", NULL), *rest = text, *names[NAMES_MAX];
	size_t count = 0, held = 0;

	strsep(&rest, "\n");
	for (char *line; (line = strsep(&rest, "\n")) && *line && count < NAMES_MAX;) {
		char *columns[COLUMNS];

		for (size_t i = 0; i < COLUMNS; i++)
			columns[i] = strsep(&line, "\t");
		if (*columns[KIND] == 'p' && strchr(columns[LEFT], ' '))
			names[count++] = columns[LEFT];
	}
	cr_assert_gt(count, 100);
	srand(63);
	for (size_t i = 0; i < RECOGNISED; i++)
		draw(&recognised[i], names, count);
	for (size_t i = 0; i < ORDINARY; i++) {
		struct namesake person;
		bool found = false;

		draw(&person, names, count);
		for (size_t r = 0; r < RECOGNISED && !found; r++)
			found = answer_of_two(&recognised[r], &person) != IDENTITY_OTHER;
		held += found;
	}
	printf("%zu of %d ordinary persons held by one of %d recognised\n", held, ORDINARY, RECOGNISED);
	cr_expect_leq(held, HELD_MAX);
	/* They themselves are recognised. */
	for (size_t r = 0; r < RECOGNISED; r++)
		cr_expect_neq(answer_of_two(&recognised[r], &recognised[r]), IDENTITY_OTHER, "%s", recognised[r].name);
	free(text);
}
