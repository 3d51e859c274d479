/* BODS 0.4 (openownership/data-standard, tag 0.4.0, schema/ *.json): a statement is a record (entity, person or
 * relationship) as it was declared at a date. The id of a statement is derived from its content without the
 * publication details, as the standard recommends, so that the same case gives the same statements. */
#include "exchange_parts.h"
#include "kybdesk/domain/percent_range.h"

#include <string.h>

#define DATE_SIZE 16

struct bods_writer {
	struct arena *arena;
	const struct exchange_case *exchange_case;
	const struct case_file *file;
	struct json_value *out;
	char declaration_date[DATE_SIZE]; /* date of submission; before the submission, date of creation */
	bool *is_component;		  /* by party: a company between a beneficial owner and the subject */
	/* by party and share: the share is part of a chain of component companies */
	bool **is_chain_share;
	bool *is_interest_holder; /* by party: owns a part of the subject, directly or through others */
};

static const char *subject_record(const struct bods_writer *bods_writer)
{
	return bods_writer->file->session.id;
}

/* Takes ownership of details. */
static void add_statement(struct bods_writer *bods_writer, const char *type, const char *record,
			  struct json_value *details, bool verified)
{
	static const char *const claimed[] = { "selfDeclaration", "verified" };
	struct json_value *statement = JSON_FROM(
		{ "statementDate", AS_TEXT(bods_writer->declaration_date) },
		{ "declaration", AS_TEXT(bods_writer->file->session.id) },
		{ "declarationSubject", AS_TEXT(subject_record(bods_writer)) }, { "recordId", AS_TEXT(record) },
		{ "recordType", AS_TEXT(type) }, { "recordDetails", details },
		{ "source", JSON_FROM({ "type", json_new_texts(claimed, verified ? 2 : 1) }) });
	const char *const parts[] = { "bods", json_to_arena(bods_writer->arena, statement) };
	char id[UUID_TEXT_SIZE], today[DATE_SIZE];

	uuid_derive(id, parts, 2);
	date_format(bods_writer->exchange_case->now, today);
	(void)JSON_ADD(statement, { "statementId", AS_TEXT(id) },
		       { "publicationDetails",
			 JSON_FROM({ "publicationDate", AS_TEXT(today) }, { "bodsVersion", AS_TEXT(BODS_VERSION) },
				   { "publisher",
				     JSON_FROM({ "name", AS_TEXT("kybdesk") },
					       { "url?", AS_TEXT(bods_writer->exchange_case->publisher_url) }) }) });
	json_append(bods_writer->out, statement);
}

/* --- entities and persons --- */

/* Returns JSON null if the country is unknown. */
static struct json_value *country_json(const struct country *country)
{
	return country ? JSON_FROM({ "name", AS_TEXT(country->name) }, { "code", AS_TEXT(country->alpha2) }) : AS_NULL;
}

static void add_identifier(struct json_value *list, const char *id, const char *scheme)
{
	if (*id)
		json_append(list, JSON_FROM({ "id", AS_TEXT(id) }, { "schemeName", AS_TEXT(scheme) }));
}

static void add_address(const struct bods_writer *bods_writer, struct json_value *list, const struct json_value *object,
			const char *type)
{
	struct exchange_address address;

	if (exchange_read_address(bods_writer->arena, object, bods_writer->exchange_case->countries, &address))
		json_append(list, JSON_FROM({ "type", AS_TEXT(type) }, { "address?", AS_TEXT(address.line) },
					    { "postCode?", AS_TEXT(address.post_code) },
					    { "country?", country_json(address.country) }));
}

/* Reads the JSON text of one address or of a list of addresses; without an address, adds only the country. */
static struct json_value *address_list_json(const struct bods_writer *bods_writer, const char *text, const char *type,
					    const struct country *country)
{
	struct json_value *list = json_new_array(), *value = exchange_parse_json(text);

	if (json_is_object(value))
		add_address(bods_writer, list, value, type);
	for (size_t i = 0; json_is_array(value) && i < json_count(value); i++)
		add_address(bods_writer, list, json_at(value, i), type);
	if (!json_count(list) && country)
		json_append(list, JSON_FROM({ "type", AS_TEXT(type) }, { "country", country_json(country) }));
	json_free(value);
	return json_null_if_empty(list);
}

/* Data that subject and party have in common. */
struct identity {
	const char *name, *country, *registration_number, *tax_id, *birth_or_founding_date, *addresses_json;
};

static const char *identifier_scheme(const struct bods_writer *bods_writer, const char *what,
				     const struct country *country)
{
	return country ? arena_printf(bods_writer->arena, "%s (%s)", what, country->name) : what;
}

static struct json_value *entity_json(const struct bods_writer *bods_writer, const struct identity *of,
				      bool is_component)
{
	const struct country *country = country_find(bods_writer->exchange_case->countries, of->country);
	struct json_value *ids = json_new_array();

	add_identifier(ids, of->registration_number, identifier_scheme(bods_writer, "Company register", country));
	add_identifier(ids, of->tax_id, identifier_scheme(bods_writer, "Tax number", country));
	return JSON_FROM({ "isComponent", AS_BOOL(is_component) },
			 { "entityType", JSON_FROM({ "type", AS_TEXT("registeredEntity") }) },
			 { "name", AS_TEXT(of->name) }, { "jurisdiction?", country_json(country) },
			 { "identifiers?", json_null_if_empty(ids) },
			 { "foundingDate?",
			   AS_TEXT(birth_date_is_valid(of->birth_or_founding_date) ? of->birth_or_founding_date : "") },
			 { "addresses?", address_list_json(bods_writer, of->addresses_json, "registered", NULL) });
}

static struct json_value *person_json(const struct bods_writer *bods_writer, const struct identity *of)
{
	const struct country *country = country_find(bods_writer->exchange_case->countries, of->country);
	struct json_value *names = json_new_array(), *ids = json_new_array();

	json_append(names, JSON_FROM({ "type", AS_TEXT("legal") }, { "fullName", AS_TEXT(of->name) }));
	add_identifier(ids, of->tax_id, identifier_scheme(bods_writer, "Tax number", country));
	return JSON_FROM({ "isComponent", AS_BOOL(false) }, { "personType", AS_TEXT("knownPerson") },
			 { "names", names }, { "identifiers?", json_null_if_empty(ids) },
			 { "birthDate?",
			   AS_TEXT(birth_date_is_valid(of->birth_or_founding_date) ? of->birth_or_founding_date : "") },
			 { "addresses?", address_list_json(bods_writer, of->addresses_json, "residence", country) });
}

static void add_subject(struct bods_writer *bods_writer)
{
	const struct subject *subject = &bods_writer->file->session.subject;
	const bool business = subject->kind == SUBJECT_BUSINESS;
	const struct identity of = { subject->name,
				     subject->country,
				     subject->registration_number,
				     subject->tax_id,
				     business ? subject->incorporated_on : subject->date_of_birth,
				     subject->address_json };
	const bool verified = bods_writer->file->session.status == SESSION_APPROVED;

	add_statement(bods_writer, business ? "entity" : "person", subject_record(bods_writer),
		      business ? entity_json(bods_writer, &of, false) : person_json(bods_writer, &of), verified);
}

static void add_party(struct bods_writer *bods_writer, size_t i)
{
	const struct party *party = &bods_writer->file->parties[i];
	const bool company = party->kind == PARTY_COMPANY;
	const struct identity of = { party->name,
				     party->country,
				     party->registration_number,
				     party->tax_id,
				     company ? "" : party->date_of_birth,
				     party->addresses_json };

	add_statement(
		bods_writer, company ? "entity" : "person", party->id,
		company ? entity_json(bods_writer, &of, bods_writer->is_component[i]) : person_json(bods_writer, &of),
		bods_writer->exchange_case->is_party_verified && bods_writer->exchange_case->is_party_verified[i]);
}

/* --- relationships --- */

struct interest {
	const char *type, *directness, *details; /* details NULL: no details */
	const char *percent;			 /* NULL: the percentage is unknown */
	bool is_beneficial;
};

static struct json_value *share_json(const char *percent)
{
	struct arena arena = ARENA_INIT;
	struct percent_range range;
	struct json_value *share;

	(void)percent_range_parse(&range, percent);
	if (range.high)
		share = JSON_FROM({ range.is_above_low ? "exclusiveMinimum" : "minimum",
				    json_new_number(decimal_text(&arena, range.low, PERCENT_DECIMAL_PLACES)) },
				  { range.is_below_high ? "exclusiveMaximum" : "maximum",
				    json_new_number(decimal_text(&arena, range.high, PERCENT_DECIMAL_PLACES)) });
	else
		share = JSON_FROM({ "exact", json_new_number(percent) });
	percent_range_release(&range);
	arena_release(&arena);
	return share;
}

static void add_interest(struct json_value *list, const struct interest *interest)
{
	json_append(list, JSON_FROM({ "type", AS_TEXT(interest->type) },
				    { "directOrIndirect", AS_TEXT(interest->directness) },
				    { "beneficialOwnershipOrControl", AS_BOOL(interest->is_beneficial) },
				    { "details?", AS_TEXT(interest->details) },
				    { "share?", interest->percent ? share_json(interest->percent) : AS_NULL }));
}

static const char *relationship_id(const struct bods_writer *bods_writer, const char *owner, const char *owned)
{
	return exchange_derive_id(bods_writer->arena, "relationship", owner,
				  *owned ? owned : subject_record(bods_writer));
}

static struct json_value *relationship_json(const struct bods_writer *bods_writer, const char *owned,
					    struct json_value *owner, struct json_value *interests, bool component)
{
	return JSON_FROM({ "isComponent", AS_BOOL(component) },
			 { "subject", AS_TEXT(*owned ? owned : subject_record(bods_writer)) },
			 { "interestedParty", owner }, { "interests", interests });
}

static const char *percent_text(const struct bods_writer *bods_writer, const char *percent)
{
	return *percent ? exchange_format_percent(bods_writer->arena, percent) : NULL;
}

/* Adds all shares of a party in one company; a party may have several. */
static void add_company_shares(const struct bods_writer *bods_writer, struct json_value *list,
			       const struct party *party, const char *owned)
{
	const bool own = !*owned && party->kind == PARTY_INDIVIDUAL && party->is_beneficial_owner;

	for (size_t i = 0; i < party->share_count; i++)
		if (!strcmp(party->shares[i].owned_party_id, owned))
			add_interest(list, &(const struct interest){
						   "shareholding", "direct", NULL,
						   percent_text(bods_writer, party->shares[i].percent), own });
}

static bool is_first_share_of_owner(const struct party *party, size_t share)
{
	return !ITEM_WITH_TEXT(party->shares, share, owned_party_id, party->shares[share].owned_party_id);
}

static void add_shares_of_companies(struct bods_writer *bods_writer, size_t p)
{
	const struct party *party = &bods_writer->file->parties[p];

	for (size_t i = 0; i < party->share_count; i++) {
		const char *owned = party->shares[i].owned_party_id;
		struct json_value *list;

		if (!is_first_share_of_owner(party, i) || (!*owned && party->kind == PARTY_INDIVIDUAL))
			continue;
		list = json_new_array();
		add_company_shares(bods_writer, list, party, owned);
		add_statement(bods_writer, "relationship", relationship_id(bods_writer, party->id, owned),
			      relationship_json(bods_writer, owned, json_new_string(party->id), list,
						bods_writer->is_chain_share[p][i]),
			      false);
	}
}

static void add_role_interests(struct json_value *list, const struct party *party)
{
	const bool owner = party->is_beneficial_owner && party->kind == PARTY_INDIVIDUAL;
	const size_t before = json_count(list);

	if (*party->control_role)
		add_interest(list, &(const struct interest){ "seniorManagingOfficial", "direct", party->control_role,
							     NULL, owner });
	if (party->roles & 1u << ROLE_DIRECTOR)
		add_interest(list, &(const struct interest){ "boardMember", "direct", NULL, NULL, false });
	if (before || party->share_count)
		return;
	if (party->roles & 1u << ROLE_SHAREHOLDER)
		add_interest(list, &(const struct interest){ "shareholding", "unknown", NULL, NULL, false });
	if (party->roles & 1u << ROLE_UBO)
		add_interest(list, &(const struct interest){ "unknownInterest", "unknown", NULL, NULL,
							     party->kind == PARTY_INDIVIDUAL });
}

static bool *new_party_flags(const struct bods_writer *bods_writer)
{
	const size_t size = (bods_writer->file->party_count + 1) * sizeof(bool);

	return memset(arena_alloc(bods_writer->arena, size), 0, size);
}

static size_t party_index(const struct bods_writer *bods_writer, const char *party)
{
	for (size_t i = 0; i < bods_writer->file->party_count; i++)
		if (!strcmp(bods_writer->file->parties[i].id, party))
			return i;
	return SIZE_MAX;
}

static bool holds_interest(const struct bods_writer *bods_writer, const struct party *party)
{
	for (size_t i = 0; i < party->share_count; i++) {
		const char *owned = party->shares[i].owned_party_id;
		size_t at = *owned ? party_index(bods_writer, owned) : SIZE_MAX;

		if (!*owned || (at != SIZE_MAX && bods_writer->is_interest_holder[at]))
			return true;
	}
	return false;
}

static void mark_interest_holders(struct bods_writer *bods_writer)
{
	bool changed = true;

	bods_writer->is_interest_holder = new_party_flags(bods_writer);
	while (changed) {
		changed = false;
		for (size_t i = 0; i < bods_writer->file->party_count; i++) {
			if (bods_writer->is_interest_holder[i] ||
			    !holds_interest(bods_writer, &bods_writer->file->parties[i]))
				continue;
			bods_writer->is_interest_holder[i] = changed = true;
		}
	}
}

/* Marks the chains of companies through which a party owns the subject. Adds the record ids of these companies and
 * of the shares to `records` (may be NULL). */
static void follow_chain(struct bods_writer *bods_writer, size_t p, bool *seen, struct json_value *records)
{
	const struct party *party = &bods_writer->file->parties[p];

	for (size_t i = 0; i < party->share_count; i++) {
		const char *owned = party->shares[i].owned_party_id;
		size_t at = *owned ? party_index(bods_writer, owned) : SIZE_MAX;

		if (*owned ? at == SIZE_MAX || !bods_writer->is_interest_holder[at] : party->kind == PARTY_INDIVIDUAL)
			continue;
		bods_writer->is_chain_share[p][i] = true;
		if (records && is_first_share_of_owner(party, i))
			json_append(records, json_new_string(relationship_id(bods_writer, party->id, owned)));
		if (!*owned || seen[at])
			continue;
		seen[at] = bods_writer->is_component[at] = true;
		if (records)
			json_append(records, json_new_string(owned));
		follow_chain(bods_writer, at, seen, records);
	}
}

static bool owns_through_companies(const struct bods_writer *bods_writer, size_t p)
{
	const struct party *party = &bods_writer->file->parties[p];

	return party->kind == PARTY_INDIVIDUAL && exchange_indirect_percent(bods_writer->arena, party);
}

static void mark_owner_chains(struct bods_writer *bods_writer)
{
	const size_t count = bods_writer->file->party_count;

	mark_interest_holders(bods_writer);
	bods_writer->is_component = new_party_flags(bods_writer);
	bods_writer->is_chain_share =
		arena_alloc_array(bods_writer->arena, count + 1, sizeof *bods_writer->is_chain_share);
	for (size_t p = 0; p < count; p++) {
		size_t bytes = (bods_writer->file->parties[p].share_count + 1) * sizeof(bool);

		bods_writer->is_chain_share[p] = memset(arena_alloc(bods_writer->arena, bytes), 0, bytes);
	}
	for (size_t p = 0; p < count; p++)
		if (owns_through_companies(bods_writer, p))
			follow_chain(bods_writer, p, new_party_flags(bods_writer), NULL);
}

/* Adds the relationship of a person, or of a company with a role, to the subject. */
static void add_subject_relation(struct bods_writer *bods_writer, size_t p)
{
	const struct party *party = &bods_writer->file->parties[p];
	const char *indirect =
		owns_through_companies(bods_writer, p) ? exchange_indirect_percent(bods_writer->arena, party) : NULL;
	struct json_value *list = json_new_array(), *details, *records;

	if (party->kind == PARTY_INDIVIDUAL)
		add_company_shares(bods_writer, list, party, "");
	if (indirect)
		add_interest(list, &(const struct interest){ "shareholding", "indirect", NULL, indirect,
							     party->is_beneficial_owner });
	add_role_interests(list, party);
	if (!json_count(list)) {
		json_free(list);
		return;
	}
	details = relationship_json(bods_writer, "", json_new_string(party->id), list, false);
	if (indirect) {
		records = json_new_array();
		follow_chain(bods_writer, p, new_party_flags(bods_writer), records);
		json_set(details, "componentRecords", records);
	}
	add_statement(
		bods_writer, "relationship",
		party->kind == PARTY_INDIVIDUAL ? relationship_id(bods_writer, party->id, "")
						: exchange_derive_id(bods_writer->arena, "control", party->id, ""),
		details,
		bods_writer->exchange_case->is_party_verified && bods_writer->exchange_case->is_party_verified[p]);
}

/* The standard's word for the reason why no owner is named, from the explanation of a lead. */
static const char *unspecified_reason(const char *reason)
{
	if (!strcmp(reason, "listed") || !strcmp(reason, "state_owned") || !strcmp(reason, "regulated"))
		return "subjectExemptFromDisclosure";
	return !strcmp(reason, "dispersed") ? "noBeneficialOwners" : "unknown";
}

static void add_undeclared_owners(struct bods_writer *bods_writer, const struct ownership_layer *layer)
{
	const struct session *session = &bods_writer->file->session;
	const char *percent = exchange_format_percent(bods_writer->arena, layer->undeclared_percent);
	struct json_value *reason = JSON_FROM({ "reason", AS_TEXT(unspecified_reason(session->gap_reason)) },
					      { "description", AS_TEXT("No owner of this share is declared") });
	struct json_value *list = json_new_array();

	add_interest(list, &(const struct interest){ "shareholding", "unknown", NULL, percent, false });
	add_statement(bods_writer, "relationship",
		      exchange_derive_id(bods_writer->arena, "undeclared", session->id, layer->ref),
		      relationship_json(bods_writer, layer->ref, reason, list, false), false);
}

struct json_value *bods_write(struct arena *arena, const struct exchange_case *from)
{
	struct bods_writer bods_writer = {
		.arena = arena, .exchange_case = from, .file = from->file, .out = json_new_array()
	};
	const struct session *session = &from->file->session;
	const struct case_file *file = from->file;

	date_format(session->submitted_at == TIME_NONE ? session->created_at : session->submitted_at,
		    bods_writer.declaration_date);
	mark_owner_chains(&bods_writer);
	add_subject(&bods_writer);
	for (size_t i = 0; i < file->party_count; i++)
		if (exchange_has_interest(file, i))
			add_party(&bods_writer, i);
	for (size_t i = 0; i < file->party_count; i++)
		add_shares_of_companies(&bods_writer, i);
	for (size_t i = 0; i < file->party_count; i++)
		add_subject_relation(&bods_writer, i);
	for (size_t i = 0; from->gap && from->gap->is_computed && i < from->gap->layer_count; i++)
		add_undeclared_owners(&bods_writer, &from->gap->layers[i]);
	return bods_writer.out;
}
