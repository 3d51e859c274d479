#include "kybdesk/domain/identity.h"
#include "kybdesk/base/text.h"

#include <limits.h>
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

/* Legal forms (ISO 20275) in Latin letters without spaces, each with its short form. Words that are only a form when
 * they follow a name, and forms of other scripts as they are transliterated. */
#define LEGAL_FORMS "names/legal_forms.txt"
/* Forms of scripts that write no spaces, or an abbreviation with a sign of its own; the last alone is in ASCII. */
static const struct {
	const char *written, *form;
} written_forms[] = {
	{ "株式会社", " kk " },
	{ "주식회사", " kk " },
	{ "(주)", " kk " },
	{ "㈜", " kk " },
	{ "有限公司", " ltd " },
	{ "有限責任公司", " llc " },
	{ "有限责任公司", " llc " },
	{ "בע\"מ", " ltd " },
	{ "בע״מ", " ltd " },
	{ "ذ.م.م", " llc " },
	{ "ذ م م", " llc " },
	{ "ذات مسؤولية محدودة", " llc " },
	{ "บริษัท", " " },
	{ "จำกัด", " ltd " },
	{ "合同会社", " gk " },
	{ "有限会社", " yk " },
	{ "유한회사", " ltd " },
	{ "ش.م.م", " sae " },
	{ "H.F", " hf " },
};
/* Words of people's names with several spellings in Latin letters that no sound explains, each with the one by which it
 * is compared: the usual ones of Korean family names ("Lee", "Park") beside the official ones. */
#define SPELLINGS "names/spellings.txt"
static const char *const conjunctions[] = { "&", "and", "und", "et", "y", "e", "en", "og", "och", "i" };

/* How a word sounds: its consonants, each with the vowels before it; "" or the last vowels end it. A spelling of two
 * letters ("kh", "ts") is one consonant, and doubled ones are single. */
#define KH 'X' /* "kh" is "h" in some spellings and "k" in others */
struct sound {
	char consonant; /* 0: the end of the word */
	char vowels[5]; /* "y" is "i"; "ee" too; "ae", "oe", "ue", "ou" and doubled vowels are one */
};
struct word {
	const char *text; /* Latin letters */
	struct sound *sounds;
	size_t count; /* at least 1: the end */
};
struct name {
	struct word *words;
	size_t count;
	unsigned traits;  /* of its scripts: TEXT_FEW_VOWELS… */
	const char *form; /* of a company; "": none */
};

static bool is_vowel(char letter)
{
	return letter == 'a' || letter == 'e' || letter == 'i' || letter == 'o' || letter == 'u' || letter == 'y';
}

/* The consonant that begins the text, and how many letters spell it; 0: silent. */
static char consonant_at(const char *text, bool begins, size_t *length)
{
	static const struct {
		const char *letters;
		char consonant;
	} spellings[] = { { "shch", 'S' }, { "sch", 'S' }, { "tch", 'C' }, { "tsh", 'C' }, { "dzh", 'j' },
			  { "sh", 'S' },   { "ch", 'C' },  { "zh", 'Z' },  { "kh", KH },   { "gh", 'g' },
			  { "th", 't' },   { "dh", 'd' },  { "bh", 'b' },  { "ph", 'f' },  { "ts", 'c' },
			  { "tz", 'c' },   { "ck", 'k' },  { "gk", 'g' },  { "q", 'k' } };
	const bool may_be = *text == 'q' || (text[1] && strchr("hcskz", text[1]));

	for (size_t i = 0; may_be && i < sizeof spellings / sizeof *spellings; i++)
		if (text_has_prefix(text, spellings[i].letters)) {
			*length = strlen(spellings[i].letters);
			return spellings[i].consonant;
		}
	*length = 1;
	if (*text == 'c')
		return text[1] && strchr("eiyv", text[1]) ? 'c' : 'k';
	if (*text == 'v' && text[1] && strchr("kpst", text[1]))
		return 'f'; /* Greek "ευ" */
	if (*text == 'w')
		return 'v';
	return *text == 'h' && !begins && !is_vowel(text[1]) ? 0 : *text;
}

static void add_vowel(char *vowels, char letter)
{
	const size_t length = strlen(vowels);
	const char last = length ? vowels[length - 1] : 0;

	letter = letter == 'y' ? 'i' : letter;
	if (letter == 'e' && last == 'e')
		vowels[length - 1] = 'i';
	if (letter == last || (letter == 'e' && last && strchr("aou", last)) || (letter == 'u' && last == 'o'))
		return;
	if (length < 4)
		vowels[length] = letter;
}

static struct word hear(struct arena *arena, const char *text)
{
	const size_t length = strlen(text);
	struct word word = { .text = text, .sounds = arena_alloc_array(arena, 2 * length + 1, sizeof *word.sounds) };
	struct sound sound = { 0 };

	for (size_t at = 0, size = 1; at < length; at += size) {
		size = 1;
		if (text_has_prefix(text + at, "woo")) { /* of Korean names; not the long "oo" of Japanese ones */
			add_vowel(sound.vowels, 'u');
			size = 3;
			continue;
		}
		if (at == 0 && text_has_prefix(text, "ye")) /* Russian "Е" */
			continue;
		if (text[at] == 'h' && at + 1 == length && word.count && !*sound.vowels) {
			add_vowel(sound.vowels, 'a'); /* Hebrew and Arabic "ה" at the end */
			continue;
		}
		if (is_vowel(text[at]) || (text[at] == 'w' && *sound.vowels && !is_vowel(text[at + 1]))) {
			add_vowel(sound.vowels, text[at] == 'w' ? 'u' : text[at]);
			continue;
		}
		sound.consonant = consonant_at(text + at, at == 0, &size);
		if (sound.consonant == 'x' || (sound.consonant == 'k' && text_has_prefix(text + at + size, "sh"))) {
			size += sound.consonant == 'x' ? 0 : 2; /* "Laxman", "Lakshman" */
			sound.consonant = 'k';
			word.sounds[word.count++] = sound;
			sound = (struct sound){ .consonant = 's' };
		}
		if (!sound.consonant ||
		    (word.count && !*sound.vowels && word.sounds[word.count - 1].consonant == sound.consonant &&
		     !is_ascii_digit(sound.consonant)))
			continue;
		word.sounds[word.count++] = sound;
		sound = (struct sound){ 0 };
	}
	sound.consonant = 0;
	word.sounds[word.count++] = sound;
	return word;
}

static const char *join(struct arena *arena, const char *const *words, size_t count)
{
	struct strbuf text = STRBUF_INIT;

	for (size_t i = 0; i < count; i++)
		strbuf_adds(&text, words[i]);
	return strbuf_finish(&text, arena);
}

static const char *find_form(struct arena *arena, const char *written)
{
	size_t length = 0;
	const char *form = text_table_find(LEGAL_FORMS, written, strlen(written), &length);

	return form ? arena_strndup(arena, form, length) : NULL;
}

/* Takes the legal forms at the end and the beginning from the words; the name keeps one word at least. */
static const char *take_forms(struct arena *arena, const char ***words, size_t *count)
{
	enum { FORM_WORDS_MAX = 6 };
	const char *forms = "", *form;
	bool found = true;

	while (found && *count > 1) {
		found = false;
		for (size_t n = *count - 1 < FORM_WORDS_MAX ? *count - 1 : FORM_WORDS_MAX; !found && n; n--) {
			form = find_form(arena, join(arena, *words + *count - n, n));
			if (form) {
				forms = arena_printf(arena, "%s%s", form, forms);
				*count -= n;
				if (*count > 1 && !strcmp((*words)[*count - 1], "&"))
					--*count;
				found = true;
			}
		}
	}
	for (size_t n = *count > FORM_WORDS_MAX ? FORM_WORDS_MAX : *count ? *count - 1 : 0; !*forms && n; n--) {
		form = find_form(arena, join(arena, *words, n));
		/* "Private", "Company" and "Co" begin names. */
		if (form && strcmp(form, "pte") != 0 && strcmp(form, "co") != 0) {
			forms = form;
			*words += n;
			*count -= n;
		}
	}
	return forms;
}

/* A word that mixes Latin letters with others that look like them is read as it looks. */
static void add_as_read(struct strbuf *out, const char *name)
{
	for (const char *at = name; *at;) {
		const size_t length = strcspn(at, " "), blanks = strspn(at + length, " ");
		bool latin = false, other = false;

		for (size_t i = 0; i < length; i++) {
			latin |= (at[i] >= 'A' && at[i] <= 'Z') || (at[i] >= 'a' && at[i] <= 'z');
			other |= (unsigned char)at[i] >= 0xcd && (unsigned char)at[i] <= 0xd4; /* Greek, Cyrillic */
		}
		if (latin && other) {
			const size_t from = out->len;

			text_likeness_key(out, at, length);
			for (size_t i = from; i < out->len; i++)
				out->buf[i] = out->buf[i] == '0' ? 'O' : out->buf[i] == '1' ? 'L' : out->buf[i];
		} else {
			strbuf_add(out, at, length);
		}
		strbuf_add(out, at + length, blanks);
		at += length + blanks;
	}
}

/* "Al Khatibi", "El-Khatibi" and "Elkhatibi" are one word; "Bin Salim" and "Bensalim" too. */
static void join_articles(struct arena *arena, const char **words, size_t *count)
{
	enum { WITH_ARTICLE_MIN = 6 };
	static const char *const sons[] = { "ben", "bin", "ibn" };
	size_t kept = 0, length = 0;

	for (size_t i = 0; i < *count; i++) {
		const char *word = words[i], *spelling = text_table_find(SPELLINGS, word, strlen(word), &length);

		if (spelling)
			word = arena_strndup(arena, spelling, length);
		else if (i + 1 < *count && texts_contain(sons, sizeof sons / sizeof *sons, word))
			word = arena_printf(arena, "ben%s", words[++i]);
		else if ((!strcmp(word, "al") || !strcmp(word, "el")) && i + 1 < *count)
			word = arena_printf(arena, "al%s", words[++i]);
		else if (text_has_prefix(word, "el") && strlen(word) >= WITH_ARTICLE_MIN && !is_vowel(word[2]))
			word = arena_printf(arena, "al%s", word + 2);
		words[kept++] = word;
	}
	*count = kept;
}

/* Takes out each Thai letter that the mark U+0E4C silences, with its vowel, and a "ด" or "ท" before a silent "ร". */
static void drop_silent_letters(struct strbuf *text)
{
	static const char mark[] = "\xe0\xb9\x8c", r[] = "ร", d[] = "ด", t[] = "ท";
	enum { LETTER = 3 }; /* bytes of a Thai letter */

	for (char *at; text->len && (at = strstr(text->buf, mark));) {
		char *from = at;
		const char *end = at + LETTER;

		from -= from - text->buf >= LETTER && !memcmp(from - LETTER, "\xe0\xb8", 2) ? LETTER : 0;
		if (from < at && (unsigned char)from[2] >= 0xb1 && from - text->buf >= LETTER) /* a vowel */
			from -= LETTER;
		if (from < at && !memcmp(from, r, LETTER) && from - text->buf >= LETTER &&
		    (!memcmp(from - LETTER, d, LETTER) || !memcmp(from - LETTER, t, LETTER)))
			from -= LETTER;
		memmove(from, end, strlen(end) + 1);
		text->len -= (size_t)(end - from);
	}
}

static struct name read_name(struct arena *arena, enum party_kind kind, const char *written)
{
	struct strbuf text = STRBUF_INIT, latin = STRBUF_INIT;
	struct name name = { .form = "" };
	const char **words = NULL;
	size_t count = 0, capacity = 0;
	const size_t forms = kind == PARTY_COMPANY ? sizeof written_forms / sizeof *written_forms : 0;

	add_as_read(&text, written);
	drop_silent_letters(&text);
	for (size_t i = forms && text_character_count(written) == strlen(written) ? forms - 1 : 0; i < forms; i++) {
		const char *form = text.len ? strstr(text.buf, written_forms[i].written) : NULL;
		struct strbuf changed = STRBUF_INIT;

		if (!form)
			continue;
		strbuf_add(&changed, text.buf, (size_t)(form - text.buf));
		strbuf_adds(&changed, written_forms[i].form);
		strbuf_adds(&changed, form + strlen(written_forms[i].written));
		strbuf_release(&text);
		text = changed;
	}
	name.traits = text_add_latin(&latin, text.len ? text.buf : "", text.len);
	strbuf_release(&text);
	for (char *at = strbuf_finish(&latin, arena); *at; at += strspn(at, " ")) {
		const size_t length = strcspn(at, " ");

		*ARENA_PUSH(arena, words, count, capacity) = arena_strndup(arena, at, length);
		at += length;
	}
	if (kind == PARTY_COMPANY) {
		/* "e" may be a letter of a form: "e. K." */
		for (int letters = 0; letters < 2; letters++) {
			for (size_t i = 1; i + 1 < count; i++)
				if ((letters || words[i][1]) &&
				    texts_contain(conjunctions, sizeof conjunctions / sizeof *conjunctions, words[i]))
					words[i] = "&";
			if (!letters)
				name.form = take_forms(arena, &words, &count);
		}
	} else {
		join_articles(arena, words, &count);
	}
	name.words = arena_alloc_array(arena, count + 1, sizeof *name.words);
	for (size_t i = 0; i < count; i++)
		name.words[name.count++] = hear(arena, words[i]);
	return name;
}

/* SPELLED_WITHOUT_FORM: alike, but only one has a legal form. */
enum spelling { SPELLED_OTHERWISE, SPELLED_CLOSE, SPELLED_WITHOUT_FORM, SPELLED_ALIKE };

static bool are_close_vowels(const char *left, const char *right)
{
	for (; *left && *right; left++, right++)
		if (*left != *right && !(strchr("ei", *left) && strchr("ei", *right)) &&
		    !(strchr("ou", *left) && strchr("ou", *right)))
			return false;
	return !*left && !*right;
}

/* "yo" for "e" before a consonant: the Russian letter "ё", which is also written as "е". */
static bool are_yo_and_e(const char *left, const char *right)
{
	return (!strcmp(left, "io") && !strcmp(right, "e")) || (!strcmp(left, "e") && !strcmp(right, "io"));
}

/* The consonants as a script with fewer of them has them; 0: not written, or read as a vowel. */
static char coarse_consonant(char consonant)
{
	static const char *const groups[] = { "Tdt", "KgkqxX", "Pbpf", "SszcSCZj" };

	if (strchr("hvw&", consonant))
		return 0;
	for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
		if (strchr(groups[i], consonant))
			return *groups[i];
	return consonant;
}

static bool are_one_consonant(char left, char right)
{
	return left == right || (left == KH && (right == 'h' || right == 'k')) ||
	       (right == KH && (left == 'h' || left == 'k'));
}

/* Whether two spellings of one script are one word: their consonants are the same, in a word of five or more nearly
 * ("k" for "g"); vowels may be "e" for "i" and "o" for "u" in a word of three consonants, and any within a word of four.
 * At its end they tell Carlo from Carla. */
static enum spelling compare_words(const struct word *left, const struct word *right)
{
	enum { NEAR_COUNT_MIN = 6 };
	bool equal = true, close = true, both = true;

	if (left->count != right->count)
		return SPELLED_OTHERWISE;
	for (size_t i = 0; i < left->count; i++) {
		const struct sound *a = &left->sounds[i], *b = &right->sounds[i];
		const bool near =
			are_close_vowels(a->vowels, b->vowels) || (a->consonant && are_yo_and_e(a->vowels, b->vowels));

		if (!are_one_consonant(a->consonant, b->consonant)) {
			if (left->count < NEAR_COUNT_MIN || !a->consonant || !b->consonant ||
			    !coarse_consonant(a->consonant) ||
			    coarse_consonant(a->consonant) != coarse_consonant(b->consonant))
				return SPELLED_OTHERWISE;
			equal = false;
		}
		equal &= !strcmp(a->vowels, b->vowels);
		close &= near;
		both &= near || (a->consonant && i && *a->vowels && *b->vowels);
	}
	if (equal || (close && left->count > 3) || (both && left->count > 4))
		return SPELLED_ALIKE;
	return SPELLED_CLOSE;
}

/* --- names in scripts with few vowels --- */

/* All words as one, each repeated consonant once; a "v" may be a vowel of the script, or its "b". */
static struct word coarsen(struct arena *arena, const struct name *name, size_t first, bool v_is_vowel)
{
	struct word all = { 0 };
	size_t room = 1;

	for (size_t i = 0; i < name->count; i++)
		room += name->words[i].count;
	all.sounds = arena_alloc_array(arena, room, sizeof *all.sounds);
	all.sounds[0] = (struct sound){ 0 };
	for (size_t i = 0; i < name->count; i++) {
		const struct word *word = &name->words[(first + i) % name->count];
		const size_t begin = all.count;

		for (size_t n = 0; n < word->count; n++) {
			const char heard = word->sounds[n].consonant;
			const char consonant = !heard ? 0 : heard == 'v' && !v_is_vowel ? 'P' : coarse_consonant(heard);
			struct sound *sound = &all.sounds[all.count];

			for (const char *c = word->sounds[n].vowels; *c; c++)
				add_vowel(sound->vowels, *c);
			if (heard == 'v' && v_is_vowel)
				add_vowel(sound->vowels, 'u');
			if (consonant && all.count > begin && sound[-1].consonant == consonant) {
				*sound = (struct sound){ 0 };
			} else if (consonant) {
				sound->consonant = consonant;
				all.sounds[++all.count] = (struct sound){ 0 };
			}
		}
	}
	all.count++; /* the end */
	return all;
}

/* Whether the vowels that the script writes are in the Latin spelling. */
static bool has_written_vowels(const char *native, const char *latin)
{
	return (!strpbrk(native, "ei") || strpbrk(latin, "ei")) && (!strpbrk(native, "ou") || strpbrk(latin, "oua"));
}

static enum spelling compare_coarse(const struct word *native, const struct word *latin)
{
	bool vowels = true;
	size_t other = 0;

	if (native->count != latin->count || native->count < 4)
		return SPELLED_OTHERWISE;
	for (size_t i = 0; i < native->count; i++) {
		other += native->sounds[i].consonant != latin->sounds[i].consonant;
		vowels &= has_written_vowels(native->sounds[i].vowels, latin->sounds[i].vowels);
	}
	if (other)
		return other == 1 && native->count > 6 ? SPELLED_CLOSE : SPELLED_OTHERWISE;
	return vowels ? SPELLED_ALIKE : SPELLED_CLOSE;
}

/* Whether compare_coarse() may find the names close in some order of their words: they have as many coarse consonants,
 * and one is another at most. */
static bool may_be_coarse(struct arena *arena, const struct name *left, const struct name *right)
{
	const unsigned l = left->traits & TEXT_FEW_VOWELS, r = right->traits & TEXT_FEW_VOWELS;

	for (int v_is_vowel = 0; v_is_vowel < 2; v_is_vowel++) {
		const struct word a = coarsen(arena, left, 0, l > r || v_is_vowel),
				  b = coarsen(arena, right, 0, r > l || v_is_vowel);
		int counts[UCHAR_MAX + 1] = { 0 }, others = 0;

		for (size_t i = 0; a.count == b.count && i < a.count; i++) {
			others += counts[(unsigned char)a.sounds[i].consonant]++ < 0 ? -1 : 1;
			others += counts[(unsigned char)b.sounds[i].consonant]-- > 0 ? -1 : 1;
		}
		if (a.count == b.count && others <= 2) /* one of each */
			return true;
	}
	return false;
}

/* The words as one text without spaces, which begins with the word `first`. */
static struct word hear_joined(struct arena *arena, const struct name *name, size_t first)
{
	struct strbuf text = STRBUF_INIT;

	for (size_t i = 0; i < name->count; i++)
		strbuf_adds(&text, name->words[(first + i) % name->count].text);
	return hear(arena, strbuf_finish(&text, arena));
}

static bool are_heard_alike(const struct word *left, const struct word *right)
{
	if (left->count != right->count)
		return false;
	for (size_t i = 0; i < left->count; i++)
		if (left->sounds[i].consonant != right->sounds[i].consonant ||
		    strcmp(left->sounds[i].vowels, right->sounds[i].vowels) != 0)
			return false;
	return true;
}

static enum spelling compare_in_order(struct arena *arena, const struct name *left, size_t first,
				      const struct name *right, const struct word *right_joined, bool fuzzy,
				      bool coarsely)
{
	const struct word left_joined = hear_joined(arena, left, first);
	enum spelling answer = SPELLED_ALIKE;

	/* Of as many words each is compared: "I Mina" and "Im Mina" are heard alike without spaces. */
	if ((!fuzzy || left->count != right->count) && are_heard_alike(&left_joined, right_joined))
		return SPELLED_ALIKE;
	if (left->count != right->count)
		answer = SPELLED_OTHERWISE;
	for (size_t i = 0; answer && i < right->count; i++) {
		const struct word *word = &left->words[(first + i) % left->count];
		enum spelling one = compare_words(word, &right->words[i]);

		if (one == SPELLED_ALIKE && !fuzzy && strcmp(word->text, right->words[i].text) != 0)
			one = SPELLED_CLOSE;
		answer = one < answer ? one : answer;
	}
	const bool differ = (left->traits ^ right->traits) & TEXT_FEW_VOWELS;
	/* Names of one script are close at most. */
	if (answer != SPELLED_ALIKE && coarsely) {
		const bool left_native = left->traits & TEXT_FEW_VOWELS;
		enum spelling coarse = SPELLED_OTHERWISE;

		for (int v_is_vowel = 0; coarse != SPELLED_ALIKE && v_is_vowel < 2; v_is_vowel++) {
			const struct word a = coarsen(arena, left, first, (differ && left_native) || v_is_vowel),
					  b = coarsen(arena, right, 0, (differ && !left_native) || v_is_vowel);
			const enum spelling one = left_native ? compare_coarse(&a, &b) : compare_coarse(&b, &a);

			coarse = one > coarse ? one : coarse;
		}
		if (coarse == SPELLED_ALIKE)
			return differ ? SPELLED_ALIKE : SPELLED_CLOSE;
		answer = coarse == SPELLED_CLOSE && differ ? SPELLED_CLOSE : answer;
	}
	return answer;
}

static const char *looks_of(struct arena *arena, const char *name)
{
	struct strbuf key = STRBUF_INIT;

	text_likeness_key(&key, name, strlen(name));
	return strbuf_finish(&key, arena);
}

/* The Roman number at the end of a company's name: repeated letters sound alike, and tell one company from the next. */
static const char *roman_number(const struct name *name)
{
	const char *last = name->count > 1 ? name->words[name->count - 1].text : "";

	return last[strspn(last, "ivx")] ? "" : last;
}

static bool is_initial(const char *letter, const char *word)
{
	return *letter && !letter[1] && *letter == *word;
}

/* The first word of the name, not taken yet, that is the other name's word or, of initials, shares its letter. */
static size_t find_word(const struct word *word, const struct name *name, const bool *taken, bool initials)
{
	size_t n = 0;

	while (n < name->count && (taken[n] || (initials ? !is_initial(word->text, name->words[n].text) &&
								   !is_initial(name->words[n].text, word->text)
							 : compare_words(word, &name->words[n]) != SPELLED_ALIKE)))
		n++;
	return n;
}

/* Whether one name leaves out words of the other, or shortens them to a letter: the name with fewer words has two at
 * least, all of them in the other, one of them in full. */
static bool is_shortened(const struct name *longer, const struct name *shorter)
{
	enum { WORDS_MAX = 16 };
	bool taken[WORDS_MAX] = { false }, found[WORDS_MAX] = { false };
	size_t whole = 0, all = 0;

	if (longer->count > WORDS_MAX)
		return false;
	for (int initials = 0; initials < 2; initials++)
		for (size_t i = 0; i < shorter->count; i++) {
			const size_t n =
				found[i] ? longer->count : find_word(&shorter->words[i], longer, taken, initials);

			if (n == longer->count)
				continue;
			taken[n] = found[i] = true;
			whole += !initials && shorter->words[i].text[1];
			all++;
		}
	return whole && shorter->count > 1 && all == shorter->count;
}

/* An answer below `least` may be too low. */
static enum spelling compare_names(enum party_kind kind, const char *left, const char *right, enum spelling least)
{
	enum { ORDERS_MAX = 8 };
	struct arena arena = ARENA_INIT;
	const char *looks = looks_of(&arena, left);
	const bool person = kind == PARTY_INDIVIDUAL;
	enum spelling best = SPELLED_OTHERWISE;

	if (*looks && !strcmp(looks, looks_of(&arena, right))) {
		best = SPELLED_ALIKE;
	} else {
		struct name a = read_name(&arena, kind, left), b = read_name(&arena, kind, right);

		if (a.count < b.count) {
			const struct name longer = b;

			b = a;
			a = longer;
		}
		const struct word joined = hear_joined(&arena, &b, 0);
		const bool differ = (a.traits ^ b.traits) & TEXT_FEW_VOWELS;
		/* A company's name alone is not compared so coarsely: its key has the vowels. */
		const bool coarsely = (person ? differ || least < SPELLED_ALIKE : differ && least < SPELLED_ALIKE) &&
				      may_be_coarse(&arena, &a, &b);
		for (size_t i = 0; best != SPELLED_ALIKE && b.count && i < (person ? a.count : 1) && i < ORDERS_MAX;
		     i++) {
			const enum spelling one =
				a.count ? compare_in_order(&arena, &a, i, &b, &joined, person, coarsely) : best;

			best = one > best ? one : best;
		}
		if (person && !best && least < SPELLED_ALIKE && is_shortened(&a, &b))
			best = SPELLED_CLOSE;
		if (best == SPELLED_ALIKE && strcmp(a.form, b.form) != 0)
			best = *a.form && *b.form ? SPELLED_CLOSE : SPELLED_WITHOUT_FORM;
		if (best > SPELLED_CLOSE && !person && strcmp(roman_number(&a), roman_number(&b)) != 0)
			best = SPELLED_CLOSE;
	}
	arena_release(&arena);
	return best;
}

bool identity_names_agree(enum party_kind kind, const char *left, const char *right)
{
	return compare_names(kind, left, right, SPELLED_ALIKE) == SPELLED_ALIKE;
}

/* --- keys --- */

/* The consonants that all spellings of a person's name have: others may be silent, be written as a vowel, or look like
 * another letter. */
static void add_person_key(struct strbuf *out, struct arena *arena, const struct identity *identity)
{
	static const char kept[] = "STmnr";
	const struct name name = read_name(arena, PARTY_INDIVIDUAL, identity->name);
	const struct word all = coarsen(arena, &name, 0, true);

	if (!*identity->date_of_birth)
		return;
	for (const char *c = kept; *c; c++) {
		size_t i = 0;

		while (i < all.count && all.sounds[i].consonant != *c)
			i++;
		if (i < all.count)
			strbuf_addch(out, *c);
	}
	strbuf_addf(out, " %s", identity->date_of_birth);
}

/* The name as it sounds without spaces, with the short form of its legal form; letters that look alike are one, and
 * repeated ones too. */
static void add_company_key(struct strbuf *out, struct arena *arena, const struct identity *identity)
{
	const struct name name = read_name(arena, PARTY_COMPANY, identity->name);
	struct strbuf text = STRBUF_INIT, sounds = STRBUF_INIT, looks = STRBUF_INIT;
	struct word all;

	for (size_t i = 0; i < name.count; i++)
		strbuf_adds(&text, name.words[i].text);
	all = hear(arena, strbuf_finish(&text, arena));
	for (size_t i = 0; i < all.count; i++) {
		strbuf_adds(&sounds, all.sounds[i].vowels);
		if (all.sounds[i].consonant)
			strbuf_addch(&sounds, all.sounds[i].consonant);
	}
	text_likeness_key(&looks, sounds.len ? sounds.buf : "", sounds.len);
	if (looks.len)
		strbuf_addf(out, "%s ", identity->country);
	for (size_t i = 0; i < looks.len; i++)
		if (!i || looks.buf[i] != looks.buf[i - 1])
			strbuf_addch(out, looks.buf[i]);
	if (looks.len && *name.form)
		strbuf_addf(out, " %s", name.form);
	strbuf_release(&sounds);
	strbuf_release(&looks);
}

void identity_add_key(struct strbuf *out, const struct identity *identity)
{
	struct arena arena = ARENA_INIT;

	if (identity->kind == PARTY_INDIVIDUAL)
		add_person_key(out, &arena, identity);
	else
		add_company_key(out, &arena, identity);
	arena_release(&arena);
}

/* --- values --- */

bool identity_numbers_agree(const char *left, const char *right)
{
	struct strbuf a = STRBUF_INIT, b = STRBUF_INIT;
	bool agree;

	text_number_key(&a, left);
	text_number_key(&b, right);
	agree = a.len && !strcmp(a.buf, b.buf);
	strbuf_wipe(&a);
	strbuf_wipe(&b);
	return agree;
}

static enum agreement compare_numbers(const char *left, const char *right)
{
	return !*left || !*right ? UNKNOWN : identity_numbers_agree(left, right) ? AGREES : CONTRADICTS;
}

static bool has_prefix_of_letters(const char *number)
{
	return number[0] >= 'A' && number[0] <= 'Z' && number[1] >= 'A' && number[1] <= 'Z' && number[2];
}

/* A tax id with the prefix of its country (VAT: "EL", "XI") is the one without. */
static enum agreement compare_tax_ids(const char *left, const char *right)
{
	const bool a = has_prefix_of_letters(left), b = has_prefix_of_letters(right);

	return compare_numbers(a && !b ? left + 2 : left, b && !a ? right + 2 : right);
}

/* "1984" and "1984-05-26" do not contradict, but only two whole dates agree. */
static enum agreement compare_dates(const char *left, const char *right)
{
	size_t a = strlen(left), b = strlen(right);

	if (strncmp(left, right, a < b ? a : b) != 0)
		return CONTRADICTS;
	return a == b && a == DATE_LENGTH ? AGREES : UNKNOWN;
}

enum identity_answer identity_compare(const struct identity *left, const struct identity *right)
{
	const bool person = left->kind == PARTY_INDIVIDUAL;
	enum spelling names;

	if (left->kind != right->kind)
		return IDENTITY_OTHER;
	const bool other_country = *left->country && *right->country && strcmp(left->country, right->country) != 0;
	enum agreement values[] = { compare_tax_ids(left->tax_id, right->tax_id),
				    compare_numbers(left->lei, right->lei),
				    person ? compare_dates(left->date_of_birth, right->date_of_birth)
					   : compare_numbers(left->registration_number, right->registration_number) };
	size_t agreeing = 0, contradicting = 0;
	bool identified = false;

	/* A number is of one country's register; a person keeps a birth date when moving. */
	if (other_country && !person)
		values[0] = UNKNOWN, values[2] = CONTRADICTS;
	for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
		agreeing += values[i] == AGREES;
		contradicting += values[i] == CONTRADICTS;
	}
	/* Many people share a birth date. */
	identified = values[0] == AGREES || values[1] == AGREES || (!person && values[2] == AGREES);
	if (contradicting)
		return identified ? IDENTITY_UNSURE : IDENTITY_OTHER;
	names = compare_names(left->kind, left->name, right->name, SPELLED_OTHERWISE);
	if (names == SPELLED_OTHERWISE)
		return identified ? IDENTITY_UNSURE : IDENTITY_OTHER;
	if (names == SPELLED_CLOSE || (names == SPELLED_WITHOUT_FORM && !identified))
		return identified || agreeing ? IDENTITY_UNSURE : IDENTITY_OTHER;
	return agreeing ? IDENTITY_SAME : IDENTITY_UNSURE;
}
