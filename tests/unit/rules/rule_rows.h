/*
 * The rule table: each promise of the five seed documents is a row, with accepted and refused values. A row is
 *
 *   line and rule          the place in the seed
 *   the seed's own words   "" when a table says only "Yes"
 *   probe                  the front end that the row goes through (below), and the kind of its values
 *   accepted, refused      values
 *   path, rule             the change, and the expected rule; NULL if the probe needs none
 *   with                   "path=value;path=value": other changes; NULL nothing
 *   message                the error of the first refused value, or the result seen instead; R* is the case's name
 *
 * A table holds rows of one seed, which change a base case (tests/unit/rules/cases/NAME.json) without blockers.
 *
 * Each value is a separate case in a real store. The base case with `with` must never be refused for
 * the row's reason: the program that runs the table checks that, too. Values are texts, except:
 *
 *   "-"       nothing at all
 *   "=JSON"   any other JSON value, with ' for "
 *   "ab*128"  "ab", 128 times
 */
#ifndef KYBDESK_TESTS_RULE_ROWS_H
#define KYBDESK_TESTS_RULE_ROWS_H

#include "kybdesk/domain/rules.h"

struct entrance;
struct rule_row;

/* The front end of a row. The program that runs the table checks that the row uses it. */
enum rule_entrance { ENTRANCE_IMPORT, ENTRANCE_VERB, ENTRANCE_UPLOAD, ENTRANCE_BODY };
#define RULE_ENTRANCE_COUNT 4

/* The result of a probe; a member is "" if the front end does not report it. */
struct seen {
	const char *path, *rule, *message, *sentence, *seed;
};
struct rule_probe {
	enum rule_entrance entrance;
	/* Whether the value is accepted; if not, fills `seen`. */
	bool (*run)(struct entrance *entrance, const struct rule_row *row, const char *value, struct seen *seen);
	/* Whether the case without the change is free of the row's error. NULL: not tested, since the accepted
	 * values show that a case without the refused value is accepted. */
	bool (*is_free)(struct entrance *entrance, const struct rule_row *row);
};

struct rule_row {
	const char *id, *sentence;
	const struct rule_probe *probe;
	const char *accepted[24], *refused[12];
	const char *path, *rule;
	const char *with;
	const char *message;
	const char *seed, *base; /* of the table of the row; set by the program that runs the row */
};

#define ACCEPTED(...) .accepted = { __VA_ARGS__ }
#define REFUSED(...) .refused = { __VA_ARGS__ }
/* A row of the probe `through`. Its values follow as named members, and path, rule and `with` if needed. */
#define RULE(through, id_, sentence_, message_, ...)                                                                   \
	{                                                                                                              \
		.probe = &probe_##through, .id = id_, .sentence = sentence_, .message = message_, __VA_ARGS__          \
	}
/* A row of the probe `field`: one rule of one field. */
#define RULE_FIELD(id_, sentence_, path_, rule_, message_, ...)                                                        \
	RULE(field, id_, sentence_, message_, __VA_ARGS__, .path = path_, .rule = rule_)
/* A required field. */
#define RULE_REQUIRED(id_, path_, sentence_, title, ...)                                                               \
	RULE_FIELD(id_ " required", sentence_, path_, "required", title " is missing; it is required",                 \
		   ACCEPTED(__VA_ARGS__), REFUSED("-", "", "=null"))
#define RULE_AT_MOST_256(id_, path_, sentence_, title)                                                                 \
	RULE_FIELD(id_ " length", sentence_, path_, "length",                                                          \
		   title " has 257 characters; allowed: at most 256 characters", ACCEPTED("a*256", "é*256"),           \
		   REFUSED("a*257", "é*257"))
/* A type of document that an approval requires. */
#define RULE_MANDATORY(line, type, sentence_, title)                                                                   \
	RULE(mandatory, line " " type " mandatory", sentence_,                                                         \
	     title " is missing: no file has been uploaded; ask the client for it", ACCEPTED("ready"),                 \
	     REFUSED("none", "required", "waiting", "processing", "rejected"), .path = type)

/* --- import: a line of an import, then the case as the desk shows it --- */

/* The field at `path`. If its value breaks the row's rule, the case has the blocker field_invalid with this path, and
 * cannot be approved; if the row's rule is "line", the import refuses the line and names this path. */
extern const struct rule_probe probe_field;
/* The country of the only address; the field at `path` is removed. */
extern const struct rule_probe probe_foreign_without;
/* "given=stored": how the field `path` of the company step is stored. */
extern const struct rule_probe probe_stored;
/* A side of the document of type `path`: "front", "back". */
extern const struct rule_probe probe_side;
/* The upload state of the one document of type `path`: "ready", "required", …, "none" if it is absent. */
extern const struct rule_probe probe_mandatory;
/* A type of document that the case does not have; accepted if no document is missing. */
extern const struct rule_probe probe_optional;
/* "CATEGORY/TYPE" of an additional document. */
extern const struct rule_probe probe_type;
/* owners: the number of owners, each with a separate identification; owner_ids: "NAMED of OWNERS". */
extern const struct rule_probe probe_owners, probe_owner_ids;
/* The control role of the first owner; "-" for none. */
extern const struct rule_probe probe_control;
/* The status of the related party's KYC session, "none" for no session: whether the case can be approved. */
extern const struct rule_probe probe_party_session;
/* A word at `path` of an import line: accepted if the desk shows the same word. */
extern const struct rule_probe probe_word;
/* A status: whether the case is in the inbox `path`. */
extern const struct rule_probe probe_inbox;
/* "WORKFLOW/KIND OF SUBJECT" */
extern const struct rule_probe probe_subject;
/* "COUNT=VALUE" of the summary over cases in review, approved and rejected, with risks 20 and 40 and one without. */
extern const struct rule_probe probe_summary;

/* As probe_verbs; an action imports the line again. */
extern const struct rule_probe probe_lines;

/* --- verbs --- */

/* "STATUS | ACTOR VERB …; ACTOR VERB … | ITEM=VALUE" (rule_script.h): the initial status of a case, the actions (all
 * but the last must succeed), and the expected result. Without a result, the success of the last action counts. */
extern const struct rule_probe probe_verbs;
/* An endpoint's address; an event it subscribes to. */
extern const struct rule_probe probe_endpoint, probe_event;

/* --- uploads: real bytes --- */

/* "FORMAT", or "FORMAT named EXTENSION", as a document of type `path`. */
extern const struct rule_probe probe_format;
/* The size of an uploaded PDF in bytes. */
extern const struct rule_probe probe_size;
/* The type of a document to which a back side is uploaded. */
extern const struct rule_probe probe_two_sided;
/* As probe_verbs; the actions include uploads. */
extern const struct rule_probe probe_uploads;

/* --- bodies: the webhooks in the outbox, for the merchant's endpoint --- */

/* As probe_verbs; the expected result is a member of a body: "data.attempt.result=APPROVED". */
extern const struct rule_probe probe_body;

struct rule_table {
	const char *seed, *base;
	const struct rule_row *rows;
	size_t count;
};
/* The table NAME_table of NAME_rows. */
#define RULE_TABLE(name, seed, base)                                                                                   \
	const struct rule_table name##_table = { seed, base, name##_rows, sizeof name##_rows / sizeof *name##_rows }
extern const struct rule_table avenia_owner_table, avenia_company_table, avenia_flow_table, atelio_table,
	atelio_flow_table, session_table, session_flow_table, ralio_kyb_table, ralio_sandbox_table,
	ralio_kyb_flow_table, ralio_sandbox_flow_table;

/* Settings of a profile that have no effect in this version: the test only reads them back. */
struct read_back_row {
	const char *seed, *id, *sentence;
	const char *profile;
	const char *event, *name; /* the event's kind and the name that the profile has for it; "" for accounts */
	const char *why;	  /* why no front end enforces it */
};
extern const struct read_back_row read_back_rows[];
extern const size_t read_back_row_count;

#endif
