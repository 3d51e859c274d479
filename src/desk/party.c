/* Declaring related parties. */
#include "internal.h"
#include "kybdesk/base/decimal.h"
#include "kybdesk/desk/review.h"

#include <string.h>

static const char verb[] = "add a party";

static enum err check_percent(const char *percent, struct error *error)
{
	struct decimal *value = decimal_new(), *hundred = decimal_new();
	bool valid = decimal_parse(value, percent) && decimal_parse(hundred, "100") &&
		     decimal_compare(value, hundred) <= 0;

	decimal_free(value);
	decimal_free(hundred);
	if (valid)
		return ERR_OK;
	return error_set_field(error, ERR_INVALID, "percent",
			       "\"%s\" is no percentage; write a number from 0 to 100, like 25 or 33.34", percent);
}

static enum err check_roles(const struct profile *profile, unsigned roles, struct error *error)
{
	unsigned allowed = profile->parties.roles ? profile->parties.roles : (1u << PARTY_ROLE_COUNT) - 1;
	struct strbuf list = STRBUF_INIT;
	enum err err = ERR_OK;

	for (int role = 0; role < PARTY_ROLE_COUNT; role++) {
		if (allowed & (1u << role))
			strbuf_addf(&list, "%s%s", list.len ? ", " : "", party_role_text((enum party_role)role));
	}
	if (!roles)
		err = error_set_field(error, ERR_INVALID, "role", "The party has no role; choose from: %s",
				      list.buf);
	else if (roles & ~allowed)
		err = error_set_field(error, ERR_INVALID, "role",
				      "A role is not used in the workflow %s; choose from: %s", profile->name,
				      list.buf);
	strbuf_release(&list);
	return err;
}

static enum err check_control_role(const struct profile *profile, const char *control_role, struct error *error)
{
	const struct party_rules *rules = &profile->parties;
	struct strbuf list = STRBUF_INIT;

	if (!*control_role || !rules->control_role_count)
		return text_check("control_role", "The control role", control_role, false, error);
	for (size_t i = 0; i < rules->control_role_count; i++) {
		if (!strcmp(rules->control_roles[i], control_role)) {
			strbuf_release(&list);
			return ERR_OK;
		}
		strbuf_addf(&list, "%s%s", list.len ? ", " : "", rules->control_roles[i]);
	}
	error_set_field(error, ERR_INVALID, "control_role",
			"\"%s\" is no control role of the workflow %s; choose from: %s", control_role,
			profile->name, list.buf);
	strbuf_release(&list);
	return ERR_INVALID;
}

static enum err check_birth(const struct work *work, const struct party_input *input, struct error *error)
{
	char today[16];

	if (!*input->date_of_birth)
		return ERR_OK;
	if (input->kind == PARTY_COMPANY)
		return error_set_field(error, ERR_INVALID, "birth", "A company has no date of birth; leave it out");
	if (!date_is_valid(input->date_of_birth))
		return error_set_field(error, ERR_INVALID, "birth",
				       "The date of birth is no date; write it as YYYY-MM-DD, like 1984-02-11");
	date_format(work->now, today);
	if (strcmp(input->date_of_birth, today) > 0)
		return error_set_field(error, ERR_INVALID, "birth", "The date of birth is in the future");
	return ERR_OK;
}

static enum err find_country(const struct desk *desk, const char *text, const char **out, struct error *error)
{
	const struct country *country;

	*out = "";
	if (!*text)
		return ERR_OK;
	country = country_find(&desk->countries, text);
	if (!country)
		return error_set_field(error, ERR_INVALID, "country",
				       "\"%s\" is no country; write its code (PT or PRT) or its English name",
				       text);
	*out = country->alpha3;
	return ERR_OK;
}

/* Only a company can be owned; "" is the subject itself. */
static enum err find_owned(struct work *work, const struct party_input *input, struct party_share *share,
			   struct error *error)
{
	struct party *owned = NULL;
	enum err err;

	*share = (struct party_share){ .of_party_id = "", .percent = input->percent };
	if (!*input->owner_of)
		return ERR_OK;
	if (!*input->percent)
		return error_set_field(error, ERR_INVALID, "percent", "Say how much of %s the party owns",
				       input->owner_of);
	err = work_find_party(&work->file, input->owner_of, &owned, error);
	if (err)
		return err;
	if (owned->kind != PARTY_COMPANY)
		return error_set_field(error, ERR_INVALID, "owner_of",
				       "The party %.8s is a person, whom nobody can own", owned->id);
	share->of_party_id = owned->id;
	share->of_party_row = owned->row;
	return ERR_OK;
}

static enum err check_input(struct work *work, const struct party_input *input, struct party *party,
			    struct party_share *share, struct error *error)
{
	const struct profile *profile = work->profile;
	enum err err = text_check("name", "The name of the party", input->name, true, error);

	if (!err && profile->parties.max && work->file.party_count >= profile->parties.max)
		err = error_set(error, ERR_INVALID, "The workflow %s allows %zu parties, and there are as many",
				profile->name, profile->parties.max);
	if (!err)
		err = check_roles(profile, input->roles, error);
	if (!err)
		err = check_control_role(profile, input->control_role, error);
	if (!err && *input->percent)
		err = check_percent(input->percent, error);
	if (!err)
		err = check_birth(work, input, error);
	if (!err)
		err = find_country(work->desk, input->country, &party->country, error);
	if (!err)
		err = find_owned(work, input, share, error);
	return err;
}

/* Copies, since what the door gave may not live as long as the results. */
static void fill(const struct work *work, const struct party_input *input, struct party *party)
{
	party->id = id_new(work->desk, work->arena);
	party->kind = input->kind;
	party->name = arena_strdup(work->arena, input->name);
	party->roles = input->roles;
	party->control_role = arena_strdup(work->arena, input->control_role);
	party->date_of_birth = arena_strdup(work->arena, input->date_of_birth);
}

static struct party *append(struct work *work, const struct party *party)
{
	struct case_file *file = &work->file;
	struct party *parties = arena_alloc_array(work->arena, file->party_count + 1, sizeof *parties);

	if (file->party_count)
		memcpy(parties, file->parties, file->party_count * sizeof *parties);
	parties[file->party_count] = *party;
	file->parties = parties;
	return &parties[file->party_count++];
}

static enum err write(struct work *work, struct party *party, struct error *error)
{
	struct desk *desk = work->desk;
	enum err err = store_party_insert(desk->store, work->file.session.row, party, error);

	if (!err && party->share_count)
		err = store_party_set_shares(desk->store, party, error);
	if (!err && profile_party_verification(work->profile, party->kind) == VERIFY_SESSION)
		err = subsession_make(desk, work->arena, &work->file, work->profile, party, error);
	return err;
}

enum err desk_party_add(struct desk *desk, struct arena *arena, const char *reference,
			const struct party_input *input, const char **id, const char **party_id,
			const char **subsession_id, struct error *error)
{
	struct work work;
	struct party party, *added;
	struct party_share *share = arena_alloc(arena, sizeof *share);
	struct json_value *detail = NULL;
	enum err err = work_begin(&work, desk, arena, reference, ROLE_REVIEWER, verb, error);

	if (err)
		return err;
	party_init(&party);
	err = check_input(&work, input, &party, share, error);
	if (!err) {
		fill(&work, input, &party);
		if (*input->percent) {
			share->percent = arena_strdup(arena, input->percent);
			party.shares = share;
			party.share_count = 1;
		}
		added = append(&work, &party);
		err = write(&work, added, error);
		*party_id = added->id;
		*subsession_id = added->session_id;
	}
	if (!err) {
		detail = json_new_object();
		json_set_text(detail, "party", *party_id);
		json_set_text(detail, "kind", party_kind_text(input->kind));
		json_set_text_or_null(detail, "subsession", *subsession_id);
	}
	*id = work.file.session.id;
	return work_commit(&work, err, "party.add", detail, true, error);
}
