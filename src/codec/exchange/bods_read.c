/* A record may have several statements: the one with the latest statementDate counts (of equal dates, or without a date,
 * the last of the file), and a statement with recordStatus "closed" removes the record. Only direct interests are read as shares, because indirect interests are sums over chains of
 * direct interests. */
#include "kybdesk/codec/bods_read.h"
#include "exchange_parts.h"
#include "kybdesk/base/text.h"
#include "kybdesk/codec/session_codec.h"
#include "kybdesk/codec/value_codec.h"
#include "kybdesk/domain/percent_range.h"

#include <string.h>

enum { INTERESTS_MAX = 100 }; /* maximum number of interests of one statement */
#define MEMORY_BYTES_MAX                                                                                               \
	((size_t)256 << 20) /* maximum bytes of memory: all statements are in memory at the same time */

struct bods_reader {
	struct arena *arena;
	struct bods_owners *out;
};

/* The message names the record, because an array may stand in one line of the file. */
static void add_fault(struct bods_reader *bods_reader, const struct bods_line *line, const char *field,
		      const char *message)
{
	struct bods_owners *out = bods_reader->out;

	*ARENA_PUSH(bods_reader->arena, out->faults, out->fault_count, out->fault_capacity) =
		(struct bods_fault){ *line, field,
				     *line->record_id ? arena_printf(bods_reader->arena, "%s (record %s)", message,
								     line->record_id)
						      : arena_strdup(bods_reader->arena, message) };
}

static const char *text_of(const struct value *object, const char *key)
{
	return value_text(value_member(object, key));
}

static const struct value *take(struct bods_reader *bods_reader, const struct value *value)
{
	struct bods_owners *out = bods_reader->out;

	if (value)
		*ARENA_PUSH(bods_reader->arena, out->taken, out->taken_count, out->taken_capacity) = value;
	return value;
}

static const char *take_text(struct bods_reader *bods_reader, const struct value *object, const char *key)
{
	return value_text(take(bods_reader, value_member(object, key)));
}

void bods_refuse(struct arena *arena, struct bods_owners *owners, const struct bods_line *line)
{
	*ARENA_PUSH(arena, owners->refused, owners->refused_count, owners->refused_capacity) = line->text;
}

static void refuse_statement(struct bods_reader *bods_reader, const struct bods_line *line, const char *field,
			     const char *message)
{
	add_fault(bods_reader, line, field, message);
	bods_refuse(bods_reader->arena, bods_reader->out, line);
}

/* Returns whether a statement that was read before is newer. */
static bool supersede_statements(struct bods_reader *bods_reader, const struct bods_statement *statement)
{
	bool is_superseded = false;

	for (size_t i = 0; i < bods_reader->out->statement_count; i++) {
		struct bods_statement *before = &bods_reader->out->statements[i];

		if (strcmp(before->record_id, statement->record_id) != 0)
			continue;
		if (*before->date && *statement->date && strcmp(before->date, statement->date) > 0)
			is_superseded = true;
		else
			before->is_ignored = true;
	}
	return is_superseded;
}

static void add_statement(struct bods_reader *bods_reader, struct bods_statement *statement)
{
	const struct value *value = statement->value;

	statement->type = take_text(bods_reader, value, "recordType");
	statement->record_id = statement->line.record_id = take_text(bods_reader, value, "recordId");
	statement->date = take_text(bods_reader, value, "statementDate");
	(void)take_text(bods_reader, value, "recordStatus");
	(void)take_text(bods_reader, value, "declarationSubject");
	statement->details = value_member(value, "recordDetails");
	if (strcmp(statement->type, "entity") != 0 && strcmp(statement->type, "person") != 0 &&
	    strcmp(statement->type, "relationship") != 0) {
		refuse_statement(bods_reader, &statement->line, "recordType",
				 "is not entity, person or relationship; export the statements as BODS 0.4");
		return;
	}
	if (!*statement->record_id) {
		refuse_statement(bods_reader, &statement->line, "recordId", "is missing; give the record an id");
		return;
	}
	statement->is_ignored =
		supersede_statements(bods_reader, statement) || !strcmp(text_of(value, "recordStatus"), "closed");
	*ARENA_PUSH(bods_reader->arena, bods_reader->out->statements, bods_reader->out->statement_count,
		    bods_reader->out->statement_capacity) = *statement;
}

static enum err read_statements(struct bods_reader *bods_reader, int fd, struct error *error)
{
	struct session_stream *stream = session_stream_new(fd, NULL);
	enum err err = ERR_OK;
	bool end = false;

	while (!err && !end) {
		struct bods_statement statement = { .line.record_id = "", .record_id = "", .date = "" };
		struct error why = { 0 };
		struct bods_line *line = &statement.line;

		err = session_stream_next(stream, &line->text, &line->length, &line->number, &end, &why);
		line->text = arena_strndup(bods_reader->arena, line->text, line->length);
		if (!err && !end && !(statement.value = value_read(bods_reader->arena, line->text, line->length, &why)))
			err = ERR_INVALID;
		if (err == ERR_INVALID) {
			add_fault(bods_reader, line, "", why.message);
			err = ERR_OK;
		} else if (err) {
			error_move(error, &why);
		} else if (!end) {
			add_statement(bods_reader, &statement);
		}
		error_release(&why);
		if (!err && bods_reader->out->statement_count + bods_reader->out->fault_count > BODS_STATEMENTS_MAX)
			err = error_set(error, ERR_INVALID, "has more than %d statements; split the file by subject",
					BODS_STATEMENTS_MAX);
		if (!err && bods_reader->arena->used_bytes > MEMORY_BYTES_MAX)
			err = error_set(error, ERR_INVALID, "is too large; split the file by subject");
	}
	session_stream_free(stream);
	return err;
}

static enum err find_subject(struct bods_reader *bods_reader, struct error *error)
{
	const char *subject = "";

	for (size_t i = 0; i < bods_reader->out->statement_count; i++) {
		const char *named = text_of(bods_reader->out->statements[i].value, "declarationSubject");

		if (*named && *subject && strcmp(named, subject) != 0)
			return error_set(
				error, ERR_INVALID,
				"The statements are about several subjects (%s, %s); import one subject at a time",
				subject, named);
		if (*named)
			subject = named;
	}
	bods_reader->out->subject_record_id = subject;
	return *subject ? ERR_OK
			: error_set(error, ERR_INVALID,
				    "No statement has a declarationSubject, the id of the record of the business that "
				    "the owners own");
}

/* --- entities and persons --- */

/* The number of a company in its own register counts, wherever the LEI stands in the list. */
static void read_identifiers(struct bods_reader *bods_reader, const struct value *details, struct bods_party *party)
{
	const struct value *list = value_member(details, "identifiers");

	for (size_t i = 0; list && list->kind == VALUE_LIST && i < list->count; i++) {
		const char *id = text_of(&list->items[i], "id"), *name = text_of(&list->items[i], "schemeName");
		const char **member = text_has_prefix(name, "Tax")	? &party->tax_id
				      : party->kind == PARTY_INDIVIDUAL ? NULL
				      : !strcmp(text_of(&list->items[i], "scheme"), "XI-LEI")
					      ? &party->lei
					      : &party->registration_number;

		if (member && !**member) {
			*member = id;
			(void)take(bods_reader, value_member(&list->items[i], "id"));
			(void)take(bods_reader, value_member(&list->items[i], "scheme"));
			(void)take(bods_reader, value_member(&list->items[i], "schemeName"));
		}
	}
}

/* The code of a subdivision, "US-DE", begins with its country's. */
static const char *take_code(struct bods_reader *bods_reader, const struct value *country)
{
	const char *code = take_text(bods_reader, country, "code"), *name = take_text(bods_reader, country, "name");

	if (strlen(code) > 3 && code[2] == '-')
		return arena_strndup(bods_reader->arena, code, 2);
	return *code ? code : name;
}

static const char *person_country(struct bods_reader *bods_reader, const struct value *details)
{
	const struct value *addresses = value_member(details, "addresses");
	const struct value *nationalities = value_member(details, "nationalities");

	for (size_t i = 0; addresses && addresses->kind == VALUE_LIST && i < addresses->count; i++) {
		const struct value *country = value_member(&addresses->items[i], "country");

		if ((*text_of(country, "code") || *text_of(country, "name")) &&
		    !strcmp(text_of(&addresses->items[i], "type"), "residence")) {
			(void)take_text(bods_reader, &addresses->items[i], "type");
			return take_code(bods_reader, country);
		}
	}
	return nationalities && nationalities->kind == VALUE_LIST && nationalities->count
		       ? take_code(bods_reader, &nationalities->items[0])
		       : "";
}

static const char *person_name(struct bods_reader *bods_reader, const struct value *details)
{
	const struct value *names = value_member(details, "names");
	const struct value *taken = NULL;
	const char *name = "";

	for (size_t i = 0; names && names->kind == VALUE_LIST && i < names->count; i++) {
		const char *full = text_of(&names->items[i], "fullName");

		if (*full && (!*name || !strcmp(text_of(&names->items[i], "type"), "legal"))) {
			name = full;
			taken = &names->items[i];
		}
	}
	(void)take_text(bods_reader, taken, "type");
	(void)take_text(bods_reader, taken, "fullName");
	return name;
}

/* Why a person is not named, such as "is an anonymousPerson (interestedPartyExemptFromDisclosure: a minor)". NULL: no
 * reason is stated. */
static const char *unnamed_reason(struct arena *arena, const char *type, const struct value *reason)
{
	const char *code = text_of(reason, "reason"), *description = text_of(reason, "description");

	if (!*code && !*description)
		return NULL;
	return arena_printf(arena, "%s (%s%s%s)", *type ? type : "no owner", code, *code && *description ? ": " : "",
			    description);
}

static const char *missing_name_message(struct arena *arena, const struct bods_statement *statement)
{
	const struct value *details = statement->details;
	const char *reason = unnamed_reason(arena, text_of(details, "personType"),
					    value_member(details, "unspecifiedPersonDetails"));

	return reason ? arena_printf(arena,
				     "is not stated: %s; this owner is not taken: record why with kybdesk party gap",
				     reason)
		      : "is missing; name the owner, or leave the statement out";
}

/* Parties are known persons and registered companies; of another kind (trust, state, arrangement) only the name is
 * taken. */
static void take_kind(struct bods_reader *bods_reader, const struct value *details)
{
	const struct value *entity = value_member(value_member(details, "entityType"), "type");
	const struct value *person = value_member(details, "personType"),
			   *component = value_member(details, "isComponent");

	if (!strcmp(value_text(entity), "registeredEntity"))
		(void)take(bods_reader, entity);
	if (!strcmp(value_text(person), "knownPerson"))
		(void)take(bods_reader, person);
	if (component && component->kind == VALUE_BOOL)
		(void)take(bods_reader, component);
}

static void read_party(struct bods_reader *bods_reader, const struct bods_statement *statement)
{
	const struct value *details = statement->details;
	const bool person = !strcmp(statement->type, "person");
	struct bods_party party = { .record_id = statement->record_id,
				    .kind = person ? PARTY_INDIVIDUAL : PARTY_COMPANY,
				    .date_of_birth = "",
				    .tax_id = "",
				    .registration_number = "",
				    .lei = "",
				    .control_role = "",
				    .line = statement->line };
	struct bods_owners *out = bods_reader->out;
	const char *birth = person ? take_text(bods_reader, details, "birthDate") : "";

	party.name = person ? person_name(bods_reader, details) : take_text(bods_reader, details, "name");
	party.country = person ? person_country(bods_reader, details)
			       : take_code(bods_reader, value_member(details, "jurisdiction"));
	take_kind(bods_reader, details);
	/* "1984", "1984-05" or "1984-05-26"; a time of day after it is cut off. */
	if (person)
		party.date_of_birth = arena_strndup(bods_reader->arena, birth, strcspn(birth, "T"));
	read_identifiers(bods_reader, details, &party);
	if (!strcmp(party.record_id, out->subject_record_id)) {
		out->subject = party;
	} else if (!*party.name) {
		refuse_statement(bods_reader, &statement->line, person ? "recordDetails.names" : "recordDetails.name",
				 missing_name_message(bods_reader->arena, statement));
	} else {
		*ARENA_PUSH(bods_reader->arena, out->parties, out->count, out->capacity) = party;
	}
}

/* --- relationships --- */

static struct bods_party *party_of(const struct bods_owners *owners, const char *record)
{
	return ITEM_WITH_TEXT(owners->parties, owners->count, record_id, record);
}

/* NULL: one of them is not a percentage, or over 100 %. */
static const char *add_percents(struct arena *arena, const char *left, const char *right)
{
	struct percent_range sum, value;
	const char *text = NULL;

	(void)percent_range_parse(&sum, left);
	(void)percent_range_parse(&value, right);
	if (percent_range_is_share(left) && percent_range_is_share(right)) {
		percent_range_add(&sum, &value);
		text = percent_range_text(arena, &sum, PERCENT_DECIMAL_PLACES);
	}
	percent_range_release(&sum);
	percent_range_release(&value);
	return text;
}

/* Several interests of one owner in one company, such as two classes of shares, add up. */
static void add_share(struct bods_reader *bods_reader, struct bods_party *party, const struct bods_statement *statement,
		      const char *owned, const char *percent)
{
	for (size_t i = 0; i < party->share_count; i++) {
		struct bods_share *share = &party->shares[i];
		const char *sum = strcmp(share->owned_record_id, owned)
					  ? NULL
					  : add_percents(bods_reader->arena, share->percent, percent);

		if (sum) {
			share->percent = sum;
			return;
		}
	}
	*ARENA_PUSH(bods_reader->arena, party->shares, party->share_count, party->share_capacity) =
		(struct bods_share){ owned, percent, statement->line };
}

static bool is_true_value(const struct value *value)
{
	return value && value->kind == VALUE_BOOL && value->boolean;
}

/* A number of the share, from the text of the file, because a floating-point number would lose digits; "": none. */
static const char *take_number(struct bods_reader *bods_reader, const struct bods_statement *statement, size_t place,
			       const struct value *share, const char *member)
{
	const struct value *value = value_member(share, member);
	struct arena scratch = ARENA_INIT;
	const char *path = arena_printf(&scratch, "recordDetails.interests[%zu].share.%s", place, member);
	const char *number = value && value->kind == VALUE_NUMBER
				     ? json_number_text(&scratch, statement->line.text, statement->line.length, path)
				     : NULL;
	const char *percent = number ? exchange_format_percent(bods_reader->arena, number) : NULL;

	arena_release(&scratch);
	if (percent)
		(void)take(bods_reader, value);
	return percent ? percent : "";
}

/* The share as percent_range.h has it; "": not stated, or no percentage, which is reported, and only the role is kept.
 * A range without one of its bounds goes to 0, or to 100. */
static const char *read_share(struct bods_reader *bods_reader, const struct bods_statement *statement, size_t place,
			      const struct value *share)
{
	const char *exact = take_number(bods_reader, statement, place, share, "exact");
	const char *above = take_number(bods_reader, statement, place, share, "exclusiveMinimum");
	const char *low = *above ? above : take_number(bods_reader, statement, place, share, "minimum");
	const char *below = take_number(bods_reader, statement, place, share, "exclusiveMaximum");
	const char *high = *below ? below : take_number(bods_reader, statement, place, share, "maximum");
	const char *range;

	if (*exact || (*low && !strcmp(low, high)))
		return *exact ? exact : low;
	if (value_member(share, "exact") && value_member(share, "exact")->kind != VALUE_NULL) {
		add_fault(bods_reader, &statement->line, "recordDetails.interests.share.exact",
			  "is not a percentage; write a number from 0 to 100");
		return "";
	}
	if (!*low && !*high)
		return "";
	range = arena_printf(bods_reader->arena, "%s%s-%s%s", *above ? ">" : "", *low ? low : "0", *below ? "<" : "",
			     *high ? high : "100");
	if (!percent_range_fault(bods_reader->arena, range))
		return range;
	add_fault(bods_reader, &statement->line, "recordDetails.interests.share",
		  arena_printf(bods_reader->arena, "has bounds that are no range (%s); write numbers from 0 to 100",
			       range));
	return "";
}

static void take_interest(struct bods_reader *bods_reader, const struct value *interest)
{
	(void)take(bods_reader, value_member(interest, "type"));
	(void)take(bods_reader, value_member(interest, "directOrIndirect"));
}

/* owned: record of the owned company; "": the subject. */
static void read_interest(struct bods_reader *bods_reader, const struct bods_statement *statement,
			  struct bods_party *party, size_t place, const char *owned)
{
	const struct value *interest = &value_member(statement->details, "interests")->items[place];
	const char *type = text_of(interest, "type"), *percent;
	const bool of_subject = !*owned, ended = *text_of(interest, "endDate");

	if (ended)
		return;
	if (!strcmp(type, "shareholding") && strcmp(text_of(interest, "directOrIndirect"), "indirect") != 0) {
		party->roles |= 1u << ROLE_SHAREHOLDER;
		take_interest(bods_reader, interest);
		percent = read_share(bods_reader, statement, place, value_member(interest, "share"));
		if (*percent)
			add_share(bods_reader, party, statement, owned, percent);
	}
	/* Also behind a holding or an arrangement: all statements are about the one subject. */
	if (party->kind == PARTY_INDIVIDUAL && is_true_value(value_member(interest, "beneficialOwnershipOrControl")))
		party->roles |= 1u << ROLE_UBO;
	(void)take(bods_reader, value_member(interest, "beneficialOwnershipOrControl"));
	if (!of_subject)
		return;
	if (text_has_prefix(type, "board")) {
		party->roles |= 1u << ROLE_DIRECTOR;
		take_interest(bods_reader, interest);
	}
	if (!strcmp(type, "seniorManagingOfficial")) {
		party->control_role = take_text(bods_reader, interest, "details");
		take_interest(bods_reader, interest);
	}
}

static bool has_record(const struct bods_reader *bods_reader, const char *record)
{
	for (size_t i = 0; i < bods_reader->out->statement_count; i++)
		if (!strcmp(bods_reader->out->statements[i].record_id, record) &&
		    !bods_reader->out->statements[i].is_ignored)
			return true;
	return false;
}

static void read_relationship(struct bods_reader *bods_reader, struct bods_statement *statement)
{
	const struct value *details = statement->details, *owner = value_member(details, "interestedParty");
	const struct value *interests = value_member(details, "interests");
	const char *owned = text_of(details, "subject");
	struct bods_party *party = owner && owner->kind == VALUE_TEXT ? party_of(bods_reader->out, owner->text) : NULL;

	/* An object states why no owner is named. An unknown owner needs no reason: the gap shows in the case. */
	if (owner && owner->kind == VALUE_OBJECT && !strcmp(text_of(owner, "reason"), "unknown")) {
		statement->is_ignored = true;
		return;
	}
	if (owner && owner->kind == VALUE_OBJECT) {
		const char *reason = unnamed_reason(bods_reader->arena, "", owner);

		refuse_statement(bods_reader, &statement->line, "recordDetails.interestedParty",
				 arena_printf(bods_reader->arena, "names %s; record why with kybdesk party gap",
					      reason ? reason : "no owner"));
		return;
	}
	if (!party) {
		refuse_statement(bods_reader, &statement->line, "recordDetails.interestedParty",
				 owner && owner->kind == VALUE_TEXT && has_record(bods_reader, owner->text)
					 ? "is a record that was not taken; this interest is not taken either"
					 : "is not the record of a person or entity in the file; add that statement");
		return;
	}
	if (!strcmp(owned, bods_reader->out->subject_record_id))
		owned = "";
	else if (!party_of(bods_reader->out, owned)) {
		refuse_statement(bods_reader, &statement->line, "recordDetails.subject",
				 "is not the record of an entity in the file; add that statement");
		return;
	}
	(void)take(bods_reader, value_member(details, "interestedParty"));
	(void)take(bods_reader, value_member(details, "subject"));
	take_kind(bods_reader, details);
	if (!interests || interests->kind != VALUE_LIST)
		return;
	if (interests->count > INTERESTS_MAX) {
		refuse_statement(bods_reader, &statement->line, "recordDetails.interests",
				 arena_printf(bods_reader->arena, "has more than %d elements; split the statement",
					      INTERESTS_MAX));
		return;
	}
	for (size_t i = 0; i < interests->count; i++)
		read_interest(bods_reader, statement, party, i, owned);
}

/* The role beneficial owner replaces shareholder; an official without another role becomes a director. */
static void replace_implied_roles(struct bods_party *party)
{
	if (party->roles & 1u << ROLE_UBO)
		party->roles &= ~(1u << ROLE_SHAREHOLDER);
	if (!party->roles && *party->control_role)
		party->roles = 1u << ROLE_DIRECTOR;
}

enum err bods_read(struct arena *arena, int fd, struct bods_owners *out, struct error *error)
{
	struct bods_reader bods_reader = { .arena = arena, .out = out };
	enum err err;

	*out = (struct bods_owners){
		.subject_record_id = "",
		.subject = { .name = "", .country = "", .registration_number = "", .lei = "", .tax_id = "" }
	};
	err = read_statements(&bods_reader, fd, error);
	if (!err)
		err = find_subject(&bods_reader, error);
	for (size_t i = 0; !err && i < out->statement_count; i++)
		if (!out->statements[i].is_ignored && strcmp(out->statements[i].type, "relationship") != 0)
			read_party(&bods_reader, &out->statements[i]);
	for (size_t i = 0; !err && i < out->statement_count; i++)
		if (!out->statements[i].is_ignored && !strcmp(out->statements[i].type, "relationship"))
			read_relationship(&bods_reader, &out->statements[i]);
	for (size_t i = 0; i < out->count; i++)
		replace_implied_roles(&out->parties[i]);
	return err;
}
