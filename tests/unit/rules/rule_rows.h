/*
 * The rule table: every rule sentence of the five seed documents is one row,
 * with values at the edge on both sides. Values stand for texts, except:
 *   "-"       nothing at all
 *   "=JSON"   any other JSON value
 *   "ab*128"  "ab", 128 times
 * For probes other than `field`, what a value means stands beside the probe.
 */
#ifndef KYBDESK_TESTS_RULE_ROWS_H
#define KYBDESK_TESTS_RULE_ROWS_H

#include "kybdesk/domain/rules.h"

struct bench;
struct finding {
	const char *path, *rule, *message, *sentence, *seed; /* "" where a probe knows none */
};
struct rule_row;
/* Whether the value is accepted; else fills the finding. */
typedef bool rule_probe(struct bench *bench, const struct rule_row *row, const char *value,
			struct finding *finding);

struct rule_row {
	const char *seed, *id; /* id: the line of the seed's text, and the field */
	const char *sentence;  /* the seed's own words, "" when a table says only "Yes" */
	rule_probe *probe;
	const char *profile;
	const char *path, *rule;
	const char *with; /* "path=value;path=value": what else is different; NULL nothing */
	const char *accepted[12], *refused[12];
	const char *message; /* what is said about the first refused value */
};

/* A value at `path` of a case that is sound otherwise. */
rule_probe probe_field;
/* A side of a document of type `path`: "front", "back". */
rule_probe probe_side;
/* A file format of a document of type `path`: "pdf". */
rule_probe probe_format;
/* The bytes of a file of type `path`. */
rule_probe probe_size;
/* The state of the one document of type `path`: "ready", "required", …, "none" when it is not there. */
rule_probe probe_mandatory;
/* A type, with its category: "COMPANY_INFO/OTHER". */
rule_probe probe_type;
/* How many owners there are. */
rule_probe probe_owners;
/* The control role of the only owner, "-" none. */
rule_probe probe_control;
/* "ACTION FROM ROLE TO" of the transition table, under the row's profile. */
rule_probe probe_transition;
/* A word of statuses, steps and decisions; of event names; an endpoint's URL; a status of the inbox `path`. */
rule_probe probe_status, probe_step_status, probe_final_decision, probe_event, probe_endpoint, probe_inbox;
/* Events that the profile sends: "approved=kyc.verification.success". */
rule_probe probe_profile_event;
/* The country of the only address: whether its owner is foreign. */
rule_probe probe_foreign;
/* "business" or "individual": whether an approval raises the level from LIGHT to REGULAR. */
rule_probe probe_level;
/* Ids, spaces between, of the owners that a submission of two names. */
rule_probe probe_owner_ids;
/* "given=stored": how the field `path` of the company step is stored. */
rule_probe probe_stored;
/* A document type: whether it may have two sides. */
rule_probe probe_two_sided_type;
/* The country of the only address, the field at `path` left out. */
rule_probe probe_foreign_without;
/* A word of party roles; of checks. */
rule_probe probe_party_role, probe_check;
/* A type: whether a case without it misses none. */
rule_probe probe_optional;
/* A profile: whether submitting needs the mandatory documents and freezes them; whether accounts may be opened. */
rule_probe probe_frozen, probe_accounts;
/* A subject, under the row's profile or "PROFILE/SUBJECT". */
rule_probe probe_subject;
/* As probe_transition, in a sandbox store. */
rule_probe probe_sandbox_transition;
/* The status of a related party's KYC session: whether the case can be approved. */
rule_probe probe_party_session;

#define RULE_TABLE(name)                                                                                           \
	extern const struct rule_row name##_rows[];                                                                \
	extern const size_t name##_row_count
RULE_TABLE(avenia_owner);
RULE_TABLE(avenia_company);
RULE_TABLE(atelio);
RULE_TABLE(session);
RULE_TABLE(ralio);

#endif
