/*
 * Command and action: every command of staff on a case has an action on
 * the screen, or a reason here why not. --verbose prints the table.
 */
#include "cli_commands.h"
#include "tui_support.h"

#include "kybdesk/desk/verbs.h"
#include "kybdesk/tui/keymap.h"

/* Verbs without action, with the reason; and verbs of an action that has another verb in its row, or several. */
static const struct entrance {
	enum verb verb;
	const char *action; /* of the key table */
	const char *why;    /* if no action */
} entrances[] = {
	{ VERB_NEXT, "next", "" },
	{ VERB_RELEASE, "claim", "" },
	{ VERB_WAKE, "snooze", "" },
	{ VERB_DOCUMENT_OPEN, "open", "" },
	{ VERB_DOCUMENT_RECORD, "",
	  "says that a file will come by the merchant's upload link; a reviewer who has the file adds it" },
	{ VERB_STEP_EDIT, "more", "" },
	{ VERB_HIT_RESOLVE, "open", "" },
	{ VERB_HIT_ACCEPT, "open", "" },
	{ VERB_CHECK_WAIVE, "open", "" },
	{ VERB_CORRECTION_ACCEPT, "accept-item", "" },
	{ VERB_REVIEW_UNDO, "undo", "" },
	{ VERB_DUPLICATE_DISMISS, "open", "" },
	{ VERB_DUPLICATE_LINK, "open", "" },
	{ VERB_SUSPICION_NOTE, "", "few people write there, and not often" },
	{ VERB_SUSPICION_ACCESS, "", "seldom, and with care" },
	{ VERB_EVIDENCE_EXPORT, "", "an archive is a file for an auditor, in front of no screen" },
	{ VERB_LEGAL_HOLD_SET, "", "seldom, and often for many cases at once; the summary shows it" },
	{ VERB_LEGAL_HOLD_RELEASE, "", "likewise" },
	{ VERB_PARTY_OWN, "edit-party", "" },
	{ VERB_PARTY_COPY, "add-party", "" },
	{ VERB_PARTY_UNVERIFY, "verify-elsewhere", "" },
	{ VERB_PARTY_GAP, "open", "" },
};
#define ENTRANCE_COUNT (sizeof entrances / sizeof entrances[0])

static bool is_action(const char *name)
{
	for (int command = 0; command < COMMAND_COUNT; command++)
		if (!strcmp(command_spec((enum command)command)->name, name))
			return true;
	return false;
}

/* Verbs on a case: not on separate subjects, nor administration. */
static bool about_a_case(enum verb verb)
{
	return use_cases[verb].capacities & BY_STAFF && verb < VERB_REVIEWER_ADD &&
	       !(verb >= VERB_SUBJECT_ADD && verb <= VERB_SUBJECT_REVEAL);
}

static const struct entrance *row_of(enum verb verb)
{
	for (size_t i = 0; i < ENTRANCE_COUNT; i++)
		if (entrances[i].verb == verb)
			return &entrances[i];
	return NULL;
}

/* The first action which has that verb in the table of actions; NULL: none. */
static const char *action_of(enum verb verb)
{
	for (int c = 0; c < COMMAND_COUNT; c++)
		if (command_spec((enum command)c)->verb == verb)
			return command_spec((enum command)c)->name;
	return NULL;
}

/* The row of a verb on a case, or one made of its action; NULL: neither. */
static const struct entrance *entrance_of(enum verb verb)
{
	static struct entrance own;
	const char *action = about_a_case(verb) ? action_of(verb) : NULL;
	own = (struct entrance){ verb, action, "" };
	return row_of(verb) ? row_of(verb) : action ? &own : NULL;
}

Test(entrances, every_verb_of_staff_has_an_action_or_a_reason)
{
	for (int v = 0; v < VERB_COUNT; v++) {
		enum verb verb = (enum verb)v;
		const struct entrance *entrance = entrance_of(verb);
		if (!about_a_case(verb)) {
			cr_expect_null(row_of(verb), "%s is not a verb of staff on a case", use_cases[verb].word);
			continue;
		}
		cr_expect(!row_of(verb) || !action_of(verb), "%s has the action %s, so its row goes",
			  use_cases[verb].word, action_of(verb));
		cr_assert_not_null(entrance, "%s has no action, and no row says why", use_cases[verb].word);
		cr_expect_neq(entrance->action[0] != 0, entrance->why[0] != 0, "%s: an action, or why not",
			      use_cases[verb].word);
		cr_expect(!entrance->action[0] || is_action(entrance->action), "%s: there is no action %s",
			  use_cases[verb].word, entrance->action);
		/* An action with a verb has this one, or a related one: a claim is released, or taken over. */
		for (int c = 0; c < COMMAND_COUNT; c++) {
			const struct command_spec *spec = command_spec((enum command)c);
			if (spec->offers[0] && !strcmp(spec->name, entrance->action))
				cr_expect_eq(spec->verb, verb, "%s does not lead to %s", spec->name,
					     use_cases[verb].word);
		}
		cr_log_info("%-28s %-18s %s", use_cases[verb].word, entrance->action, entrance->why);
	}
}

/* --- the commands --- */

#define OWNERS "its client or merchant does it; by a command in their place"
#define REPORTED "a provider reports it; by a command in its place"
#define ADMIN "about the house, not about a case"
#define INTEGRATOR "about merchants and their integration, not about a case"
#define PROGRAM "about the program"

/* Commands that change no case as staff: what of the screen shows the same, or why nothing does. */
static const struct other {
	const char *command, *action, *why;
} others[] = {
	{ "init", "", PROGRAM },
	{ "demo", "", PROGRAM },
	{ "store show", "", ADMIN },
	{ "store set", "", ADMIN },
	{ "inbox", "choose", "" },
	{ "list", "filter", "" },
	{ "session open", "", OWNERS },
	{ "session start", "", OWNERS },
	{ "step save", "", OWNERS },
	{ "session complete", "", OWNERS },
	{ "session submit", "", OWNERS },
	{ "correction answer", "", OWNERS },
	{ "correction hand-in", "", OWNERS },
	{ "session resubmit", "", OWNERS },
	{ "session extend", "new-link", "" },
	{ "session hide", "", "about what a merchant sees of its own list" },
	{ "document list", "choose", "" },
	{ "document delete", "", OWNERS ": a reviewer rejects a paper, and it stays on record" },
	{ "party list", "choose", "" },
	{ "party tree", "choose", "" },
	{ "subsession list", "choose", "" },
	{ "check list", "choose", "" },
	{ "subject add", "", INTEGRATOR },
	{ "subject edit", "", INTEGRATOR },
	{ "subject delete", "", INTEGRATOR },
	{ "subject export", "", INTEGRATOR },
	{ "subject show", "", INTEGRATOR },
	{ "subject list", "", INTEGRATOR },
	{ "alert list", "filter", "" },
	{ "suspicion list", "", "a list apart, which shows up in no other" },
	{ "suspicion show", "choose", "" },
	{ "sandbox account", "sandbox", "" },
	{ "sandbox ledger", "sandbox", "" },
	{ "hold list", "", "a list apart; the summary of a case shows its own" },
	{ "check report", "", REPORTED },
	{ "results", "", REPORTED },
	{ "endpoint add", "", INTEGRATOR },
	{ "endpoint list", "webhooks", "" },
	{ "endpoint disable", "", INTEGRATOR },
	{ "endpoint remove", "", INTEGRATOR },
	{ "endpoint edit", "", INTEGRATOR },
	{ "endpoint rotate", "", INTEGRATOR },
	{ "endpoint enable", "", INTEGRATOR },
	{ "endpoint test", "", INTEGRATOR },
	{ "webhook list", "webhooks", "" },
	{ "webhook deliver", "", "a sandbox's workbench delivers by itself; else a service does" },
	{ "webhook replay", "replay", "" },
	{ "webhook verify", "", INTEGRATOR },
	{ "webhook listen", "", INTEGRATOR },
	{ "hook run", "", PROGRAM },
	{ "serve", "", PROGRAM },
	{ "stats", "stats", "" },
	{ "team", "team", "" },
	{ "audit list", "audit", "" },
	{ "audit show", "audit", "" },
	{ "audit export", "", ADMIN },
	{ "audit verify", "", ADMIN },
	{ "audit checkpoint", "", ADMIN },
	{ "audit key", "", ADMIN },
	{ "evidence verify", "", PROGRAM },
	{ "reviewer add", "", ADMIN },
	{ "reviewer list", "assign", "" },
	{ "reviewer role", "", ADMIN },
	{ "reviewer disable", "", ADMIN },
	{ "reviewer key", "", ADMIN },
	{ "access add", "", ADMIN },
	{ "access list", "", ADMIN },
	{ "access remove", "", ADMIN },
	{ "access keys", "", PROGRAM },
	{ "session", "", PROGRAM },
	{ "template list", "templates", "" },
	{ "template show", "templates", "" },
	{ "merchant add", "", ADMIN },
	{ "merchant list", "merchants", "" },
	{ "merchant key", "add-key", "" },
	{ "merchant key add", "add-key", "" },
	{ "merchant key list", "merchants", "" },
	{ "merchant key rotate", "rotate-key", "" },
	{ "merchant key revoke", "revoke-key", "" },
	{ "workflow list", "", ADMIN },
	{ "workflow show", "", ADMIN },
	{ "workflow check", "", ADMIN },
	{ "workflow install", "", ADMIN },
	{ "workflow diff", "", ADMIN },
	{ "workflow try", "", ADMIN },
	{ "reasons list", "reject", "" },
	{ "reasons check", "", ADMIN },
	{ "reasons install", "", ADMIN },
	{ "backup", "", ADMIN },
	{ "restore", "", ADMIN },
	{ "copy", "", ADMIN },
	{ "store move", "", ADMIN },
	{ "purge", "", ADMIN },
	{ "store rebuild-search", "", ADMIN },
	{ "upgrade", "", ADMIN },
	{ "grants", "", ADMIN },
	{ "sandbox fund", "fund", "" },
	{ "sandbox order", "sandbox", "" },
	{ "info", "", PROGRAM },
	{ "config show", "", PROGRAM },
	{ "config keys", "", PROGRAM },
	{ "config check", "", PROGRAM },
	{ "doctor", "", PROGRAM },
	{ "completion", "", PROGRAM },
};
#define OTHER_COUNT (sizeof others / sizeof others[0])

static const struct other *other_of(const char *command)
{
	for (size_t i = 0; i < OTHER_COUNT; i++)
		if (!strcmp(others[i].command, command))
			return &others[i];
	return NULL;
}

/* Its effect on a case as staff has a row above, with its action or the reason why not. */
static size_t lines_of_uses(const struct cli_command *command)
{
	size_t lines = 0;
	for (size_t i = 0; i < command->use_count; i++) {
		const struct entrance *entrance = entrance_of(command->uses[i].verb);
		if (!entrance)
			continue;
		cr_log_info("%-20s %-14s %-18s %s", command->name, command->uses[i].with, entrance->action,
			    entrance->why);
		lines++;
	}
	return lines;
}

Test(entrances, every_command_has_an_action_or_a_reason)
{
	struct cli_command command;
	size_t explained = 0;
	for (size_t i = 0; cli_command_at(i, &command); i++) {
		const struct other *other = other_of(command.name);
		size_t lines = lines_of_uses(&command);
		cr_expect(lines || other, "%s: no action, and no reason", command.name);
		cr_expect(!lines || !other, "%s: two rows", command.name);
		if (!other)
			continue;
		explained++;
		cr_expect_neq(other->action[0] != 0, other->why[0] != 0, "%s: an action, or why not", command.name);
		cr_expect(!other->action[0] || is_action(other->action), "%s: there is no action %s", command.name,
			  other->action);
		cr_log_info("%-20s %-14s %-18s %s", command.name, "", other->action, other->why);
	}
	cr_expect_eq(explained, OTHER_COUNT, "a row is about a command that is not there");
}
