/* Finds similar sessions (possible duplicates), and persons that were verified before. */
#include "rows.h"
#include "columns.h"
#include "kybdesk/base/resource.h"
#include "kybdesk/base/text.h"
#include "kybdesk/domain/column_define.h"
#include "kybdesk/domain/identity.h"
#include "kybdesk/store/related.h"

#include <stdlib.h>
#include <string.h>

/* Ways to find duplicates. */
enum lookup_kind {
	LOOKUP_REGISTRATION_NUMBER,
	LOOKUP_TAX_ID,
	LOOKUP_TAX_BY_REGISTRATION,
	LOOKUP_REGISTRATION_BY_TAX,
	LOOKUP_UID,
	LOOKUP_OWNER,
	LOOKUP_PERSON,
	LOOKUP_PERSON_BORN_WITHIN,
	LOOKUP_PARTIES,
	LOOKUP_FRONT_SIDE,
	LOOKUP_BACK_SIDE,
	/* Of recognised persons only; the reverse of these is sql_recount_born_on. */
	LOOKUP_RECOGNISED,
	LOOKUP_RECOGNISED_PARTY,
	LOOKUP_KIND_COUNT
};
/* Maximum number of sessions that are compared with a case because of one number, document or name. */
#define OLDEST_LIMIT "ORDER BY o.id LIMIT 50"
/* A document is compared only with the oldest sessions that have it: for a file that many clients send, a reviewer
 * has to dismiss at most this many duplicates. */
#define DOCUMENT_SESSIONS 5
enum { YEAR_LENGTH = 4, MONTH_LENGTH = 7, DATE_LENGTH = 10 }; /* "1984", "1984-05", "1984-05-26" */
/* The SHA-256 of no bytes. */
#define SHA256_EMPTY "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
/* s: the session; o: other sessions that are similar. $2: a number or a key of s; $3: the country of s. $2 to $4
 * are parameters, so that a server can find o by an index before it reads s: otherwise the server would have to
 * estimate the number of matches, and would scan all sessions by id. */
#define BY_KEY(key)                                                                                                    \
	"FROM session s {then} session o ON o.country = $3 AND o." key " = $2 AND o." key " <> '' AND o.id <> "        \
	"s.id "
/* The registration number of s is the tax id of o, or the reverse. Omits pairs with the same registration
 * number or the same tax id, which other lookups find. */
#define BY_SWAPPED_KEYS(theirs, ours) BY_KEY(theirs) "AND o." ours " <> s." ours " AND o." theirs " <> s." theirs " "
#define BY_SUBJECT "FROM session s {then} session o ON o.subject_id = s.subject_id AND o.id <> s.id "
/* n: a limited number of sessions with one of the keys, or of documents with the hash $2; the limit keeps the cost of
 * a frequent value low. */
#define BY_LIKENESS_KEY(condition, most)                                                                               \
	"FROM (SELECT id FROM session WHERE likeness_key " condition                                                   \
	" AND likeness_key <> '' ORDER BY likeness_key DESC, id DESC LIMIT " most                                      \
	") n {then} session o ON o.id = n.id "                                                                         \
	"AND o.id <> $1 "                                                                                              \
	"{then} session s ON s.id = $1 "
#define BY_COMPANY BY_LIKENESS_KEY("= $2", "200")
/* Facts against the subject of o, for which it is recognised in every case of the desk. */
#define IS_ADVERSE                                                                                                     \
	"(EXISTS (SELECT 1 FROM check_result c {then} hit h ON h.check_id = c.id WHERE c.session_id = "                \
	"o.id AND " IS_SANCTIONS_HIT                                                                                   \
	") OR EXISTS (SELECT 1 FROM check_result c {then} result r ON r.check_id = c.id WHERE "                        \
	"c.session_id = o.id AND " IS_SANCTIONS_RESULT                                                                 \
	" AND r.person IN ('subject', 'unknown')) OR EXISTS (SELECT 1 FROM "                                           \
	"suspicion x WHERE x.session_id = o.id AND (x.closed_at IS NULL OR x.filed = 1)))"
/* A case with a sanctions hit and a party that o verifies: the hit may name that party. */
#define CASE_WITH_HIT                                                                                                  \
	"(SELECT min(c.session_id) FROM party held {then} check_result c ON c.session_id = held.session_id {then} "    \
	"hit h ON h.check_id = c.id WHERE held.subsession_id = o.id AND held.removed_at IS NULL AND " IS_SANCTIONS_HIT \
	")"
#define IS_RECOGNISED "(o.status = 'rejected' OR " IS_ADVERSE " OR " CASE_WITH_HIT " IS NOT NULL) "
/* Of two users, since BY_SUBJECT finds the sessions of one. A person is verified for each company that the person owns,
 * and may be a client, too: they count only if one is recognised (two owners: as the desk decides). */
#define OF_TWO_USERS                                                                                                   \
	"AND o.subject_id <> s.subject_id AND ((o.parent_id IS NULL AND s.parent_id IS NULL) OR s.status = "           \
	"'rejected' "                                                                                                  \
	"OR " IS_RECOGNISED ") "
/* The birth date in three precisions, or (if a part of it is unknown) all dates that begin with it. */
#define BY_PERSON BY_LIKENESS_KEY("IN ($2, $3, $4)", "50") OF_TWO_USERS
#define BY_PERSON_BORN_WITHIN BY_LIKENESS_KEY("> $2 AND likeness_key < $3", "50") OF_TWO_USERS
/* A recognised person is found by the whole birth date, since a name that is shortened has another key. The limit keeps
 * the cost of a frequent date low: the rejected ones come first, since no word of a status is behind "rejected". */
#define BY_BIRTH_DATE                                                                                                  \
	"FROM (SELECT id FROM session WHERE date_of_birth = $2 AND date_of_birth <> '' AND likeness_key <> '' ORDER "  \
	"BY status DESC, id DESC LIMIT 200) n {then} session o ON o.id = n.id AND o.id <> $1 {then} session s ON "     \
	"s.id = $1 "
#define OF_ANOTHER_USER "AND o.subject_id <> s.subject_id "
/* The persons among the parties, with the birth date in three precisions, unless a lead judged the pair in the party's
 * own case. */
#define BY_PARTIES                                                                                                     \
	"FROM session s {then} party q ON q.session_id = s.id AND q.removed_at IS NULL AND q.person_key <> '' AND "    \
	"q.kind = 'individual' {then} session o ON o.likeness_key IN (q.person_key, substr(q.person_key, 1, "          \
	"length(q.person_key) - 3), substr(q.person_key, 1, length(q.person_key) - 6)) AND o.likeness_key <> '' AND "  \
	"o.id <> s.id AND o.id <> coalesce(q.subsession_id, 0) "
#define BY_PARTY_BORN_ON                                                                                               \
	BY_BIRTH_DATE "{then} party q ON q.id = CAST($3 AS BIGINT) AND o.id <> coalesce(q.subsession_id, 0) "
#define UNJUDGED_ELSEWHERE                                                                                             \
	"AND NOT EXISTS (SELECT 1 FROM duplicate_dismissal j WHERE (j.session_id = q.subsession_id AND j.other_id = "  \
	"o.id) OR (j.session_id = o.id AND j.other_id = q.subsession_id)) AND " IS_RECOGNISED
#define BY_DOCUMENT_HASH(hash)                                                                                         \
	"FROM (SELECT session_id FROM document WHERE " hash " = $2 AND " hash                                          \
	" <> '' ORDER BY id LIMIT 50) n {then} session o ON o.id = n.session_id AND o.id <> $1 "                       \
	"{then} session s ON s.id = $1 AND s.subject_id <> o.subject_id "
/* The name, of the two spellings the first, and the birth date: the same seen from either session. */
#define OWNER_IN_COMMON                                                                                                \
	"(SELECT min(CASE WHEN a.name < b.name THEN a.name ELSE b.name END || ' ' || b.date_of_birth) FROM party a "   \
	"{then} party b ON b.session_id = o.id AND b.person_key = a.person_key WHERE a.session_id = s.id AND "         \
	"a.person_key <> '')"
/* clang-format off */
#define OWNER struct duplicate
static const struct column columns[] = {
	ROW(row, "o.id", NULL, COLUMN_KEY),
	TEXT(id, "o.uuid", NULL, 0),
	TEXT(external_ref, "o.external_ref", NULL, 0),
	TEXT(workflow, "o.workflow", NULL, 0),
	TEXT(parent_id, "p.uuid", NULL, 0),
	TEXT(merchant, "CASE WHEN o.merchant_id = s.merchant_id THEN '' ELSE m.name END", NULL, 0),
	BOOL(is_of_owners,
	     "(o.parent_id IS NOT NULL OR s.parent_id IS NOT NULL) AND ((o.parent_id IS NOT NULL AND s.parent_id IS NOT "
	     "NULL) OR 'rejected' NOT IN (o.status, s.status))",
	     NULL, 0),
	ENUM(status, "o.status", NULL, session_status, 0),
	TEXT(name, "o.subject_name", NULL, 0),
	TEXT(country, "o.country", NULL, 0),
	TEXT(registration_number, "o.registration_number", NULL, 0),
	TEXT(tax_id, "o.tax_id", NULL, 0),
	TEXT(date_of_birth, "o.date_of_birth", NULL, 0),
	TEXT(incorporated_on, "o.incorporated_on", NULL, 0),
	TEXT(uid, "u.uid", NULL, 0),
	TIME(created_at, "o.created_at", NULL, 0),
	TIME(submitted_at, "o.submitted_at", NULL, 0),
	TEXT(dismissed_by, "d.dismissed_by", NULL, 0),
	TEXT(dismissed_reason, "d.reason", NULL, 0),
	TIME(dismissed_at, "d.dismissed_at", NULL, 0),
	TEXT(basis, "d.basis", NULL, 0),
};
static COLUMN_TABLE(table, "session", "session", columns);
/* clang-format on */
enum {
	SHARED,
	REASON,
	DISMISSED_SAME,
	ADVERSE,
	HIT_CASE,
	OTHER_ROW
}; /* columns of a result; OTHER_ROW: id of session o */
#define DUPLICATE_STATEMENT(name_, from, shared, first)                                                                \
	{                                                                                                              \
		.sql = { (name_),                                                                                      \
			 from "{then} subject u ON u.id = o.subject_id {then} merchant m ON m.id = o.merchant_id "     \
			      "LEFT JOIN session p ON p.id = o.parent_id "                                             \
			      "LEFT JOIN duplicate_dismissal d ON d.session_id = CASE WHEN o.id < s.id THEN o.id "     \
			      "ELSE s.id END AND d.other_id = CASE WHEN o.id < s.id THEN s.id ELSE o.id END "          \
			      "WHERE s.id = $1 AND coalesce(o.parent_id, 0) <> s.id AND coalesce(s.parent_id, 0) "     \
			      "<> o.id AND NOT (s.parent_id IS NOT NULL AND o.parent_id IS NOT NULL AND "              \
			      "o.subject_id = s.subject_id) " first },                                                 \
		.kind = ROW_SELECT, .table = &table,                                                                   \
		.keys = shared ", o.decision_reason, d.same, CASE WHEN " IS_ADVERSE                                    \
			       " THEN 1 ELSE 0 END, " CASE_WITH_HIT,                                                   \
		.key_count = 5                                                                                         \
	}
#define RECOUNT_STATEMENT(from, first)                                                                                 \
	"INSERT INTO recount (session_id) SELECT alike.id FROM (SELECT o.id, o.waiting, o.blocker " from               \
	"WHERE s.id = $1 " first ") alike WHERE alike.waiting <> 0 OR alike.blocker IN ('', 'duplicate_open', "        \
	"'held') ON CONFLICT (session_id) DO NOTHING"
ROW_STATEMENTS(by_way) = {
	[LOOKUP_REGISTRATION_NUMBER] = DUPLICATE_STATEMENT("duplicate.by_registration", BY_KEY("registration_key"),
							   "''", OLDEST_LIMIT),
	[LOOKUP_TAX_ID] = DUPLICATE_STATEMENT("duplicate.by_tax", BY_KEY("tax_key"), "''", OLDEST_LIMIT),
	[LOOKUP_TAX_BY_REGISTRATION] = DUPLICATE_STATEMENT("duplicate.tax_by_registration",
							   BY_SWAPPED_KEYS("tax_key", "registration_key"), "''",
							   OLDEST_LIMIT),
	[LOOKUP_REGISTRATION_BY_TAX] = DUPLICATE_STATEMENT("duplicate.registration_by_tax",
							   BY_SWAPPED_KEYS("registration_key", "tax_key"), "''",
							   OLDEST_LIMIT),
	[LOOKUP_UID] = DUPLICATE_STATEMENT("duplicate.by_uid", BY_SUBJECT, "''", OLDEST_LIMIT),
	[LOOKUP_OWNER] = DUPLICATE_STATEMENT("duplicate.by_owner", BY_COMPANY, OWNER_IN_COMMON, ""),
	[LOOKUP_PERSON] = DUPLICATE_STATEMENT("duplicate.by_person", BY_PERSON, "''", ""),
	[LOOKUP_PERSON_BORN_WITHIN] = DUPLICATE_STATEMENT("duplicate.by_person_born_within", BY_PERSON_BORN_WITHIN,
							  "''", ""),
	[LOOKUP_RECOGNISED] = DUPLICATE_STATEMENT("duplicate.recognised", BY_BIRTH_DATE, "''",
						  OF_ANOTHER_USER "AND (s.status = 'rejected' OR " IS_RECOGNISED ")"),
	[LOOKUP_RECOGNISED_PARTY] = DUPLICATE_STATEMENT("duplicate.recognised_party", BY_PARTY_BORN_ON,
							"CAST(q.id AS TEXT)", UNJUDGED_ELSEWHERE),
	[LOOKUP_PARTIES] = DUPLICATE_STATEMENT("duplicate.by_parties", BY_PARTIES, "CAST(q.id AS TEXT)",
					       UNJUDGED_ELSEWHERE),
	[LOOKUP_FRONT_SIDE] = DUPLICATE_STATEMENT("duplicate.by_front", BY_DOCUMENT_HASH("sha256"), "$2", ""),
	[LOOKUP_BACK_SIDE] = DUPLICATE_STATEMENT("duplicate.by_back", BY_DOCUMENT_HASH("back_sha256"), "$2", ""),
};
/* For each way to find duplicates, a statement that finds sessions in this way and marks them for a recount. */
STATEMENTS(recount_by_way) = {
	[LOOKUP_REGISTRATION_NUMBER] = { "duplicate.recount_registration",
					 RECOUNT_STATEMENT(BY_KEY("registration_key"), OLDEST_LIMIT) },
	[LOOKUP_TAX_ID] = { "duplicate.recount_tax", RECOUNT_STATEMENT(BY_KEY("tax_key"), OLDEST_LIMIT) },
	[LOOKUP_TAX_BY_REGISTRATION] = { "duplicate.recount_tax_by_registration",
					 RECOUNT_STATEMENT(BY_SWAPPED_KEYS("tax_key", "registration_key"),
							   OLDEST_LIMIT) },
	[LOOKUP_REGISTRATION_BY_TAX] = { "duplicate.recount_registration_by_tax",
					 RECOUNT_STATEMENT(BY_SWAPPED_KEYS("registration_key", "tax_key"),
							   OLDEST_LIMIT) },
	[LOOKUP_UID] = { "duplicate.recount_uid", RECOUNT_STATEMENT(BY_SUBJECT, OLDEST_LIMIT) },
	[LOOKUP_OWNER] = { "duplicate.recount_owner",
			   RECOUNT_STATEMENT(BY_COMPANY, "AND " OWNER_IN_COMMON " IS NOT NULL ") },
	[LOOKUP_PERSON] = { "duplicate.recount_person", RECOUNT_STATEMENT(BY_PERSON, "") },
	[LOOKUP_PERSON_BORN_WITHIN] = { "duplicate.recount_person_born_within",
					RECOUNT_STATEMENT(BY_PERSON_BORN_WITHIN, "") },
	[LOOKUP_PARTIES] = { "duplicate.recount_parties", RECOUNT_STATEMENT(BY_PARTIES, UNJUDGED_ELSEWHERE) },
	[LOOKUP_FRONT_SIDE] = { "duplicate.recount_front", RECOUNT_STATEMENT(BY_DOCUMENT_HASH("sha256"), "") },
	[LOOKUP_BACK_SIDE] = { "duplicate.recount_back", RECOUNT_STATEMENT(BY_DOCUMENT_HASH("back_sha256"), "") },
};
STATEMENT(
	sql_own_name, "duplicate.own_name",
	"SELECT s.likeness_key, s.country, s.registration_key, s.tax_key, EXISTS (SELECT 1 FROM party WHERE session_id "
	"= $1 AND person_key <> ''), u.kind, s.subject_name, s.tax_id, s.date_of_birth FROM session s JOIN subject u "
	"ON u.id = s.subject_id WHERE s.id = $1");
STATEMENT(sql_own_documents, "duplicate.own_documents",
	  "SELECT sha256, size_bytes, back_sha256, back_size_bytes FROM document WHERE session_id = $1 ORDER BY id "
	  "LIMIT 100");
STATEMENT(sql_rejections, "duplicate.rejections",
	  "SELECT reason FROM decision WHERE session_id = $1 AND kind = 'reject' AND undone = 0 ORDER BY number");
STATEMENT(sql_own_parties, "duplicate.own_parties",
	  "SELECT id, kind, name, country, date_of_birth, registration_number, tax_id FROM party WHERE session_id = $1 "
	  "AND removed_at IS NULL ORDER BY id");
/* Open cases with a party that may be like the subject: their other side of LOOKUP_PARTIES has no index. */
STATEMENT(
	sql_recount_holders, "duplicate.recount_holders",
	"INSERT INTO recount (session_id) SELECT w.id FROM session o {then} session w ON w.top IN (0, 1) AND "
	"w.blocker IS NOT NULL "
	"AND (w.waiting <> 0 OR w.blocker IN ('', 'duplicate_open', 'held')) {then} party q ON q.session_id = w.id AND "
	"q.removed_at IS NULL AND ((q.date_of_birth <> '' AND q.date_of_birth = o.date_of_birth) OR (q.kind = "
	"'company' AND q.country = o.country)) "
	"WHERE o.id = $1 AND o.likeness_key <> '' AND w.id <> o.id ON CONFLICT (session_id) DO NOTHING");
STATEMENT(
	sql_recount_born_on, "duplicate.recount_born_on",
	"INSERT INTO recount (session_id) SELECT w.id FROM session o {then} session w ON w.date_of_birth = "
	"o.date_of_birth AND w.date_of_birth <> '' AND (w.waiting <> 0 OR w.blocker IN ('', 'duplicate_open', 'held')) "
	"WHERE o.id = $1 AND w.id <> o.id ON CONFLICT (session_id) DO NOTHING");
STATEMENT(sql_dismiss, "duplicate.dismiss",
	  "INSERT INTO duplicate_dismissal (session_id, other_id, same, reason, dismissed_by, dismissed_at, basis) "
	  "VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (session_id, other_id) DO UPDATE SET same = "
	  "excluded.same, reason = excluded.reason, dismissed_by = excluded.dismissed_by, dismissed_at = "
	  "excluded.dismissed_at, basis = excluded.basis");
/* Finds the sessions by name in an index, since few persons have the same name. */
STATEMENT(sql_candidates, "duplicate.candidates",
	  "SELECT s.id, s.uuid, s.external_ref, s.workflow, s.subject_name, s.country, s.date_of_birth, "
	  "s.decided_by, s.decided_at, p.uuid, p.subject_name FROM session s LEFT JOIN session p ON p.id = "
	  "s.parent_id WHERE s.top = $1 AND s.name_key = $2 AND s.merchant_id = $3 AND s.date_of_birth = $4 AND "
	  "s.country = $5 AND s.kind = 'kyc' AND s.status = 'approved' ORDER BY s.id DESC LIMIT 20");

/* A search for duplicates: its statement, and the values of $2 and so on; NULL: none. */
struct lookup {
	int64_t session;
	enum lookup_kind lookup_kind;
	const char *values[3];
	const struct identity *party; /* the party of the number; NULL: the subject */
};
struct lookups {
	struct arena *arena;
	int64_t session;
	struct lookup *items;
	size_t count, capacity;
	struct identity own; /* which subjects of a similar name are compared with */
	struct own_party {
		int64_t row;
		struct identity identity;
	} * parties;
	size_t party_count, party_capacity;
};
#define SENT_MAX 6
struct finding {
	struct store *store;
	struct arena *arena;
	struct duplicates *out;
	size_t capacity;
	const struct lookups *lookups;
	struct query *sent[SENT_MAX]; /* queries of the first lookups, sent before any result is read */
};

static void add_lookup(struct lookups *lookups, struct lookup lookup)
{
	lookup.session = lookups->session;
	*ARENA_PUSH(lookups->arena, lookups->items, lookups->count, lookups->capacity) = lookup;
}

/* Whether the file is a sample of this program, which every demo contains. */
static bool is_sample_file(const char *sha256, int64_t size)
{
	for (size_t i = 0; i < resource_count; i++) {
		const struct resource *file = &resource_table[i];
		char hex[SHA256_HEX_SIZE];
		uint8_t hash[SHA256_SIZE];

		if ((int64_t)file->length != size || !text_has_prefix(file->name, "samples/files/"))
			continue;
		sha256_hash(file->bytes, file->length, hash);
		hex_encode(hash, sizeof hash, hex);
		if (!strcmp(hex, sha256))
			return true;
	}
	return false;
}

static void add_document(struct lookups *lookups, const char *sha256, int64_t size)
{
	if (!*sha256 || !strcmp(sha256, SHA256_EMPTY) || is_sample_file(sha256, size))
		return;
	for (size_t i = 0; i < lookups->count; i++)
		if (lookups->items[i].lookup_kind == LOOKUP_FRONT_SIDE && !strcmp(lookups->items[i].values[0], sha256))
			return;
	add_lookup(lookups, (struct lookup){ .lookup_kind = LOOKUP_FRONT_SIDE, .values = { sha256 } });
	add_lookup(lookups, (struct lookup){ .lookup_kind = LOOKUP_BACK_SIDE, .values = { sha256 } });
}

/* Sorts by document, so that both sessions of a pair name their documents in the same order. */
static int compare_lookups(const void *left, const void *right)
{
	const struct lookup *a = left, *b = right;
	int order = strcmp(a->values[0], b->values[0]);

	return order ? order : (int)a->lookup_kind - (int)b->lookup_kind;
}

/* "KEY 1984-05-26": also the persons with the birth date "1984-05" or "1984". */
static void add_person_lookups(struct lookups *out, const char *key)
{
	const char *date = strrchr(key, ' ') + 1;
	const size_t known = strlen(date), rest = (size_t)(date - key);
	const char *month = known > MONTH_LENGTH ? arena_strndup(out->arena, key, rest + MONTH_LENGTH) : key;
	const char *year = known > YEAR_LENGTH ? arena_strndup(out->arena, key, rest + YEAR_LENGTH) : key;

	add_lookup(out, (struct lookup){ .lookup_kind = LOOKUP_PERSON, .values = { key, month, year } });
	if (known < DATE_LENGTH)
		add_lookup(out, (struct lookup){ .lookup_kind = LOOKUP_PERSON_BORN_WITHIN,
						 .values = { key, arena_printf(out->arena, "%s~", key) } });
}

/* Adds lookups only for numbers and owners that the session has, since an empty number matches nothing. */
static void add_own_lookups(struct lookups *out, const struct query *own)
{
	const char *key = row_text(own, 0, out->arena), *country = row_text(own, 1, out->arena);
	const char *registration = row_text(own, 2, out->arena), *tax = row_text(own, 3, out->arena);
	const bool person = strcmp(row_text_view(own, 5), subject_kind_text(SUBJECT_BUSINESS)) != 0;
	const struct lookup lookups[] = {
		{ .lookup_kind = LOOKUP_REGISTRATION_NUMBER, .values = { registration, country } },
		{ .lookup_kind = LOOKUP_TAX_ID, .values = { tax, country } },
		{ .lookup_kind = LOOKUP_TAX_BY_REGISTRATION, .values = { registration, country } },
		{ .lookup_kind = LOOKUP_REGISTRATION_BY_TAX, .values = { tax, country } },
		{ .lookup_kind = LOOKUP_OWNER, .values = { row_int(own, 4) && !person ? key : "" } },
	};

	out->own = (struct identity){ .kind = person ? PARTY_INDIVIDUAL : PARTY_COMPANY,
				      .name = row_text(own, 6, out->arena),
				      .country = country,
				      .date_of_birth = row_text(own, 8, out->arena),
				      .registration_number = "",
				      .lei = "",
				      .tax_id = row_text(own, 7, out->arena) };
	for (size_t i = 0; i < sizeof lookups / sizeof lookups[0]; i++)
		if (*lookups[i].values[0])
			add_lookup(out, lookups[i]);
	if (person && *key)
		add_person_lookups(out, key);
}

/* A company among the parties is found by its numbers. */
static void add_party(struct lookups *out, const struct query *parties)
{
	struct own_party *party = ARENA_PUSH(out->arena, out->parties, out->party_count, out->party_capacity);
	const bool company = !strcmp(row_text_view(parties, 1), party_kind_text(PARTY_COMPANY));
	const char *country = row_text(parties, 3, out->arena);

	party->row = row_int(parties, 0);
	party->identity = (struct identity){ .kind = company ? PARTY_COMPANY : PARTY_INDIVIDUAL,
					     .name = row_text(parties, 2, out->arena),
					     .country = country,
					     .date_of_birth = row_text(parties, 4, out->arena),
					     .registration_number = row_text(parties, 5, out->arena),
					     .lei = "",
					     .tax_id = row_text(parties, 6, out->arena) };
	if (!company && strlen(party->identity.date_of_birth) == DATE_LENGTH)
		add_lookup(out,
			   (struct lookup){ .lookup_kind = LOOKUP_RECOGNISED_PARTY,
					    .values = { party->identity.date_of_birth,
							arena_printf(out->arena, "%lld", (long long)party->row) } });
	for (int is_tax = 0; company && is_tax < 2; is_tax++) {
		struct strbuf key = STRBUF_INIT;

		text_number_key(&key, is_tax ? party->identity.tax_id : party->identity.registration_number);
		if (key.len)
			add_lookup(out,
				   (struct lookup){ .lookup_kind = is_tax ? LOOKUP_TAX_ID : LOOKUP_REGISTRATION_NUMBER,
						    .values = { strbuf_finish(&key, out->arena), country },
						    .party = arena_memdup(out->arena, &party->identity,
									  sizeof party->identity) });
		strbuf_release(&key);
	}
}

/* Adds the lookups by the session's own data (names, numbers, documents) after the lookups that `out` has. */
static enum err add_all_lookups(struct store *store, struct lookups *out, struct error *error)
{
	struct query *own = NULL, *documents = NULL, *parties = NULL;
	size_t first;
	enum err err = db_select(store->db, &sql_own_name, PARAMS(db_int(out->session)), &own, error);

	if (!err)
		err = query_send(own, error);
	/* In a sandbox, one file may be the document of many cases. */
	if (!err && !store->sandbox)
		err = db_select(store->db, &sql_own_documents, PARAMS(db_int(out->session)), &documents, error);
	if (!err && documents)
		err = query_send(documents, error);
	if (!err && !store->sandbox)
		err = db_select(store->db, &sql_own_parties, PARAMS(db_int(out->session)), &parties, error);
	if (!err && parties)
		err = query_send(parties, error);
	while (query_fetch_row(&own, &err, error))
		add_own_lookups(out, own);
	if (!store->sandbox && strlen(out->own.date_of_birth) == DATE_LENGTH)
		add_lookup(out,
			   (struct lookup){ .lookup_kind = LOOKUP_RECOGNISED, .values = { out->own.date_of_birth } });
	while (query_fetch_row(&parties, &err, error))
		add_party(out, parties);
	if (out->party_count)
		add_lookup(out, (struct lookup){ .lookup_kind = LOOKUP_PARTIES });
	first = out->count;
	while (query_fetch_row(&documents, &err, error)) {
		add_document(out, row_text(documents, 0, out->arena), row_int(documents, 1));
		add_document(out, row_text(documents, 2, out->arena), row_int(documents, 3));
	}
	if (!err && out->count > first)
		qsort(out->items + first, out->count - first, sizeof *out->items, compare_lookups);
	return err;
}

static struct lookups begin_lookups(struct arena *arena, int64_t session)
{
	struct lookups lookups = { .arena = arena, .session = session };

	add_lookup(&lookups, (struct lookup){ .lookup_kind = LOOKUP_UID });
	return lookups;
}

static void bind_lookup(struct query *query, const struct lookup *lookup)
{
	query_bind_int(query, 1, lookup->session);
	for (int i = 0; i < 3 && lookup->values[i]; i++)
		query_bind_text(query, 2 + i, lookup->values[i]);
}

static enum err begin_lookup(struct store *store, const struct lookup *lookup, struct query **query,
			     struct error *error)
{
	enum err err = row_query(store, &by_way[lookup->lookup_kind], query, error);

	if (!err)
		bind_lookup(*query, lookup);
	return err;
}

static struct duplicate *find_duplicate(const struct duplicates *known, int64_t row)
{
	return ITEM_WITH_NUMBER(known->items, known->count, row, row);
}

static int compare_rows(const void *left, const void *right)
{
	int64_t a = ((const struct duplicate *)left)->row, b = ((const struct duplicate *)right)->row;
	return (a > b) - (a < b);
}

/* The key of a name finds more than the spellings of one name. */
static bool has_other_name(const struct identity *own, enum lookup_kind kind, const struct duplicate *found)
{
	const struct identity other = { .kind = own->kind,
					.name = found->name,
					.country = found->country,
					.date_of_birth = found->date_of_birth,
					.registration_number = "",
					.lei = "",
					.tax_id = found->tax_id };

	if (kind == LOOKUP_OWNER)
		return !identity_names_agree(PARTY_COMPANY, own->name, found->name);
	return (kind == LOOKUP_PERSON || kind == LOOKUP_PERSON_BORN_WITHIN || kind == LOOKUP_PARTIES ||
		kind >= LOOKUP_RECOGNISED) &&
	       identity_compare(own, &other) == IDENTITY_OTHER;
}

/* The likeness of the owner's name, and the birth date: dismissals are based on them, however the keys are made. */
static const char *shared_owner(struct arena *arena, const char *found)
{
	const char *date = strrchr(found, ' ');
	struct strbuf text = STRBUF_INIT;

	text_likeness_key(&text, found, (size_t)(date - found));
	strbuf_adds(&text, date);
	return strbuf_finish(&text, arena);
}

/* The party that the row is about; NULL: the subject. */
static const struct identity *party_of(const struct finding *finding, const struct lookup *lookup,
				       const struct query *query)
{
	const struct lookups *of = finding->lookups;
	const bool names_party =
		lookup->lookup_kind == LOOKUP_PARTIES || lookup->lookup_kind == LOOKUP_RECOGNISED_PARTY;
	const int64_t row = names_party ? strtoll(row_text_view(query, SHARED), NULL, 10) : 0;

	for (size_t i = 0; row && i < of->party_count; i++)
		if (of->parties[i].row == row)
			return &of->parties[i].identity;
	return lookup->party;
}

/* Reads the results of one lookup, oldest first. */
static enum err run_lookup(const struct finding *finding, const struct lookup *lookup, struct query *query,
			   struct duplicates *out, struct error *error)
{
	static const unsigned same_bits[LOOKUP_KIND_COUNT] = {
		[LOOKUP_REGISTRATION_NUMBER] = SAME_REGISTRATION_NUMBER,
		[LOOKUP_TAX_ID] = SAME_TAX_ID,
		[LOOKUP_TAX_BY_REGISTRATION] = SAME_CROSSWISE,
		[LOOKUP_REGISTRATION_BY_TAX] = SAME_CROSSWISE,
		[LOOKUP_UID] = SAME_UID,
		[LOOKUP_OWNER] = SAME_OWNER,
		[LOOKUP_PERSON] = SAME_PERSON,
		[LOOKUP_PERSON_BORN_WITHIN] = SAME_PERSON,
		[LOOKUP_RECOGNISED] = SAME_PERSON,
		[LOOKUP_RECOGNISED_PARTY] = SAME_PARTY,
		[LOOKUP_PARTIES] = SAME_PARTY,
		[LOOKUP_FRONT_SIDE] = SAME_DOCUMENT,
		[LOOKUP_BACK_SIDE] = SAME_DOCUMENT,
	};
	size_t capacity = 0;
	const struct row_reader reader = { finding->store, &by_way[lookup->lookup_kind], finding->arena };
	enum err err = query ? ERR_OK : begin_lookup(finding->store, lookup, &query, error);

	*out = (struct duplicates){ 0 };
	if (err)
		return err;
	while (query_fetch_row(&query, &err, error)) {
		struct duplicate *one;
		size_t rejections = 0;
		const struct identity *party = party_of(finding, lookup, query);

		if (row_is_null(query, SHARED) || find_duplicate(out, row_int(query, OTHER_ROW)))
			continue;
		one = ARENA_PUSH(finding->arena, out->items, out->count, capacity);
		err = row_read(&reader, query, one, error);
		if (err || has_other_name(party ? party : &finding->lookups->own, lookup->lookup_kind, one)) {
			out->count--;
			continue;
		}
		one->same_bits = party ? SAME_PARTY : same_bits[lookup->lookup_kind];
		one->shared_parts = row_text(query, SHARED, finding->arena);
		if (party)
			one->shared_parts = arena_printf(finding->arena, "%s %s%s", party->name, party->date_of_birth,
							 lookup->party ? lookup->values[0] : "");
		if (party || lookup->lookup_kind == LOOKUP_OWNER)
			one->shared_parts = shared_owner(finding->arena, one->shared_parts);
		one->dismissed_same_bits = (unsigned)row_int(query, DISMISSED_SAME);
		one->is_recognised = row_int(query, ADVERSE) != 0;
		one->hit_case = row_int(query, HIT_CASE);
		one->standing.change_text = "";
		if (one->status == SESSION_REJECTED)
			*ARENA_PUSH(finding->arena, one->rejections, one->rejection_count, rejections) =
				row_text(query, REASON, finding->arena);
	}
	if (out->count > 1)
		qsort(out->items, out->count, sizeof *out->items, compare_rows);
	return err;
}

static void merge(struct finding *finding, const struct duplicates *found, size_t most)
{
	for (size_t i = 0; i < found->count && i < most; i++) {
		const struct duplicate *one = &found->items[i];
		struct duplicate *known = find_duplicate(finding->out, one->row);

		if (!known) {
			*ARENA_PUSH(finding->arena, finding->out->items, finding->out->count, finding->capacity) = *one;
			continue;
		}
		known->same_bits |= one->same_bits;
		if (*one->shared_parts && !strstr(known->shared_parts, one->shared_parts))
			known->shared_parts =
				*known->shared_parts
					? arena_printf(finding->arena, "%s %s", known->shared_parts, one->shared_parts)
					: one->shared_parts;
	}
}

static enum err read_rejections(const struct finding *finding, struct duplicate *of, struct error *error)
{
	struct query *query = NULL;
	size_t capacity = of->rejection_count;
	enum err err = db_select(finding->store->db, &sql_rejections, PARAMS(db_int(of->row)), &query, error);

	while (query_fetch_row(&query, &err, error))
		*ARENA_PUSH(finding->arena, of->rejections, of->rejection_count, capacity) =
			row_text(query, 0, finding->arena);
	return err;
}

static enum err send_lookups(struct finding *finding, const struct lookups *lookups, size_t from, struct error *error)
{
	enum err err = ERR_OK;

	for (size_t i = from; !err && i < lookups->count && i < SENT_MAX; i++) {
		err = begin_lookup(finding->store, &lookups->items[i], &finding->sent[i], error);
		if (!err)
			err = query_send(finding->sent[i], error);
	}
	return err;
}

enum err store_duplicate_list(struct store *store, struct arena *arena, int64_t session, struct duplicates *out,
			      struct error *error)
{
	struct lookups lookups = begin_lookups(arena, session);
	struct finding finding = { .store = store, .arena = arena, .out = out, .lookups = &lookups };
	size_t sent_before = lookups.count;
	enum err err = send_lookups(&finding, &lookups, 0, error);

	*out = (struct duplicates){ 0 };
	if (!err)
		err = add_all_lookups(store, &lookups, error);
	if (!err)
		err = send_lookups(&finding, &lookups, sent_before, error);
	for (size_t i = 0; !err && i < lookups.count; i++) {
		const struct lookup *lookup = &lookups.items[i];
		struct query *sent = i < SENT_MAX ? finding.sent[i] : NULL;
		struct duplicates found;

		if (sent)
			finding.sent[i] = NULL; /* run_lookup() ends the query */
		err = run_lookup(&finding, lookup, sent, &found, error);
		if (!err)
			merge(&finding, &found,
			      lookup->lookup_kind == LOOKUP_FRONT_SIDE || lookup->lookup_kind == LOOKUP_BACK_SIDE
				      ? DOCUMENT_SESSIONS
				      : SIZE_MAX);
	}
	for (size_t i = 0; i < SENT_MAX; i++)
		query_end(finding.sent[i]);
	for (size_t i = 0; !err && i < out->count; i++)
		err = read_rejections(&finding, &out->items[i], error);
	if (!err && out->count > 1)
		qsort(out->items, out->count, sizeof *out->items, compare_rows);
	return err;
}

enum err store_related_list(struct store *store, struct arena *arena, const struct session *session, const char *person,
			    struct related_facts *out, struct error *error)
{
	struct query *binding = NULL, *suspicion = NULL;
	enum err err = subject_send_binding(store, session, &binding, error);

	if (!err)
		err = suspicion_send_query(store, session->row, person, &suspicion, error);
	if (!err)
		err = store_duplicate_list(store, arena, session->row, &out->duplicates, error);
	if (!err)
		err = subject_read_binding(store, arena, binding, &out->stored_subject, error);
	if (!err)
		err = suspicion_read_state(&suspicion, session->row, person, &out->suspicion, error);
	query_end(binding);
	query_end(suspicion);
	return err;
}

enum err store_mark_cases_for_recount(struct store *store, int64_t session, struct error *error)
{
	struct arena arena = ARENA_INIT;
	struct lookups lookups = begin_lookups(&arena, session);
	enum err err = add_all_lookups(store, &lookups, error);

	for (size_t i = 0; !err && i < lookups.count; i++) {
		const struct lookup *lookup = &lookups.items[i];
		struct query *query = NULL;

		if (lookup->lookup_kind >= LOOKUP_RECOGNISED)
			continue;
		err = db_query(store->db, &recount_by_way[lookup->lookup_kind], &query, error);
		if (err)
			break;
		bind_lookup(query, lookup);
		err = query_run(query, error);
	}
	arena_release(&arena);
	return err;
}

enum err store_mark_holders_for_recount(struct store *store, int64_t session, struct error *error)
{
	enum err err = db_run(store->db, &sql_recount_holders, PARAMS(db_int(session)), error);

	return err ? err : db_run(store->db, &sql_recount_born_on, PARAMS(db_int(session)), error);
}

enum err store_duplicate_dismiss(struct store *store, int64_t session, const struct duplicate *dismissed,
				 struct error *error)
{
	return db_run(store->db, &sql_dismiss,
		      PARAMS(db_int(session < dismissed->row ? session : dismissed->row),
			     db_int(session < dismissed->row ? dismissed->row : session),
			     db_int(dismissed->dismissed_same_bits), db_text(dismissed->dismissed_reason),
			     db_text(dismissed->dismissed_by), db_int(dismissed->dismissed_at),
			     db_text(dismissed->basis)),
		      error);
}

static void read_candidate(const struct query *query, struct arena *arena, struct party_candidate *out)
{
	*out = (struct party_candidate){
		.row = row_int(query, 0),
		.id = row_text(query, 1, arena),
		.external_ref = row_text(query, 2, arena),
		.workflow = row_text(query, 3, arena),
		.name = row_text(query, 4, arena),
		.country = row_text(query, 5, arena),
		.date_of_birth = row_text(query, 6, arena),
		.approved_by = row_text(query, 7, arena),
		.approved_at = row_time(query, 8),
		.parent_id = row_text(query, 9, arena),
		.parent_name = row_text(query, 10, arena),
	};
}

enum err store_kyc_candidate_list(struct store *store, struct arena *arena, const struct kyc_person *person,
				  struct party_candidates *out, struct error *error)
{
	struct strbuf key = STRBUF_INIT;
	size_t capacity = 0;
	enum err err = ERR_OK;
	*out = (struct party_candidates){ 0 };
	if (!*person->name || !*person->date_of_birth || !*person->country)
		return ERR_OK;
	text_fold(&key, person->name, strlen(person->name));
	/* Searches subsessions first, since most sessions of persons are subsessions. */
	for (int64_t top = 0; !err && top <= 1; top++) {
		struct query *query = NULL;

		err = db_select(store->db, &sql_candidates,
				PARAMS(db_int(top), db_text(key.buf), db_int(person->merchant),
				       db_text(person->date_of_birth), db_text(person->country)),
				&query, error);
		while (out->count < 20 && query_fetch_row(&query, &err, error))
			read_candidate(query, arena, ARENA_PUSH(arena, out->items, out->count, capacity));
		query_end(query);
	}
	strbuf_release(&key);
	return err;
}
