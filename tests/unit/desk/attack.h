/*
 * The generator of attacks (attack_test.c). It has one case at a time, an import line of the case that changes member
 * by member, and a model of the reviewed facts. The model is independent of the gate: it reads the tables with SQL,
 * records the facts of each judgement at its time, and checks at an approval whether all of them still hold.
 */
#ifndef KYB_TESTS_DESK_ATTACK_H
#define KYB_TESTS_DESK_ATTACK_H

#include "fixture.h"

#include <sqlite3.h>

#define KEY_LENGTH 128
#define FACTS_LENGTH 1024

/* The members of an import line that may change. */
struct line {
	const char *name, *country, *tax_id, *status;
	const char *file[5], *type[5], *review[5], *expires[5]; /* NULL file: the document is left out */
	const char *party, *born, *party_country, *percent, *control, *kyc;
	const char *passport; /* the file of the party's KYC session */
	bool second;
	const char *check, *score, *state, *hit, *class_;
	const char *decision;
};

extern const struct line attack_plain;

struct seen {
	char key[KEY_LENGTH], facts[FACTS_LENGTH];
};
/* A party with a KYC rejected for a restricted reason. excused: a lead removed the party or its KYC, or added a KYC. */
struct suspect {
	char party[KEY_LENGTH], kyc[KEY_LENGTH];
	bool excused;
};
struct model {
	struct seen items[256];
	size_t count;
	struct suspect suspects[16];
	size_t suspect_count;
	char matches[32][KEY_LENGTH]; /* confirmed hits */
	size_t match_count;
	bool answered; /* the last correction has an answer in words */
	/* Whether the production actor changed data of the case, and whether it gave a material verdict on the case. */
	bool real_contributed, real_judged;
};

struct attack {
	struct fixture f;
	struct desk *real; /* a lead with production rules; the others play all roles, as in a sandbox */
	const char *real_name;
	sqlite3 *db;
	uint64_t seed, state;
	char ref[32], merchant[32], uid[32];
	struct strbuf story;
	struct model model;
	struct line line;
};
extern struct attack stranger;

unsigned roll(unsigned sides);
/* Appends the number of this sequence, so that no case of another sequence is a duplicate. In the fixture's arena. */
const char *of_sequence(const char *text);
void tell(const char *what, enum err err);

/* attack_model.c. The rows of a statement about the case; a key is a kind and an id, such as "document ID". */
struct rows {
	char key[64][KEY_LENGTH], facts[64][FACTS_LENGTH], more[64][KEY_LENGTH];
	size_t count;
};
extern const char documents_sql[], passports_sql[], parties_sql[], sessions_sql[], hits_sql[], checks_sql[],
	corrections_sql[];
void case_rows(struct rows *rows, const char *sql);
int64_t case_number(const char *sql); /* the first column of the first row; 0 none */
void seen_note(const char *key, const char *facts);
/* Records the present facts of the row with this key as reviewed. */
void seen_row(const char *sql, const char *key);
/* asked_note: records the data that a correction of step company_info requests. asked_changed: whether it changed. */
void asked_note(void);
bool asked_changed(void);
void suspect_note(const char *party, const char *kyc);
void suspect_excuse(const char *party);
void match_note(const char *hit);
/* The first reason against an approval by `by`; "" none. *codes: a refusal must have one of these codes. */
const char *forbidden(const struct desk *by, const char **codes);

/* attack_line.c: imports stranger.line. */
enum line_taken { LINE_REFUSED, LINE_SAME, LINE_TAKEN };
enum line_taken import_line(struct desk *desk);

#endif
