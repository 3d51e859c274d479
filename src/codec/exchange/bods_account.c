/* The account of a file of statements: each value of each statement is taken, about the statement, or not taken. */
#include "kybdesk/base/text.h"
#include "kybdesk/codec/bods_read.h"
#include "kybdesk/domain/value.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { MEMBERS_MAX = 200, RECORDS_MAX = 20 }; /* lines of the account, and records that one of them names */

struct accounting {
	struct arena *arena;
	struct bods_owners *owners;
	const struct bods_statement *statement;
	bool is_refused; /* the statement */
	size_t capacity;
};

static int compare_places(const void *left, const void *right)
{
	const uintptr_t a = (uintptr_t) * (const void *const *)left, b = (uintptr_t) * (const void *const *)right;

	return (a > b) - (a < b);
}

static bool has_place(const void *places, size_t count, const void *place)
{
	return count && bsearch(&place, places, count, sizeof place, compare_places);
}

static void name_not_taken(struct accounting *accounting, const char *path)
{
	struct bods_account *account = &accounting->owners->account;
	struct bods_member *member = account->members;
	const char *record = accounting->statement->record_id;

	while (member < account->members + account->member_count && strcmp(member->path, path) != 0)
		member++;
	if (member == account->members + account->member_count) {
		if (account->member_count == MEMBERS_MAX)
			path = "others";
		if (account->member_count > MEMBERS_MAX) {
			member--;
		} else {
			member = ARENA_PUSH(accounting->arena, account->members, account->member_count,
					    accounting->capacity);
			*member = (struct bods_member){ .path = arena_strdup(accounting->arena, path), .records = "" };
		}
	}
	member->count++;
	if (member->last_record && !strcmp(member->last_record, record))
		return;
	member->last_record = record;
	if (member->record_count++ < RECORDS_MAX)
		member->records = arena_printf(accounting->arena, "%s%s%s", member->records,
					       *member->records ? ", " : "", record);
	else if (member->record_count == RECORDS_MAX + 1)
		member->records = arena_printf(accounting->arena, "%s and others", member->records);
}

/* Elements of a list have one path. An indirect or ended interest says nothing about the present shares. */
static void count_values(struct accounting *accounting, const struct value *value, const char *path, bool is_fact)
{
	struct bods_account *account = &accounting->owners->account;

	if (value->kind == VALUE_OBJECT || value->kind == VALUE_LIST) {
		if (!strcmp(path, "recordDetails.interests") && value->kind == VALUE_OBJECT)
			is_fact = is_fact && !*value_text(value_member(value, "endDate")) &&
				  strcmp(value_text(value_member(value, "directOrIndirect")), "indirect") != 0;
		for (size_t i = 0; i < value->count; i++)
			count_values(accounting, &value->items[i],
				     value->kind == VALUE_LIST ? path
							       : arena_printf(accounting->arena, "%s%s%s", path,
									      *path ? "." : "", value->keys[i]),
				     is_fact);
		return;
	}
	account->values++;
	if (!accounting->is_refused && has_place(accounting->owners->taken, accounting->owners->taken_count, value)) {
		account->taken++;
	} else if (is_fact && text_has_prefix(path, "recordDetails.") && !value_is_empty(value) &&
		   strcmp(path, "recordDetails.componentRecords") != 0) { /* ids of other statements */
		account->not_taken++;
		name_not_taken(accounting, path);
	} else {
		account->kept++;
	}
}

void bods_account_make(struct arena *arena, struct bods_owners *owners)
{
	struct accounting accounting = { .arena = arena, .owners = owners };

	owners->account = (struct bods_account){ 0 };
	if (owners->taken_count)
		qsort(owners->taken, owners->taken_count, sizeof *owners->taken, compare_places);
	if (owners->refused_count)
		qsort(owners->refused, owners->refused_count, sizeof *owners->refused, compare_places);
	for (size_t i = 0; i < owners->statement_count; i++) {
		const struct bods_statement *statement = accounting.statement = &owners->statements[i];

		accounting.is_refused = has_place(owners->refused, owners->refused_count, statement->line.text);
		count_values(&accounting, statement->value, "",
			     !statement->is_ignored && strcmp(statement->record_id, owners->subject_record_id) != 0);
	}
}
