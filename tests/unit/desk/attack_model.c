#include "attack.h"

#include <stdio.h>
#include <string.h>

#define OF_CASE "session s ON s.external_ref = ?1"
const char documents_sql[] =
	"SELECT 'document ' || d.uuid, d.sha256 || d.back_sha256 || '|' || d.type || '|' || coalesce(d.expires_on, "
	"'') || '|' || s.subject_name || '|' || s.registration_number || '|' || s.tax_id || '|' || s.country, "
	"d.type FROM document d JOIN " OF_CASE " AND d.session_id = s.id WHERE d.replaced = 0 AND d.sha256 <> ''";
const char passports_sql[] = /* documents of the KYC sessions of the case's parties */
	"SELECT 'document ' || d.uuid, d.sha256, k.uuid FROM document d JOIN session k ON k.id = d.session_id "
	"JOIN " OF_CASE " AND k.parent_id = s.id WHERE d.replaced = 0 AND d.sha256 <> ''";
const char parties_sql[] =
	"SELECT 'party ' || p.uuid, p.name || '|' || p.date_of_birth || '|' || p.country, "
	"coalesce(k.uuid, '') FROM party p JOIN " OF_CASE " AND p.session_id = s.id "
	"LEFT JOIN session k ON k.id = p.subsession_id WHERE p.removed_at IS NULL AND p.kind = 'individual'";
const char sessions_sql[] =
	"SELECT 'kyc ' || k.uuid, k.subject_name || '|' || k.date_of_birth || '|' || k.country, k.status "
	"FROM session k JOIN " OF_CASE " AND k.parent_id = s.id WHERE k.kind = 'kyc'";
const char hits_sql[] =
	"SELECT 'hit ' || h.uuid, h.name || '|' || h.list || '|' || h.class || '|' || coalesce(h.score, ''), "
	"h.state FROM hit h JOIN check_result c ON c.id = h.check_id JOIN " OF_CASE " AND c.session_id = s.id";
const char checks_sql[] = "SELECT 'check ' || c.kind, coalesce(c.score, '') || '|' || c.detail, c.status "
			  "FROM check_result c JOIN " OF_CASE " AND c.session_id = s.id";
const char corrections_sql[] =
	"SELECT 'correction ' || c.uuid, c.message, c.state FROM correction c JOIN " OF_CASE " AND c.session_id = s.id";

static const char asked_sql[] = "SELECT 'step ' || t.name, t.fields, '' FROM step t JOIN " OF_CASE
				" AND t.session_id = s.id WHERE t.name = 'company_info'";

static sqlite3_stmt *prepare(const char *sql)
{
	sqlite3_stmt *statement = NULL;

	cr_assert_eq(sqlite3_prepare_v2(stranger.db, sql, -1, &statement, NULL), SQLITE_OK, "%s: %s", sql,
		     sqlite3_errmsg(stranger.db));
	if (sqlite3_bind_parameter_count(statement))
		sqlite3_bind_text(statement, 1, stranger.ref, -1, SQLITE_STATIC);
	return statement;
}

void case_rows(struct rows *rows, const char *sql)
{
	sqlite3_stmt *statement = prepare(sql);

	rows->count = 0;
	while (sqlite3_step(statement) == SQLITE_ROW) {
		const char *more = (const char *)sqlite3_column_text(statement, 2);

		cr_assert(rows->count < sizeof rows->key / sizeof *rows->key);
		(void)snprintf(rows->key[rows->count], KEY_LENGTH, "%s",
			       (const char *)sqlite3_column_text(statement, 0));
		(void)snprintf(rows->facts[rows->count], FACTS_LENGTH, "%s",
			       (const char *)sqlite3_column_text(statement, 1));
		(void)snprintf(rows->more[rows->count], KEY_LENGTH, "%s", more ? more : "");
		rows->count++;
	}
	sqlite3_finalize(statement);
}

int64_t case_number(const char *sql)
{
	sqlite3_stmt *statement = prepare(sql);
	int64_t value = sqlite3_step(statement) == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : 0;

	sqlite3_finalize(statement);
	return value;
}

void seen_note(const char *key, const char *facts)
{
	struct model *model = &stranger.model;
	struct seen *seen = NULL;

	for (size_t i = 0; i < model->count; i++)
		if (!strcmp(model->items[i].key, key))
			seen = &model->items[i];
	if (!seen) {
		cr_assert(model->count < sizeof model->items / sizeof *model->items);
		seen = &model->items[model->count++];
	}
	(void)snprintf(seen->key, sizeof seen->key, "%s", key);
	(void)snprintf(seen->facts, sizeof seen->facts, "%s", facts);
}

void seen_row(const char *sql, const char *key)
{
	static struct rows rows;

	case_rows(&rows, sql);
	for (size_t i = 0; i < rows.count; i++)
		if (!strcmp(rows.key[i], key))
			seen_note(key, rows.facts[i]);
}

static const char *seen_of(const char *key)
{
	const struct model *model = &stranger.model;

	for (size_t i = 0; i < model->count; i++)
		if (!strcmp(model->items[i].key, key))
			return model->items[i].facts;
	return NULL;
}

void suspect_note(const char *party, const char *kyc)
{
	struct model *model = &stranger.model;
	struct suspect *suspect = &model->suspects[model->suspect_count];

	if (model->suspect_count == sizeof model->suspects / sizeof *model->suspects)
		return;
	model->suspect_count++;
	(void)snprintf(suspect->party, sizeof suspect->party, "%s", party);
	(void)snprintf(suspect->kyc, sizeof suspect->kyc, "%s", kyc);
	suspect->excused = false;
}

void suspect_excuse(const char *party)
{
	for (size_t i = 0; i < stranger.model.suspect_count; i++)
		if (!strcmp(stranger.model.suspects[i].party, party))
			stranger.model.suspects[i].excused = true;
}

void match_note(const char *hit)
{
	struct model *model = &stranger.model;

	if (model->match_count < sizeof model->matches / sizeof *model->matches)
		(void)snprintf(model->matches[model->match_count++], KEY_LENGTH, "%s", hit);
}

/* --- reasons against an approval, by kind --- */

static char why[2048];

static bool documents_forbid(const char **codes)
{
	static struct rows rows;

	case_rows(&rows, documents_sql);
	for (size_t i = 0; i < rows.count; i++) {
		const char *then = seen_of(rows.key[i]);

		*codes = then ? "basis_changed document_not_accepted document_missing document_altered"
			      : "document_not_accepted document_missing";
		if (then && !strcmp(then, rows.facts[i]))
			continue;
		(void)snprintf(why, sizeof why, "%s (%s) was looked at as %s, and is %s", rows.key[i], rows.more[i],
			       then ? then : "nothing", rows.facts[i]);
		return true;
	}
	*codes = "document_missing document_not_accepted";
	for (size_t t = 0; t < 4; t++) {
		bool there = false;

		for (size_t i = 0; i < rows.count; i++)
			there = there || !strcmp(rows.more[i], attack_plain.type[t]);
		if (!there) {
			(void)snprintf(why, sizeof why, "there is no %s", attack_plain.type[t]);
			return true;
		}
	}
	return false;
}

/* Whether each file of the KYC session is as it was at the approval of the session. */
static bool files_stand(const struct rows *passports, const char *kyc)
{
	for (size_t i = 0; i < passports->count; i++) {
		const char *then = seen_of(passports->key[i]);

		if (!strcmp(passports->more[i], kyc) && (!then || strcmp(then, passports->facts[i])))
			return false;
	}
	return true;
}

/* Whether the party's KYC was approved for this identity and these files, or a lead verified the party elsewhere. */
static bool is_verified(const struct rows *parties, size_t at, const struct rows *kyc, const struct rows *passports)
{
	char elsewhere[KEY_LENGTH + 16], key[KEY_LENGTH + 16];
	const char *then;
	bool verified = false, rejected = false;

	(void)snprintf(elsewhere, sizeof elsewhere, "elsewhere %s", parties->key[at]);
	(void)snprintf(key, sizeof key, "kyc %s", parties->more[at]);
	for (size_t k = 0; *parties->more[at] && k < kyc->count; k++) {
		if (strcmp(kyc->key[k], key))
			continue;
		then = seen_of(key);
		rejected = !strcmp(kyc->more[k], "rejected");
		verified = !strcmp(kyc->more[k], "approved") && then && !strcmp(then, kyc->facts[k]) &&
			   !strcmp(kyc->facts[k], parties->facts[at]) && files_stand(passports, parties->more[at]);
	}
	then = seen_of(elsewhere);
	return verified || (then && !strcmp(then, parties->facts[at]) && !rejected);
}

/* Whether the verification of another row of the same person serves this row, too. */
static bool is_verified_as_another(const struct rows *parties, size_t at, const struct rows *kyc,
				   const struct rows *passports)
{
	char key[KEY_LENGTH + 16];

	(void)snprintf(key, sizeof key, "kyc %s", parties->more[at]);
	for (size_t k = 0; *parties->more[at] && k < kyc->count; k++)
		if (!strcmp(kyc->key[k], key) && !strcmp(kyc->more[k], "rejected"))
			return false;
	for (size_t i = 0; i < parties->count; i++)
		if (i != at && !strcmp(parties->facts[i], parties->facts[at]) &&
		    is_verified(parties, i, kyc, passports))
			return true;
	return false;
}

static bool parties_forbid(const char **codes)
{
	static struct rows rows, kyc, passports;

	case_rows(&rows, parties_sql);
	case_rows(&kyc, sessions_sql);
	case_rows(&passports, passports_sql);
	*codes = "party_not_verified basis_changed nothing_examined";
	for (size_t i = 0; i < rows.count; i++) {
		if (is_verified(&rows, i, &kyc, &passports) || is_verified_as_another(&rows, i, &kyc, &passports))
			continue;
		(void)snprintf(why, sizeof why, "%s (%s) is verified by nothing that stands", rows.key[i],
			       rows.facts[i]);
		return true;
	}
	*codes = "party_missing";
	if (!case_number("SELECT count(*) FROM party p JOIN " OF_CASE
			 " AND p.session_id = s.id WHERE p.removed_at IS NULL AND p.control_role <> '' "
			 "AND p.kind = 'individual'")) {
		(void)snprintf(why, sizeof why, "nobody controls it");
		return true;
	}
	return false;
}

/* A party with a KYC rejected for a restricted reason must keep this KYC unless a lead gave a reason (excused). */
static bool suspects_forbid(const char **codes)
{
	static struct rows rows;

	case_rows(&rows, parties_sql);
	*codes = "";
	for (size_t n = 0; n < stranger.model.suspect_count; n++) {
		const struct suspect *suspect = &stranger.model.suspects[n];
		bool same = false;

		for (size_t i = 0; i < rows.count; i++)
			same = same || (!strcmp(rows.key[i] + strlen("party "), suspect->party) &&
					!strcmp(rows.more[i], suspect->kyc));
		if (same || suspect->excused)
			continue;
		(void)snprintf(why, sizeof why, "party %s, whose KYC %s was rejected, went without a lead",
			       suspect->party, suspect->kyc);
		return true;
	}
	return false;
}

static bool hits_forbid(const char **codes)
{
	static struct rows rows;

	case_rows(&rows, hits_sql);
	*codes = "hit_open basis_changed";
	for (size_t i = 0; i < rows.count; i++) {
		const char *then = seen_of(rows.key[i]);

		if (then && !strcmp(then, rows.facts[i]) &&
		    (!strcmp(rows.more[i], "false_positive") || !strcmp(rows.more[i], "accepted")))
			continue;
		(void)snprintf(why, sizeof why, "%s is %s, looked at as %s, and is %s", rows.key[i], rows.more[i],
			       then ? then : "nothing", rows.facts[i]);
		return true;
	}
	*codes = "";
	for (size_t n = 0; n < stranger.model.match_count; n++) {
		bool there = false;

		for (size_t i = 0; i < rows.count; i++)
			there = there || !strcmp(rows.key[i], stranger.model.matches[n]);
		if (there)
			continue;
		(void)snprintf(why, sizeof why, "%s, which was confirmed, is gone", stranger.model.matches[n]);
		return true;
	}
	return false;
}

static bool checks_forbid(const char **codes)
{
	static struct rows rows;

	case_rows(&rows, checks_sql);
	*codes = "check_failed check_stale basis_changed hit_open";
	for (size_t i = 0; i < rows.count; i++) {
		const char *then = seen_of(rows.key[i]);

		if (!strcmp(rows.more[i], "passed") || !strcmp(rows.more[i], "hit") ||
		    (!strcmp(rows.more[i], "waived") && then && !strcmp(then, rows.facts[i])))
			continue;
		(void)snprintf(why, sizeof why, "%s is %s", rows.key[i], rows.more[i]);
		return true;
	}
	return false;
}

/* An approval raises the stored subject's level, so a subject that was opened or edited must match the session. */
static bool subject_forbids(const char **codes)
{
	*codes = "field_invalid";
	if (!case_number("SELECT count(*) FROM subject u JOIN " OF_CASE
			 " AND s.subject_id = u.id WHERE u.declared = 1 AND (u.name <> s.subject_name "
			 "OR '' NOT IN (u.country, s.country) AND u.country <> s.country "
			 "OR '' NOT IN (u.tax_id, s.tax_id) AND u.tax_id <> s.tax_id "
			 "OR '' NOT IN (u.registration_number, s.registration_number) "
			 "AND u.registration_number <> s.registration_number)"))
		return false;
	(void)snprintf(why, sizeof why, "its subject is on record as another");
	return true;
}

void asked_note(void)
{
	static struct rows rows;
	struct strbuf facts = STRBUF_INIT;

	case_rows(&rows, asked_sql);
	for (size_t i = 0; i < rows.count; i++)
		strbuf_addf(&facts, "%s %s\n", rows.key[i], rows.facts[i]);
	case_rows(&rows, documents_sql);
	for (size_t i = 0; i < rows.count; i++)
		strbuf_addf(&facts, "%s %s\n", rows.key[i], rows.more[i]);
	seen_note("asked", facts.buf);
	strbuf_release(&facts);
}

bool asked_changed(void)
{
	char before[FACTS_LENGTH];
	const char *then = seen_of("asked");
	bool changed;

	(void)snprintf(before, sizeof before, "%s", then ? then : "");
	asked_note();
	then = seen_of("asked");
	changed = strcmp(before, then ? then : "") != 0;
	seen_note("asked", before);
	return changed;
}

const char *forbidden(const struct desk *by, const char **codes)
{
	*codes = "second_reviewer";
	if (by == stranger.real && (stranger.model.real_contributed || stranger.model.real_judged)) {
		(void)snprintf(why, sizeof why, "%s changed or judged data of it", stranger.real_name);
		return why;
	}
	*codes = "correction_open status";
	if (case_number("SELECT count(*) FROM correction c JOIN " OF_CASE
			" AND c.session_id = s.id WHERE c.state IN ('open', 'answered')")) {
		(void)snprintf(why, sizeof why, "a correction is open");
		return why;
	}
	if (subject_forbids(codes) || documents_forbid(codes) || parties_forbid(codes) || suspects_forbid(codes) ||
	    hits_forbid(codes) || checks_forbid(codes))
		return why;
	*codes = "";
	return "";
}
