/* The page of a party: identity, ownership, verification, documents, checks, and history. */
#include "model/page.h"
#include "input/keymap.h"

#include "kybdesk/codec/json.h"
#include "kybdesk/domain/value.h"

#include <string.h>

static const char *field_title(const struct case_view *view, const char *key)
{
	const struct party_rules *rules = &view->profile->parties;
	for (size_t i = 0; i < rules->field_count; i++)
		if (!strcmp(rules->fields[i].id, key) && rules->fields[i].title[0])
			return rules->fields[i].title;
	return key;
}

/* Adds the party's workflow fields. A field is labelled with its title in the workflow, or with its name if the
 * workflow does not have the field. */
static void add_field_lines(struct grid *grid, const struct case_view *view, const struct party *party)
{
	struct json_value *fields = NULL;
	const char *json = party->fields_json;
	if (!json_read(json, strlen(json), &fields, NULL) && json_count(fields)) {
		struct json_value *titled = json_new_object();
		for (const char *key = json_first_key(fields); key; key = json_next_key(fields, key)) {
			json_set(titled, view->profile ? field_title(view, key) : key,
				 json_clone(json_get(fields, key)));
		}
		facts_add_heading(grid, "Workflow fields");
		facts_add_json(grid, json_move_to_arena(grid->arena, titled));
	}
	json_free(fields);
}

/* A sentence that names the key to reveal masked values. */
static char *reveal_hint(struct arena *arena)
{
	return arena_printf(arena, "Personal data is masked; %s reveals it (audited)",
			    keymap_key_or_name(arena, COMMAND_REVEAL));
}

static void add_identity_lines(struct grid *grid, const struct case_view *view, const struct party *party)
{
	facts_add_heading(grid, "Identity");
	facts_line(grid, "name", party->name);
	facts_line(grid, "kind", party_kind_text(party->kind));
	facts_line(grid, "roles", party_roles_text(grid->arena, party));
	facts_line(grid, "country", party->country);
	facts_line(grid, "date of birth", party->date_of_birth);
	facts_line(grid, "tax id", party->tax_id);
	facts_line(grid, "registration number", party->registration_number);
	facts_line(grid, "email", party->email);
	facts_line(grid, "phone", party->phone);
	facts_add_json(grid, party->addresses_json);
	if (view->masked)
		facts_line(grid, "", reveal_hint(grid->arena));
	add_field_lines(grid, view, party);
}

static const char *owned_name(const struct case_view *view, const struct party_share *share)
{
	const struct party *owned = case_party(&view->file, share->owned_party_id);
	if (!share->owned_party_id[0])
		return view->file.session.subject.name;
	return owned ? owned->name : "a removed party";
}

static void add_share_lines(struct grid *grid, const struct case_view *view, const struct party *party)
{
	const struct case_file *file = &view->file;
	facts_add_heading(grid, "Ownership");
	for (size_t i = 0; i < party->share_count; i++)
		facts_line(grid, "owns",
			   grid_printf(grid, "%s %% of %s", party->shares[i].percent,
				       owned_name(view, &party->shares[i])));
	if (!party->share_count)
		facts_line(grid, "owns", "no declared share");
	if (party->effective_percent[0])
		facts_line(grid, "in total",
			   grid_printf(grid, "%s %% of %s", party->effective_percent, file->session.subject.name));
	facts_line(grid, "beneficial owner",
		   party->lacks_ubo_role	? "yes by share; not declared as one"
		   : party->is_beneficial_owner ? "yes"
		   : party->may_be_owner	? "perhaps; not declared as one"
						: "no");
	for (size_t i = 0; i < file->party_count; i++)
		for (size_t s = 0; s < file->parties[i].share_count; s++)
			if (!strcmp(file->parties[i].shares[s].owned_party_id, party->id))
				facts_add_link(grid, ROW_PARTY, file->parties[i].id, "owned by",
					       grid_printf(grid, "%s, %s %%", file->parties[i].name,
							   file->parties[i].shares[s].percent));
}

/* Compares the party with the subject of its KYC session, since either may have been edited. The unmasked values
 * are compared; masked values are shown. */
static void add_kyc_comparison(struct grid *grid, const struct case_view *view, const struct party *party)
{
	const struct {
		const char *label, *here, *there;
	} pairs[PERSON_FACT_COUNT] = {
		[PERSON_NAME] = { "name", party->name, party->session_name },
		[PERSON_COUNTRY] = { "country", party->country, party->session_country },
		[PERSON_BORN] = { "date of birth", party->date_of_birth, party->session_birth_date },
		[PERSON_REGISTRATION] = { "registration number", party->registration_number,
					  party->session_registration_number },
		[PERSON_TAX] = { "tax id", party->tax_id, party->session_tax_id },
	};
	unsigned differs = view->kyc_differences ? view->kyc_differences[party - view->file.parties] : 0;
	facts_add_pair_titles(grid, "the party", "its KYC session");
	for (unsigned i = 0; i < PERSON_FACT_COUNT; i++) {
		bool changed = differs & 1u << i;
		const struct facts_pair pair = { .label = pairs[i].label,
						 .before = pairs[i].here,
						 .after = pairs[i].there,
						 .changed = changed,
						 .note = changed && !strcmp(pairs[i].here, pairs[i].there)
								 ? "the masked parts differ"
								 : "" };
		if (pairs[i].here[0] || pairs[i].there[0])
			facts_add_pair(grid, &pair);
	}
}

static void add_judgement_lines(struct grid *grid, const struct case_view *view, const struct party *party)
{
	const struct judgements *judgements = &view->judgements;
	for (size_t i = 0; i < judgements->count; i++) {
		const struct judgement *judgement = &judgements->items[i];
		bool concerns_party =
			judgement->kind == JUDGEMENT_PARTY_KYC || judgement->kind == JUDGEMENT_PARTY_ELSEWHERE;
		if (concerns_party && !strcmp(judgement->ref, party->id))
			facts_add_judgement(grid, judgement);
	}
}

static void add_kyc_lines(struct grid *grid, const struct case_view *view, const struct party *party)
{
	size_t index = (size_t)(party - view->file.parties);
	bool verified = view->is_party_verified && view->is_party_verified[index];
	bool needed = view->profile && party_must_be_verified(party, view->profile);
	facts_add_heading(grid, "Verification");
	facts_line(grid, "verified", verified ? "yes" : needed ? "no, but required" : "no, not required");
	if (party->session_id[0])
		facts_add_link(grid, ROW_PARTY, party->id, "KYC session",
			       grid_printf(grid, "%s, %s%s%s", session_status_title(party->session_status),
					   party->session_workflow,
					   party->is_session_shared ? ", made for another case" : "",
					   party->session_unresponsive ? ", reminders unanswered" : ""));
	else
		facts_line(grid, "KYC session",
			   needed && profile_party_verification(view->profile, party->kind) == VERIFY_SESSION
				   ? grid_printf(grid, "none: %s creates one",
						 keymap_key_or_name(grid->arena, COMMAND_PARTY_KYC))
				   : "none");
	if (party->session_id[0])
		add_kyc_comparison(grid, view, party);
	if (party->verified_elsewhere_by[0])
		facts_line(grid, "verified elsewhere",
			   grid_printf(grid, "according to %s: %s", party->verified_elsewhere_by,
				       party->verified_elsewhere_reason));
	add_judgement_lines(grid, view, party);
}

static void add_viewer_lines(struct grid *grid, const struct case_view *view, const struct party *party)
{
	const struct document *document =
		view->profile ? party_identity_document(&view->file, view->profile, party) : NULL;
	if (!document)
		return;
	const char *fault = party_identity_document_fault(&view->file, view->profile, party);
	facts_add_heading(grid, "Documents");
	facts_add_link(grid, ROW_DOCUMENT, document->id, "identified by",
		       grid_printf(grid, "%s, %s: %s", profile_document_title(view->profile, document->type),
				   document->file_name, document_state_text(document)));
	facts_line(grid, "needed", fault);
}

static bool is_about_party(const struct value *value, const struct party *party)
{
	return !strcmp(value_text(value_member(value, "party")), party->id);
}

/* Adds each check that has the party's id in its subject, with all hits of the check. From other checks, adds only
 * the hits that name the party by its id; the card of a hit shows the hit's subject. */
static void add_check_lines(struct grid *grid, const struct case_view *view, const struct party *party)
{
	const struct case_file *file = &view->file;
	bool headed = false;
	for (size_t i = 0; i < file->check_count; i++) {
		const struct check *check = &file->checks[i];
		bool whole = is_about_party(check->checked_subject, party);
		for (size_t h = 0; h <= check->hit_count; h++) {
			const struct hit *hit = h ? &check->hits[h - 1] : NULL;
			if (!whole && (!hit || !is_about_party(hit->detail, party)))
				continue;
			facts_add_heading_once(grid, &headed, "Checks");
			if (hit)
				facts_add_link(grid, ROW_HIT, hit->id, hit_state_text(hit->state),
					       grid_printf(grid, "%s on %s", hit->name, hit->list));
			else
				facts_add_link(grid, ROW_CHECK, check_kind_text(check->kind),
					       check_kind_text(check->kind), check_status_text(check->status));
		}
	}
}

/* Adds the blockers of the case's approval that are about the party. */
static void add_blocker_lines(struct grid *grid, const struct case_view *view, const struct party *party)
{
	const struct blockers *blockers = &view->blockers;
	const char *path = grid_printf(grid, "parties[%zu].", (size_t)(party - view->file.parties));
	bool headed = false;
	for (size_t i = 0; i < blockers->count; i++) {
		const char *ref = blockers->items[i].ref;
		if (strcmp(ref, party->id) != 0 && strncmp(ref, path, strlen(path)) != 0)
			continue;
		facts_add_heading_once(grid, &headed, "Blockers of approval");
		facts_line(grid, grid_glyph(grid, GLYPH_UNMET), blockers->items[i].message);
	}
}

static bool fill(struct page *page, struct job *job)
{
	struct grid *grid = &page->grid;
	const struct case_view *view = &job->view;
	const struct party *party = case_party(&view->file, page->ref);
	if (!party)
		return false;
	page_set_title(page, party->name, "party of %s", view->file.session.subject.name);
	add_blocker_lines(grid, view, party);
	add_identity_lines(grid, view, party);
	add_share_lines(grid, view, party);
	add_kyc_lines(grid, view, party);
	add_viewer_lines(grid, view, party);
	add_check_lines(grid, view, party);
	facts_add_history(grid, job, "party", page->ref);
	return true;
}

const struct page_spec party_page = { .fill = fill, .concerns_party = true };
