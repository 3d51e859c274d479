/* A party: identity, ownership, verification, documents, checks, and history. */
#include "kybdesk/tui/page.h"
#include "kybdesk/tui/keymap.h"

#include "kybdesk/codec/json.h"
#include "kybdesk/domain/value.h"

#include <string.h>

struct about {
	struct grid *grid;
	struct arena *arena;
	const struct case_view *view;
	const struct party *party;
	const struct frame *frame;
};

static void line(const struct about *about, const char *label, const char *value)
{
	facts_line(about->grid, about->arena, label, value);
}

/* A row that Enter opens. */
static void link_line(const struct about *about, enum row_kind kind, const char *ref, const char *label,
		      const char *value)
{
	facts_link(about->grid, about->arena, kind, ref, label, value);
}

static const char *field_title(const struct about *about, const char *key)
{
	const struct party_rules *rules = &about->view->profile->parties;
	for (size_t i = 0; i < rules->field_count; i++)
		if (!strcmp(rules->fields[i].id, key) && rules->fields[i].title[0])
			return rules->fields[i].title;
	return key;
}

/* The workflow's fields of each party by title; unknown fields by name. */
static void field_lines(const struct about *about)
{
	struct json_value *fields = NULL;
	const char *json = about->party->fields_json;
	if (!json_read(json, strlen(json), &fields, NULL) && json_count(fields)) {
		struct json_value *titled = json_new_object();
		for (const char *key = json_first_key(fields); key; key = json_next_key(fields, key)) {
			json_set(titled, about->view->profile ? field_title(about, key) : key,
				 json_clone(json_get(fields, key)));
		}
		facts_heading(about->grid, about->arena, "Workflow fields");
		facts_json(about->grid, about->arena, json_finish(about->arena, titled));
	}
	json_free(fields);
}

static void identity_lines(const struct about *about)
{
	const struct party *party = about->party;
	facts_heading(about->grid, about->arena, "Identity");
	line(about, "name", party->name);
	line(about, "kind", party_kind_text(party->kind));
	line(about, "roles", party_roles_text(about->arena, party));
	line(about, "country", party->country);
	line(about, "date of birth", party->date_of_birth);
	line(about, "tax id", party->tax_id);
	line(about, "registration number", party->registration_number);
	line(about, "email", party->email);
	line(about, "phone", party->phone);
	facts_json(about->grid, about->arena, party->addresses_json);
	if (about->view->masked)
		line(about, "", reveal_hint(about->arena));
	field_lines(about);
}

static const char *owned_name(const struct about *about, const struct party_share *share)
{
	const struct party *owned = case_party(&about->view->file, share->of_party_id);
	if (!share->of_party_id[0])
		return about->view->file.session.subject.name;
	return owned ? owned->name : "a removed party";
}

static void share_lines(const struct about *about)
{
	const struct party *party = about->party;
	const struct case_file *file = &about->view->file;
	facts_heading(about->grid, about->arena, "Ownership");
	for (size_t i = 0; i < party->share_count; i++)
		line(about, "owns",
		     arena_printf(about->arena, "%s %% of %s", party->shares[i].percent,
				  owned_name(about, &party->shares[i])));
	if (!party->share_count)
		line(about, "owns", "no declared share");
	if (party->effective_percent[0])
		line(about, "in total",
		     arena_printf(about->arena, "%s %% of %s", party->effective_percent,
				  file->session.subject.name));
	line(about, "beneficial owner",
	     party->undeclared_owner   ? "yes by share, but not declared"
	     : party->beneficial_owner ? "yes"
				       : "no");
	for (size_t i = 0; i < file->party_count; i++)
		for (size_t s = 0; s < file->parties[i].share_count; s++)
			if (!strcmp(file->parties[i].shares[s].of_party_id, party->id))
				link_line(about, ROW_PARTY, file->parties[i].id, "owned by",
					  arena_printf(about->arena, "%s, %s %%", file->parties[i].name,
						       file->parties[i].shares[s].percent));
}

/* Compares the party with the subject of its KYC session: either may have changed. The unmasked values are
 * compared; masked values are shown. */
static void add_kyc_comparison(const struct about *about)
{
	const struct party *party = about->party;
	const struct {
		const char *label, *here, *there;
	} pairs[PERSON_FACT_COUNT] = {
		[PERSON_NAME] = { "name", party->name, party->session_name },
		[PERSON_COUNTRY] = { "country", party->country, party->session_country },
		[PERSON_BORN] = { "date of birth", party->date_of_birth, party->session_born },
		[PERSON_REGISTRATION] = { "registration number", party->registration_number,
					  party->session_registration },
		[PERSON_TAX] = { "tax id", party->tax_id, party->session_tax },
	};
	unsigned differs =
		about->view->kyc_differs ? about->view->kyc_differs[party - about->view->file.parties] : 0;
	facts_pair_titles(about->grid, about->arena, "the party", "its KYC session");
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
			facts_pair(about->grid, about->arena, &pair, about->frame->mode);
	}
}

static void judgement_lines(const struct about *about)
{
	const struct judgements *judgements = &about->view->judgements;
	for (size_t i = 0; i < judgements->count; i++) {
		const struct judgement *judgement = &judgements->items[i];
		bool of_party =
			judgement->kind == JUDGEMENT_PARTY_KYC || judgement->kind == JUDGEMENT_PARTY_ELSEWHERE;
		if (of_party && !strcmp(judgement->ref, about->party->id))
			facts_judgement(about->grid, about->arena, judgement, about->frame);
	}
}

static void kyc_lines(const struct about *about)
{
	const struct party *party = about->party;
	const struct case_view *view = about->view;
	size_t index = (size_t)(party - view->file.parties);
	bool verified = view->verified && view->verified[index];
	bool needed = view->profile && party_must_be_verified(party, view->profile);
	facts_heading(about->grid, about->arena, "Verification");
	line(about, "verified", verified ? "yes" : needed ? "no, but required" : "no, not required");
	if (party->session_id[0])
		link_line(about, ROW_PARTY, party->id, "KYC session",
			  arena_printf(about->arena, "%s, %s%s%s", session_status_title(party->session_status),
				       party->session_workflow,
				       party->session_shared ? ", made for another case" : "",
				       party->session_unresponsive ? ", reminders unanswered" : ""));
	else
		line(about, "KYC session",
		     needed && profile_party_verification(view->profile, party->kind) == VERIFY_SESSION
			     ? arena_printf(about->arena, "none: %s creates one",
					    keymap_text(about->arena, COMMAND_PARTY_KYC))
			     : "none");
	if (party->session_id[0])
		add_kyc_comparison(about);
	if (party->verified_elsewhere_by[0])
		line(about, "verified elsewhere",
		     arena_printf(about->arena, "according to %s: %s", party->verified_elsewhere_by,
				  party->verified_elsewhere_reason));
	judgement_lines(about);
}

static void viewer_lines(const struct about *about)
{
	const struct case_view *view = about->view;
	const struct document *document =
		view->profile ? party_identification(&view->file, view->profile, about->party) : NULL;
	if (!document)
		return;
	const char *fault = party_identification_fault(&view->file, view->profile, about->party);
	facts_heading(about->grid, about->arena, "Documents");
	link_line(about, ROW_DOCUMENT, document->id, "identified by",
		  arena_printf(about->arena, "%s, %s: %s", document->type, document->file_name,
			       document_state_text(document)));
	line(about, "needed", fault);
}

static bool is_about(const struct value *value, const struct party *party)
{
	return !strcmp(value_text(value_member(value, "party")), party->id);
}

/* Checks that refer to the party by id; the cards of other hits show their subjects. */
static void check_lines(const struct about *about)
{
	const struct case_file *file = &about->view->file;
	bool headed = false;
	for (size_t i = 0; i < file->check_count; i++) {
		const struct check *check = &file->checks[i];
		bool whole = is_about(check->about, about->party);
		for (size_t h = 0; h <= check->hit_count; h++) {
			const struct hit *hit = h ? &check->hits[h - 1] : NULL;
			if (!whole && (!hit || !is_about(hit->detail, about->party)))
				continue;
			facts_first_heading(about->grid, about->arena, &headed, "Checks");
			if (hit)
				link_line(about, ROW_HIT, hit->id, hit_state_text(hit->state),
					  arena_printf(about->arena, "%s on %s", hit->name, hit->list));
			else
				link_line(about, ROW_CHECK, check_kind_text(check->kind),
					  check_kind_text(check->kind), check_status_text(check->status));
		}
	}
}

/* Adds the blockers of approval that are about the party. */
static void blocker_lines(const struct about *about)
{
	const struct blockers *blockers = &about->view->blockers;
	const char *path =
		arena_printf(about->arena, "parties[%zu].", (size_t)(about->party - about->view->file.parties));
	bool headed = false;
	for (size_t i = 0; i < blockers->count; i++) {
		const char *ref = blockers->items[i].ref;
		if (strcmp(ref, about->party->id) != 0 && strncmp(ref, path, strlen(path)) != 0)
			continue;
		facts_first_heading(about->grid, about->arena, &headed, "Blockers of approval");
		line(about, glyph_text(about->frame->mode, GLYPH_UNMET), blockers->items[i].message);
	}
}

static bool fill(struct page *page, struct job *job, const struct frame *frame)
{
	const struct about about = { .grid = &page->grid,
				     .arena = &job->arena,
				     .view = &job->view,
				     .party = case_party(&job->view.file, page->ref),
				     .frame = frame };
	if (!about.party)
		return false;
	page->title = arena_printf(&job->arena, "%s %s party of %s", about.party->name,
				   glyph_text(frame->mode, GLYPH_DOT), job->view.file.session.subject.name);
	blocker_lines(&about);
	identity_lines(&about);
	share_lines(&about);
	kyc_lines(&about);
	viewer_lines(&about);
	check_lines(&about);
	facts_history(&page->grid, job, frame, "party", page->ref);
	return true;
}

const struct page_spec party_page = { .fill = fill, .of_party = true };
