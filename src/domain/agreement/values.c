/* What of a case is looked for in its papers. */
#include "kybdesk/domain/agreement.h"
#include "kybdesk/domain/value.h"

#include <string.h>

struct collecting {
	struct arena *arena;
	struct agree_values *out;
	size_t capacity;
};

static void add(struct collecting *to, enum agree_kind kind, const char *what, const char *text)
{
	if (text[0])
		*ARENA_PUSH(to->arena, to->out->items, to->out->count, to->capacity) =
			(struct agree_value){ .kind = kind, .what = what, .text = text };
}

static void add_address(struct collecting *to, const struct value *address)
{
	for (size_t i = 0; address && address->kind == VALUE_OBJECT && i < address->count; i++) {
		const struct value *item = &address->items[i];
		char *what = arena_strdup(to->arena, address->keys[i]);
		if (!strcmp(what, "country")) /* kept as a code, which papers do not show */
			continue;
		for (char *c = what; *c; c++)
			if (*c == '_')
				*c = ' ';
		add(to, AGREE_NAME, what, value_text(item));
	}
}

void agree_values_of(struct arena *arena, const struct case_file *file, struct agree_values *out)
{
	struct collecting to = { .arena = arena, .out = out };
	const struct subject *subject = &file->session.subject;
	bool person = subject->kind == SUBJECT_INDIVIDUAL;
	*out = (struct agree_values){ 0 };
	add(&to, person ? AGREE_PERSON : AGREE_NAME, "name", subject->name);
	add(&to, AGREE_NUMBER, "registration number", subject->registration_number);
	add(&to, AGREE_NUMBER, "tax id", subject->tax_id);
	add(&to, AGREE_DATE, "birth date", subject->date_of_birth);
	add(&to, AGREE_DATE, "day of incorporation", subject->incorporated_on);
	add_address(&to, subject->address);
	for (size_t i = 0; i < file->party_count; i++) {
		const struct party *party = &file->parties[i];
		bool natural = party->kind == PARTY_INDIVIDUAL;
		add(&to, natural ? AGREE_PERSON : AGREE_NAME, party->name, party->name);
		add(&to, AGREE_DATE, arena_printf(arena, "birth date of %s", party->name), party->date_of_birth);
	}
}
