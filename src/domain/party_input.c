#include "kybdesk/domain/party_input.h"
#include "input_text.h"
#include "ownership/ownership_graph.h"
#include "kybdesk/base/strbuf.h"
#include "kybdesk/base/text.h"
#include "kybdesk/domain/format.h"
#include "kybdesk/domain/ownership.h"

#include <string.h>

#define PARTY_PREFIX_LENGTH_MIN 4

struct checker {
	struct input_checker input_checker;
	const struct case_file *file;
	const struct profile *profile;
	const struct party *self;
	const struct party_input *input;
};

static void check_count(struct checker *checker)
{
	size_t most = checker->profile->parties.max_parties;

	if (checker->self || !most || checker->input->kind != PARTY_INDIVIDUAL)
		return;
	if (case_person_count(checker->file) >= most)
		add_input_problem(&checker->input_checker, "",
				  "The workflow %s allows %zu persons among the parties; the limit is reached",
				  checker->profile->name, most);
}

static void check_roles(struct checker *checker)
{
	unsigned roles = checker->input->roles;
	unsigned allowed =
		checker->profile->parties.roles ? checker->profile->parties.roles : (1u << PARTY_ROLE_COUNT) - 1;
	struct strbuf list = STRBUF_INIT;
	const char *words;

	if (!roles && checker->self)
		return;
	for (unsigned role = 0; role < PARTY_ROLE_COUNT; role++) {
		if (allowed & 1u << role)
			strbuf_addf(&list, "%s%s", list.len ? ", " : "", party_role_text((enum party_role)role));
	}
	words = strbuf_finish(&list, checker->input_checker.arena);
	if (!roles)
		add_input_problem(&checker->input_checker, "role", "The party has no role; choose from: %s", words);
	else if (roles & ~allowed)
		add_input_problem(&checker->input_checker, "role",
				  "At least one role is not allowed in the workflow %s; choose from: %s",
				  checker->profile->name, words);
}

static void check_control_role(struct checker *checker)
{
	const struct party_rules *rules = &checker->profile->parties;
	const char *control_role = checker->input->control_role;
	struct strbuf list = STRBUF_INIT;

	if (!is_present(control_role))
		return;
	if ((checker->self ? checker->self->kind : checker->input->kind) == PARTY_COMPANY) {
		add_input_problem(&checker->input_checker, "control_role",
				  "A company cannot have a control role; assign the role to the natural person who "
				  "acts for the "
				  "company");
		return;
	}
	if (!rules->control_role_count) {
		input_check_text(&checker->input_checker, "control_role", "The control role", control_role);
		return;
	}
	if (texts_contain(rules->control_roles, rules->control_role_count, control_role))
		return;
	for (size_t i = 0; i < rules->control_role_count; i++)
		strbuf_addf(&list, "%s%s", i ? ", " : "", rules->control_roles[i]);
	add_input_problem(&checker->input_checker, "control_role",
			  "\"%s\" is not a control role of the workflow %s; choose from: %s", control_role,
			  checker->profile->name, strbuf_finish(&list, checker->input_checker.arena));
}

static void check_percent(struct checker *checker)
{
	struct arena *arena = checker->input_checker.arena;
	const char *percent = checker->input->percent, *fault;
	bool is_range;

	if (!is_present(percent))
		return;
	fault = percent_range_fault(arena, percent);
	is_range = !checker->input->is_exact && percent_range_is_range(percent);
	if (!fault && is_range)
		fault = ownership_range_fault(arena, checker->profile, percent);
	if (fault && *fault == 'h') /* the fault "has … digits" means too many digits */
		add_input_problem(&checker->input_checker, "percent", "The percentage %s", fault);
	else if (fault && is_range)
		add_input_problem(&checker->input_checker, "percent", "\"%s\" %s", percent, fault);
	else if (fault || (!is_range && percent_range_is_range(percent)) || !percent_range_is_share(percent))
		add_input_problem(&checker->input_checker, "percent",
				  "\"%s\" is not a percentage; write a number from 0 to 100, like 25 or 33.34",
				  percent);
}

static void check_birth_date(struct checker *checker, const char *today)
{
	const char *birth = checker->input->date_of_birth;
	enum party_kind kind = checker->self ? checker->self->kind : checker->input->kind;

	if (is_present(birth) && kind == PARTY_COMPANY)
		add_input_problem(&checker->input_checker, "birth", "A company has no date of birth; leave it out");
	else
		input_check_birth_date(&checker->input_checker, "birth", birth, today);
}

static void check_email(struct checker *checker)
{
	const char *email = checker->input->email;

	if (is_present(email) && !email_is_valid(email))
		add_input_problem(&checker->input_checker, "email", "%s", EMAIL_SENTENCE);
	else
		input_check_text(&checker->input_checker, "email", "The e-mail address", email);
}

/* The party with this id, or with a unique id prefix of four or more characters. NULL: none or several. */
static const struct party *party_by_reference(const struct case_file *file, const char *reference)
{
	const struct party *found = case_party(file, reference);
	size_t length = strlen(reference), count = 0;

	if (found || length < PARTY_PREFIX_LENGTH_MIN)
		return found;
	for (size_t i = 0; i < file->party_count; i++) {
		if (strncmp(file->parties[i].id, reference, length))
			continue;
		found = &file->parties[i];
		count++;
	}
	return count == 1 ? found : NULL;
}

static bool has_ownership_path(const struct case_file *file, const struct party *from, const struct party *to,
			       bool *seen)
{
	size_t at = (size_t)(from - file->parties);

	if (from == to)
		return true;
	if (seen[at])
		return false;
	seen[at] = true;
	for (size_t s = 0; s < from->share_count; s++) {
		const struct party *owned =
			*from->shares[s].owned_party_id ? case_party(file, from->shares[s].owned_party_id) : NULL;

		if (owned && has_ownership_path(file, owned, to, seen))
			return true;
	}
	return false;
}

/* Whether owning `owned` (NULL: the subject) would make the party an owner of itself. */
static bool share_makes_cycle(const struct case_file *file, const struct party *self, const struct party *owned)
{
	struct arena scratch = ARENA_INIT;
	bool circles =
		owned && self &&
		has_ownership_path(file, owned, self, arena_alloc_array(&scratch, file->party_count, sizeof(bool)));

	arena_release(&scratch);
	return circles;
}

const char *party_input_apply_share(struct arena *arena, const struct case_file *file, const struct party *self,
				    const struct party_input *input, struct party *out)
{
	const struct party *owned =
		is_present(input->owned_party) ? party_by_reference(file, input->owned_party) : NULL;
	const char *owned_id = owned ? owned->id : "", *percent = input->percent;
	struct party_share *all, *meant;
	size_t had = self ? self->share_count : 0;

	all = arena_alloc_array(arena, had + 1, sizeof *all);
	if (had)
		memcpy(all, self->shares, had * sizeof *all);
	out->shares = all;
	out->share_count = had;
	if ((!percent && !input->owned_party) || (!self && !is_present(percent)))
		return NULL;
	if (had > 1 && !input->owned_party)
		return arena_printf(arena, "The party owns %zu shares; name the company of the share to change", had);
	/* If the party has one share, changes this share (also to another company). Otherwise changes the share in
	 * the named company, or adds a share if the party has none in this company. */
	meant = had == 1 ? &all[0] : ITEM_WITH_TEXT(all, had, owned_party_id, owned_id);
	if (!meant) {
		if (!is_present(percent))
			return "Enter the percentage that the party owns";
		meant = &all[out->share_count++];
		*meant = (struct party_share){ .owned_party_id = "", .percent = "" };
	}
	if (percent && !*percent) { /* the party no longer owns this share */
		*meant = all[--out->share_count];
		return NULL;
	}
	if (percent)
		meant->percent = percent;
	if (input->owned_party) {
		meant->owned_party_id = owned_id;
		meant->owned_party_row = owned ? owned->row : 0;
	}
	return NULL;
}

/* Warns if the shares of the company's owners, with the party's new share, add up to more than 100 %. */
static void warn_of_excess_shares(struct checker *checker, const struct party_share *share)
{
	const struct case_file *file = checker->file;
	const struct party *owned = case_party(file, share->owned_party_id);
	struct percent_range sum, part, hundred = { .low = decimal_hundred() };

	(void)percent_range_parse(&sum, share->percent);
	for (size_t i = 0; i < file->party_count; i++) {
		const struct party *party = &file->parties[i];

		for (size_t s = 0; party != checker->self && s < party->share_count; s++) {
			if (strcmp(party->shares[s].owned_party_id, share->owned_party_id) != 0)
				continue;
			if (percent_range_parse(&part, party->shares[s].percent))
				percent_range_add(&sum, &part);
			percent_range_release(&part);
		}
	}
	if (percent_range_is_share(share->percent) && percent_range_compare_low(&sum, &hundred) > 0)
		add_input_problem(&checker->input_checker, "percent",
				  "The shares of the owners of %s would add up to %s %%; at most 100 %% is possible",
				  owned ? owned->name : file->session.subject.name,
				  percent_range_text(checker->input_checker.arena, &sum, 6))
			->is_warning = true;
	percent_range_release(&hundred);
	percent_range_release(&sum);
}

/* Checks that the ownership of the case can still be computed with these shares. */
static void check_ownership_computable(struct checker *checker, const struct party *changed)
{
	const struct case_file *file = checker->file;
	struct case_file after = *file;
	struct ownership_excess excess;
	size_t at = checker->self ? (size_t)(checker->self - file->parties) : file->party_count;

	if (ownership_is_computable(checker->input_checker.arena, file, &excess)) {
		after.parties =
			arena_alloc_array(checker->input_checker.arena, file->party_count + 1, sizeof *after.parties);
		if (file->party_count)
			memcpy(after.parties, file->parties, file->party_count * sizeof *after.parties);
		if (!checker->self) {
			party_init(&after.parties[at]);
			after.party_count++;
		}
		after.parties[at].shares = changed->shares;
		after.parties[at].share_count = changed->share_count;
		if (ownership_is_computable(checker->input_checker.arena, &after, &excess))
			return;
	} else if (checker->self) {
		return; /* the ownership was invalid before and may be corrected step by step */
	}
	add_input_problem(&checker->input_checker, excess.party == SIZE_MAX ? "" : "owner_of", "%s",
			  excess.party == SIZE_MAX
				  ? arena_printf(checker->input_checker.arena, "The case %s", excess.message)
				  : arena_printf(checker->input_checker.arena, "With this share %s %s",
						 excess.party == at ? "the party" : file->parties[excess.party].name,
						 excess.message));
}

static void check_shares(struct checker *checker)
{
	const struct party_input *input = checker->input;
	struct party changed = { 0 };
	const struct party *owned = NULL;
	const char *message;

	if (is_present(input->owned_party)) {
		owned = party_by_reference(checker->file, input->owned_party);
		if (!owned) {
			add_input_problem(&checker->input_checker, "owner_of", "The case has no party \"%s\"",
					  input->owned_party);
			return;
		}
		if (owned->kind != PARTY_COMPANY) {
			add_input_problem(&checker->input_checker, "owner_of",
					  "The party %.8s is a person and cannot be owned", owned->id);
			return;
		}
		if (!checker->self && !is_present(input->percent)) {
			add_input_problem(&checker->input_checker, "percent",
					  "Enter the percentage of %s that the party owns", input->owned_party);
			return;
		}
	}
	if (share_makes_cycle(checker->file, checker->self, owned)) {
		add_input_problem(&checker->input_checker, "owner_of", "%s",
				  owned == checker->self
					  ? "A company cannot own itself"
					  : arena_printf(checker->input_checker.arena,
							 "%s already owns a part of this party, directly or "
							 "through others: ownership cannot be circular",
							 owned->name));
		return;
	}
	message = party_input_apply_share(checker->input_checker.arena, checker->file, checker->self, input, &changed);
	if (message) {
		add_input_problem(&checker->input_checker,
				  checker->self && checker->self->share_count > 1 ? "owner_of" : "percent", "%s",
				  message);
		return;
	}
	check_ownership_computable(checker, &changed);
	for (size_t i = 0; (is_present(input->percent) || input->owned_party) && i < changed.share_count; i++)
		warn_of_excess_shares(checker, &changed.shares[i]);
}

void party_input_check(struct arena *arena, const struct case_file *file, const struct profile *profile,
		       const struct countries *countries, const char *today, const struct party *self,
		       const struct party_input *input, struct party_problems *out)
{
	struct checker checker = {
		.input_checker = { arena, out }, .file = file, .profile = profile, .self = self, .input = input
	};

	input_check_name(&checker.input_checker, "The name of the party", input->name, !self);
	check_count(&checker);
	check_roles(&checker);
	check_control_role(&checker);
	check_percent(&checker);
	check_birth_date(&checker, today);
	input_check_country(&checker.input_checker, countries, input->country,
			    (checker.self ? checker.self->kind : input->kind) == PARTY_INDIVIDUAL);
	check_shares(&checker);
	input_check_text(&checker.input_checker, "tax_id", "The tax id", input->tax_id);
	input_check_text(&checker.input_checker, "registration_number", "The registration number",
			 input->registration_number);
	check_email(&checker);
	input_check_text(&checker.input_checker, "phone", "The phone number", input->phone);
}
