/* FollowTheMoney (alephdata/followthemoney, followthemoney/schema/ *.yaml): an entity has an id, a schema, and
 * properties, each a list of texts. Countries are alpha-2 in lower case. */
#include "exchange_parts.h"

struct ftm_writer {
	struct arena *arena;
	const struct exchange_case *exchange_case;
	const struct case_file *file;
	struct json_value *out;
};

struct entity {
	struct json_value *object, *properties;
};

static struct entity new_entity(const char *schema, const char *id)
{
	struct entity entity = { .object = json_new_object(), .properties = json_new_object() };

	json_set_text(entity.object, "id", id);
	json_set_text(entity.object, "schema", schema);
	return entity;
}

static void add_entity(struct ftm_writer *writing, const struct entity *entity)
{
	json_set(entity->object, "properties", entity->properties);
	json_append(writing->out, entity->object);
}

static void set_property(const struct entity *entity, const char *property, const char *text)
{
	if (text && *text)
		json_set(entity->properties, property, json_new_texts(&text, 1));
}

static void set_date(const struct entity *entity, const char *property, const char *date)
{
	if (date_is_valid(date))
		set_property(entity, property, date);
}

static const char *country_code(const struct ftm_writer *writing, const struct country *country)
{
	char *code;

	if (!country)
		return "";
	code = arena_strdup(writing->arena, country->alpha2);
	for (char *c = code; *c; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c - 'A' + 'a');
	return code;
}

static const char *code_of(const struct ftm_writer *writing, const char *country)
{
	return country_code(writing, country_find(writing->exchange_case->countries, country));
}

/* --- addresses and identifications --- */

/* Adds the address as an entity, and returns the entity's id. NULL: the object has no address line. */
static const char *add_address(struct ftm_writer *writing, const char *of, const struct json_value *object, size_t at)
{
	struct exchange_address address;
	struct entity entity;
	const char *id;

	if (!exchange_read_address(writing->arena, object, writing->exchange_case->countries, &address) ||
	    !*address.line)
		return NULL;
	id = exchange_derive_id(writing->arena, "address", of, arena_printf(writing->arena, "%zu", at));
	entity = new_entity("Address", id);
	set_property(&entity, "full",
		     arena_printf(writing->arena, "%s%s%s%s%s", address.line, *address.post_code ? ", " : "",
				  address.post_code, address.country ? ", " : "",
				  address.country ? address.country->name : ""));
	set_property(&entity, "street", json_get_text(object, "street"));
	set_property(&entity, "city", json_get_text(object, "city"));
	set_property(&entity, "state", json_get_text(object, "state"));
	set_property(&entity, "postalCode", address.post_code);
	set_property(&entity, "country", country_code(writing, address.country));
	add_entity(writing, &entity);
	return id;
}

/* Adds the addresses of a column as entities, and adds references to these addresses to the entity `of`. */
static void add_addresses(struct ftm_writer *writing, const struct entity *of, const char *id, const char *text)
{
	struct json_value *value = exchange_parse_json(text), *ids = json_new_array();
	const char *address = json_is_object(value) ? add_address(writing, id, value, 0) : NULL;

	if (address)
		json_append(ids, json_new_string(address));
	for (size_t i = 0; json_is_array(value) && i < json_count(value); i++)
		if ((address = add_address(writing, id, json_at(value, i), i)))
			json_append(ids, json_new_string(address));
	(void)JSON_ADD(of->properties, { "addressEntity?", json_null_if_empty(ids) });
	json_free(value);
}

/* Fields with the number of an identification document; key: the field's name without case, '_' and '-'. */
static const struct {
	const char *key, *schema, *type;
} numbers[] = {
	{ "passportnumber", "Passport", "passport" },
	{ "nationalid", "Identification", "national id" },
	{ "nationalidnumber", "Identification", "national id" },
	{ "drivinglicencenumber", "Identification", "driving licence" },
	{ "driverslicensenumber", "Identification", "driving licence" },
};

/* Compares keys without case, '_' and '-': passport_number and passportNumber are the same key. */
static bool is_same_key(const char *key, const char *plain)
{
	for (; *key; key++) {
		const char c = *key >= 'A' && *key <= 'Z' ? (char)(*key - 'A' + 'a') : *key;

		if (c == '_' || c == '-')
			continue;
		if (c != *plain)
			return false;
		plain++;
	}
	return !*plain;
}

static void add_identification(struct ftm_writer *writing, const struct party *party, const char *key,
			       const char *number)
{
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		struct entity entity;

		if (!is_same_key(key, numbers[i].key) || !number || !*number)
			continue;
		entity = new_entity(numbers[i].schema,
				    exchange_derive_id(writing->arena, "identification", party->id, key));
		set_property(&entity, "holder", party->id);
		set_property(&entity, "number", number);
		set_property(&entity, "type", numbers[i].type);
		set_property(&entity, "country", code_of(writing, party->country));
		add_entity(writing, &entity);
	}
}

static void add_identifications(struct ftm_writer *writing, const struct party *party)
{
	struct json_value *fields = exchange_parse_json(party->fields_json);

	for (const char *key = json_first_key(fields); key; key = json_next_key(fields, key))
		add_identification(writing, party, key, json_get_text(fields, key));
	json_free(fields);
}

/* --- companies and persons --- */

static void add_subject(struct ftm_writer *writing)
{
	const struct session *session = &writing->file->session;
	const struct subject *subject = &session->subject;
	const bool business = subject->kind == SUBJECT_BUSINESS;
	const char *country = code_of(writing, subject->country);
	struct entity entity = new_entity(business ? "Company" : "Person", session->id);

	set_property(&entity, "name", subject->name);
	set_property(&entity, "country", country);
	if (business) {
		set_property(&entity, "jurisdiction", country);
		set_property(&entity, "registrationNumber", subject->registration_number);
		set_date(&entity, "incorporationDate", subject->incorporated_on);
	} else {
		set_date(&entity, "birthDate", subject->date_of_birth);
	}
	set_property(&entity, "taxNumber", subject->tax_id);
	set_property(&entity, "website", subject->website);
	set_property(&entity, "email", subject->email);
	set_property(&entity, "phone", subject->phone);
	add_addresses(writing, &entity, session->id, subject->address_json);
	add_entity(writing, &entity);
}

static void add_party(struct ftm_writer *writing, const struct party *party)
{
	const bool company = party->kind == PARTY_COMPANY;
	const char *country = code_of(writing, party->country);
	struct entity entity = new_entity(company ? "Company" : "Person", party->id);

	set_property(&entity, "name", party->name);
	set_property(&entity, "country", country);
	if (company)
		set_property(&entity, "jurisdiction", country);
	else
		set_date(&entity, "birthDate", party->date_of_birth);
	set_property(&entity, "registrationNumber", party->registration_number);
	set_property(&entity, "taxNumber", party->tax_id);
	set_property(&entity, "email", party->email);
	set_property(&entity, "phone", party->phone);
	add_addresses(writing, &entity, party->id, party->addresses_json);
	add_entity(writing, &entity);
	add_identifications(writing, party);
}

/* --- relations --- */

static void add_ownership(struct ftm_writer *writing, const struct party *party, size_t at)
{
	const struct party_share *share = &party->shares[at];
	const char *asset = *share->owned_party_id ? share->owned_party_id : writing->file->session.id;
	struct entity entity = new_entity(
		"Ownership", exchange_derive_id(writing->arena, "ownership",
						arena_printf(writing->arena, "%s %zu", party->id, at), asset));

	set_property(&entity, "owner", party->id);
	set_property(&entity, "asset", asset);
	set_property(&entity, "percentage", exchange_format_percent(writing->arena, share->percent));
	add_entity(writing, &entity);
}

static void add_directorship(struct ftm_writer *writing, const struct party *party)
{
	const char *of = writing->file->session.id;
	const bool director = party->roles & 1u << ROLE_DIRECTOR;
	struct entity entity;

	if (!director && !*party->control_role)
		return;
	entity = new_entity("Directorship", exchange_derive_id(writing->arena, "directorship", party->id, of));
	set_property(&entity, "director", party->id);
	set_property(&entity, "organization", of);
	set_property(&entity, "role", *party->control_role ? party->control_role : "director");
	add_entity(writing, &entity);
}

struct json_value *ftm_write(struct arena *arena, const struct exchange_case *from)
{
	struct ftm_writer writing = {
		.arena = arena, .exchange_case = from, .file = from->file, .out = json_new_array()
	};

	add_subject(&writing);
	for (size_t i = 0; i < from->file->party_count; i++)
		add_party(&writing, &from->file->parties[i]);
	for (size_t i = 0; i < from->file->party_count; i++) {
		const struct party *party = &from->file->parties[i];

		for (size_t j = 0; j < party->share_count; j++)
			add_ownership(&writing, party, j);
		if (writing.file->session.subject.kind == SUBJECT_BUSINESS)
			add_directorship(&writing, party);
	}
	return writing.out;
}
