#include "../../../src/desk/desk_private.h"
#include "fixture.h"
#include "kybdesk/base/file.h"
#include "kybdesk/store/commitment.h"
#include "support/leak.h"
#include "support/process.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static void check(struct fixture *f, enum err err, const char *what)
{
	if (err)
		cr_assert_fail("%s: %s", what, f->error.message);
}

#define WITHIN(f, desk, NAME, ...)                                                                                     \
	fixture_use((f), (desk), &(const struct use_in){ .verb = VERB_##NAME, .session = __VA_ARGS__ })

static struct desk_options options_of(struct fixture *f, const char *actor, bool readonly)
{
	return (struct desk_options){ .store_path = f->path,
				      .actor = actor,
				      .readonly = readonly,
				      .world = &f->world.world,
				      .log = { LOG_QUIET, -1 } };
}

struct desk *fixture_desk(struct fixture *f, const char *actor, bool readonly)
{
	struct desk_options options = options_of(f, actor, readonly);
	struct desk *desk = NULL;

	check(f, desk_open(&options, &desk, &f->error), actor);
	return desk;
}

void fixture_open(struct fixture *f)
{
	fixture_open_at(f, NULL);
}

/* A new store with its admin and four other people. */
static void make_store(struct fixture *f)
{
	const struct desk_options options = options_of(f, "ada", false);
	char *made;

	check(f, desk_init(&options, true, &made, &f->arena, &f->error), "init");
	f->ada = fixture_desk(f, "ada", false);
	check(f, desk_reviewer_add(f->ada, "lea", ROLE_LEAD, false, &f->error), "lea");
	check(f, desk_reviewer_add(f->ada, "rita", ROLE_REVIEWER, false, &f->error), "rita");
	check(f, desk_reviewer_add(f->ada, "bo", ROLE_REVIEWER, false, &f->error), "bo");
	check(f, desk_reviewer_add(f->ada, "vic", ROLE_VIEWER, false, &f->error), "vic");
	desk_close(f->ada);
}

static void open_desks(struct fixture *f)
{
	f->ada = fixture_desk(f, "ada", false);
	f->lea = fixture_desk(f, "lea", false);
	f->rita = fixture_desk(f, "rita", false);
	f->bo = fixture_desk(f, "bo", false);
	f->vic = fixture_desk(f, "vic", false);
	place_keep(f->path);
}

void fixture_close_desks(struct fixture *f)
{
	struct desk **const desks[] = { &f->ada, &f->lea, &f->rita, &f->bo, &f->vic };

	place_keep(NULL);
	for (size_t i = 0; i < sizeof desks / sizeof *desks; i++) {
		desk_close(*desks[i]);
		*desks[i] = NULL;
	}
}

/* A place for the store, in a world that is isolated from the machine: no home, no data folders. */
void fixture_begin(struct fixture *f, char *path)
{
	static char data_home[256]; /* not in the fixture's arena: tests empty that arena */

	*f = (struct fixture){ 0 };
	test_world_init(&f->world, NOON);
	f->folder = temp_folder_make();
	f->path = path ? path : place_make(f->folder, "store.db");
	f->environment[0] = "HOME=/nonexistent";
	f->environment[1] = "XDG_DATA_DIRS=/nonexistent";
	(void)snprintf(data_home, sizeof data_home, "XDG_DATA_HOME=%s", f->folder);
	f->environment[2] = data_home;
	f->world.environment = f->environment;
}

static void begin_store(struct fixture *f)
{
	if (place_copied("desk", &f->path, f->folder, &f->world.seed))
		return;
	make_store(f);
	place_copy_keep("desk", f->path, f->folder, f->world.seed);
}

void fixture_init(struct fixture *f)
{
	begin_store(f);
	open_desks(f);
}

void fixture_open_at(struct fixture *f, char *path)
{
	fixture_begin(f, path);
	fixture_init(f);
}

void fixture_open_ready(struct fixture *f)
{
	fixture_begin(f, NULL);
	if (!place_copied("desk_ready", &f->path, f->folder, &f->world.seed)) {
		begin_store(f);
		open_desks(f);
		fixture_ready(f, "RAL-1");
		fixture_close_desks(f);
		place_copy_keep("desk_ready", f->path, f->folder, f->world.seed);
	}
	open_desks(f);
}

void fixture_in_production(struct fixture *f)
{
	struct desk *const all[] = { f->ada, f->lea, f->rita, f->bo, f->vic };

	check(f, store_begin(f->ada->store, STORE_WRITE, &f->error), "a transaction");
	check(f, store_info_set(f->ada->store, "sandbox", "0", &f->error), "production");
	check(f, store_commit(f->ada->store, &f->error), "a commit");
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		all[i]->store->sandbox = false;
	check(f, WITHIN(f, f->ada, STORE_SET, NULL, .part = "public_url", .text = "https://verify.example"),
	      "public_url");
}

struct desk *fixture_production_desk(struct fixture *f, const char *actor)
{
	struct desk *desk;

	sql_change(f, "UPDATE store_info SET value = '1' WHERE key = 'sandbox'");
	desk = fixture_desk(f, actor, false);
	sql_change(f, "UPDATE store_info SET value = '0' WHERE key = 'sandbox'");
	desk->store->sandbox = false;
	return desk;
}

/* Expects that lists and the case show the same data; cases that are marked for a recount are left out. */
static void expect_counted(struct fixture *f, char *row)
{
	char *space = strchr(row, ' ');
	struct case_view view;

	*space = '\0';
	check(f, desk_case(f->vic, &f->arena, row, false, &view, &f->error), row);
	const struct case_counts *is = &view.counts;
	const char *blocker = session_status_is_decided(view.file.session.status) ? "decided"
			      : is->clean					  ? "clean"
										  : blocker_code_text(is->blocker);
	const char *counted =
		arena_printf(&f->arena, "%d %d %d %d %d %d %d %d %d %s", (int)is->parties_total,
			     (int)is->parties_verified, (int)is->documents_total, (int)is->documents_accepted,
			     is->document_missing, is->document_rejected, is->party_open, is->hit_open,
			     is->waits_for_client + 2 * is->waits_for_party + 4 * is->waits_for_provider +
				     8 * is->waits_for_second_reviewer,
			     blocker);
	cr_expect_str_eq(space + 1, counted, "lists say %s of %s %s, which says %s", space + 1,
			 view.file.session.external_ref, row, counted);
}

static void expect_all_counted(struct fixture *f)
{
	enum { LOOKED_AT = 40 };
	const char *row = "0";

	for (int i = 0; i < LOOKED_AT; i++) {
		const char *sql = arena_printf(
			&f->arena,
			"SELECT id || ' ' || uuid || ' ' || parties_total || ' ' || parties_verified || ' ' || "
			"documents_total || ' ' || documents_accepted || ' ' || document_missing || ' ' || "
			"document_rejected || ' ' || party_open || ' ' || hit_open || ' ' || waiting || ' ' || "
			"coalesce(nullif(blocker, ''), "
			"CASE WHEN blocker IS NULL THEN 'decided' ELSE 'clean' END) FROM session "
			"WHERE id > %s AND id NOT IN (SELECT session_id FROM recount) ORDER BY id LIMIT 1",
			row);
		char *output = arena_strdup(&f->arena, sql_text(f, sql)), *space = strchr(output, ' ');

		if (!space)
			return;
		*space = '\0';
		row = output;
		expect_counted(f, space + 1);
	}
}

void fixture_audited(struct fixture *f)
{
	struct audit_verdict verdict;
	struct audit_differences differences;

	cr_assert_eq(desk_audit_verify(f->vic, &f->arena, &verdict, &f->error), ERR_OK, "%s", f->error.message);
	cr_expect(verdict.sound, "%s", verdict.reason);
	cr_assert_eq(
		desk_audit_compare(f->vic, &f->arena, &(struct audit_compare_options){ 0 }, &differences, &f->error),
		ERR_OK, "%s", f->error.message);
	cr_expect_eq(differences.count, 0, "%s", differences.sentence_count ? differences.sentences[0] : "");
	cr_expect_gt(differences.rows_compared, 20);
}

/* Expects that a production store would not refuse a change of any case, subject or row of the desk. */
static void expect_unrefused(struct fixture *f)
{
	int64_t last = sql_int(f, "SELECT max(n) FROM (SELECT max(id) AS n FROM session UNION SELECT max(id) FROM "
				  "subject UNION SELECT 0) AS s");
	struct store *store = f->ada->store;

	check(f, store_begin(store, STORE_WRITE, &f->error), "a transaction");
	for (int64_t owner = -last; owner <= last; owner++) {
		store->compared_owner_count = 0;
		cr_expect_eq(store_rows_compare_owner(store, owner, &f->error), ERR_OK, "%s", f->error.message);
	}
	store_rollback(store);
}

int64_t fixture_last_commitment(struct fixture *f)
{
	return sql_int(f, "SELECT coalesce(max(id), 0) FROM row_commitment");
}

static void write_pair(const char *path, const char *action, const char *table)
{
	FILE *file = fopen(path, "a");

	cr_assert(file, "%s", path);
	(void)fprintf(file, "%s %s\n", action, table);
	(void)fclose(file);
}

/* docs/verb-tables.md has a row "| `note.add` | `note` `session` |" for each action. */
static bool is_listed(const char *page, const char *action, const char *table)
{
	char row[120], word[64];
	const char *line, *end, *at;

	(void)snprintf(row, sizeof row, "| `%s` |", action);
	(void)snprintf(word, sizeof word, " `%s`", table);
	line = strstr(page, row);
	end = line ? strchr(line, '\n') : NULL;
	at = line ? strstr(line, word) : NULL;
	return at && at < end;
}

void fixture_expect_tables(struct fixture *f, int64_t after)
{
	static char *page;
	const char *out = getenv("KYBDESK_WRITE_TABLES");
	char *pairs = arena_strdup(
		&f->arena,
		sql_text(f, arena_printf(&f->arena,
					 "SELECT group_concat(pair) FROM (SELECT DISTINCT e.action || ' ' || "
					 "c.name AS pair FROM row_commitment AS c JOIN audit_event AS e ON e.seq = "
					 "c.seq WHERE c.id > %lld AND c.name NOT IN ('store_info', 'suspicion', "
					 "'suspicion_entry')) AS pairs",
					 (long long)after)));

	if (!page)
		page = temp_read(KYB_SOURCE_DIR "/docs/verb-tables.md", NULL);
	for (char *save = NULL, *pair = strtok_r(pairs, ",", &save); pair; pair = strtok_r(NULL, ",", &save)) {
		char *table = strchr(pair, ' ');

		*table++ = '\0';
		if (page && is_listed(page, pair, table))
			continue;
		if (out)
			write_pair(out, pair, table);
		else
			cr_expect_fail("%s changed a row of %s, which docs/verb-tables.md does not list: is that "
				       "right? Then write the page anew with tests/verb_tables.py",
				       pair, table);
	}
}

void fixture_verify(struct fixture *f)
{
	fixture_audited(f);
	expect_unrefused(f);
}

void fixture_close(struct fixture *f)
{
	if (!f->written) {
		expect_all_counted(f);
		fixture_verify(f);
		fixture_expect_tables(f, 0);
	}
	fixture_close_desks(f);
	arena_release(&f->arena);
	error_release(&f->error);
	temp_folder_remove(f->folder);
	*f = (struct fixture){ 0 };
	NO_LEAKS();
}

static void on_rejected(void *context, size_t line, const char *field, const char *message, const char *text,
			size_t length)
{
	(void)context;
	(void)length;
	cr_assert_fail("line %zu refused: %s: %s\n%s", line, field, message, text);
}

void fixture_import(struct fixture *f, const char *json)
{
	char *path = temp_path(f->folder, "case.ndjson");
	struct import_options options = { .folder = KYB_SOURCE_DIR "/data/samples",
					  .name = "case",
					  .on_rejected = on_rejected };
	struct import_report report = { 0 };

	temp_write(path, json, strlen(json));
	options.fd = open(path, O_RDONLY | O_CLOEXEC);
	check(f, desk_import(f->ada, &options, &report, &f->error), "import");
	close(options.fd);
	cr_assert_eq(report.imported + report.updated, 1);
}

static void add_document(struct strbuf *out, const char *type, const char *file, const char *review, bool last)
{
	strbuf_addf(out,
		    "{\"category\": \"COMPANY_INFO\", \"type\": \"%s\", \"file_name\": \"%s\", \"file\": \"files/%s\", "
		    "\"upload\": \"ready\", \"review\": \"%s\"}%s",
		    type, file, file, review, last ? "" : ",");
}

/* RAL-1 and CARD-1 have the date that tests expect; other cases have other dates, so that they are not duplicates. */
static const char *owner_born(struct fixture *f, const char *ref)
{
	unsigned number = 0;

	if (!strcmp(ref, "RAL-1") || !strcmp(ref, "CARD-1"))
		return "1984-02-11";
	for (; *ref; ref++)
		number = number * 31 + (unsigned char)*ref;
	return arena_printf(&f->arena, "19%02u-%02u-%02u", number % 80 + 10, number / 80 % 12 + 1,
			    number / 960 % 28 + 1);
}

void fixture_kyb(struct fixture *f, const struct kyb *kyb)
{
	const char *status = kyb->status ? kyb->status : "manual_review";
	const char *review = kyb->review ? kyb->review : "accepted";
	const char *own_tax_id = strcmp(kyb->ref, "RAL-1") ? kyb->ref : "GB123456789";
	struct strbuf json = STRBUF_INIT;

	strbuf_addf(&json,
		    "{\"external_ref\": \"%s\", \"workflow\": \"ralio-kyb\", \"kind\": \"kyb\", "
		    "\"merchant\": \"northwind-pay\", \"status\": \"%s\", "
		    "\"subject\": {\"uid\": \"%s\", \"kind\": \"business\", \"name\": \"Harbour Lane Trading "
		    "Ltd\", \"country\": \"GBR\", \"level\": \"%s\", \"tax_id\": \"%s\"}, "
		    "\"custom_tags\": {\"region\": \"emea\"}, "
		    "\"steps\": [{\"id\": \"company_info\", \"status\": \"completed\", \"fields\": {\"ssn\": "
		    "\"123-45-6789\"}}],\"documents\": [",
		    kyb->ref, status, kyb->uid ? kyb->uid : arena_printf(&f->arena, "biz-%s", kyb->ref),
		    kyb->level ? kyb->level : "LIGHT", kyb->tax_id ? kyb->tax_id : own_tax_id);
	add_document(&json, "MEMORANDUM_ARTICLES", "articles.pdf", review, false);
	add_document(&json, "BUSINESS_NUMBER", "number.pdf", review, false);
	add_document(&json, "PROOF_OF_ADDRESS", "address.pdf", review, false);
	add_document(&json, "DIRECTORS_SHAREHOLDERS_REG", "register.pdf", review, true);
	strbuf_addf(&json,
		    "], \"parties\": [{\"kind\": \"individual\", \"name\": \"Ines Duarte\", \"roles\": [\"ubo\"], "
		    "\"control_role\": \"CEO\", \"ownership_percent\": \"80\", \"owner_of\": null, \"country\": "
		    "\"PRT\", \"date_of_birth\": \"%s\", "
		    "\"session\": {\"workflow\": \"generic-kyc\", \"status\": \"%s\", \"steps\": [{\"id\": "
		    "\"identity\", \"status\": \"completed\"}], \"checks\": [{\"kind\": \"face_match\", \"status\": "
		    "\"passed\"}]}}], "
		    "\"created_at\": \"2026-11-19T10:00:00Z\", \"submitted_at\": \"2026-11-20T10:00:00Z\"%s}\n",
		    owner_born(f, kyb->ref), kyb->party ? kyb->party : "approved", kyb->more ? kyb->more : "");
	fixture_import(f, json.buf);
	strbuf_release(&json);
}

void fixture_ready(struct fixture *f, const char *ref)
{
	fixture_kyb(f, &(struct kyb){ .ref = ref });
}

void fixture_kyc(struct fixture *f, const char *ref, const char *status, const char *more)
{
	/* Adds a passed check, because typed steps alone verify nobody. */
	const char *steps = ", \"steps\": [{\"id\": \"identity\", \"status\": \"completed\"}]";
	const char *checks = ", \"checks\": [{\"kind\": \"face_match\", \"status\": \"passed\"}]";

	more = more ? more : "";
	if (strstr(more, "\"steps\""))
		steps = "";
	if (strstr(more, "\"checks\"") || strstr(more, "\"documents\""))
		checks = "";
	fixture_import(
		f, arena_printf(&f->arena,
				"{\"external_ref\": \"%s\", \"workflow\": \"generic-kyc\", \"kind\": \"kyc\", "
				"\"merchant\": \"northwind-pay\", \"status\": \"%s\", "
				"\"subject\": {\"uid\": \"ind-%s\", \"kind\": \"individual\", \"name\": \"Jo Reyes\"}, "
				"\"submitted_at\": \"2026-11-20T10:00:00Z\"%s%s%s}\n",
				ref, status, ref, steps, checks, more));
}

void fixture_endpoint(struct fixture *f)
{
	static const char *const events[] = { "*" };
	struct strbuf secret = STRBUF_INIT;
	struct endpoint endpoint;

	check(f,
	      desk_endpoint_add(f->ada, &f->arena, "northwind-pay", "https://hooks.example/kyb", events, 1, &endpoint,
				&secret, &f->error),
	      "endpoint");
	strbuf_wipe(&secret);
}

const char *sql_text(struct fixture *f, const char *sql)
{
	return place_text(&f->arena, f->path, sql);
}

int64_t sql_int(struct fixture *f, const char *sql)
{
	return strtoll(sql_text(f, sql), NULL, 10);
}

void sql_run(struct fixture *f, const char *sql)
{
	f->written = true;
	shell_run(f->path, sql);
}

void sql_change(struct fixture *f, const char *sql)
{
	struct store *store = f->ada->store;

	f->written = true;
	check(f, store_begin(store, STORE_WRITE, &f->error), "a transaction");
	if (strstr(sql, "store_info"))
		db_touch(store->db, "store_info", 0); /* SQLite does not report changes of this table */
	check(f, store->db->driver->run_script(store->db, sql, &f->error), sql);
	check(f, store_commit(store, &f->error), sql);
}

struct case_view fixture_case(struct fixture *f, const char *ref)
{
	struct case_view view;

	check(f, desk_case(f->vic, &f->arena, ref, false, &view, &f->error), "case");
	return view;
}

void fixture_reveal(struct fixture *f, struct desk *desk, const char *ref)
{
	struct case_view view;

	check(f, WITHIN(f, desk, CLAIM, ref), "claim");
	check(f, desk_case(desk, &f->arena, ref, true, &view, &f->error), "reveal");
	check(f, WITHIN(f, desk, RELEASE, ref), "release");
}

const char *fixture_status(struct fixture *f, const char *ref)
{
	return session_status_text(fixture_case(f, ref).file.session.status);
}

bool error_has_blocker(const struct error *error, const char *code)
{
	for (size_t i = 0; i < error->blocker_count; i++) {
		if (!strcmp(error->blockers[i].code, code))
			return true;
	}
	return false;
}

enum err fixture_use(struct fixture *f, struct desk *desk, const struct use_in *in)
{
	error_release(&f->error);
	return desk_do(desk, &f->arena, in, &f->out, &f->error);
}

enum err approve_at_once(struct fixture *f, struct desk *desk, const char *ref)
{
	return WITHIN(f, desk, APPROVE, ref, .has_grace = true);
}

enum err ask(struct fixture *f, struct desk *desk, const char *ref, const char *step, const char *document,
	     const char **link)
{
	const struct correction_request request = { .step_id = step,
						    .message = "Please send it again, whole.",
						    .document_types = document ? &document : NULL,
						    .document_type_count = document != NULL };
	enum err err = WITHIN(f, desk, CORRECTIONS, ref, .requests = &request, .request_count = 1);

	if (link)
		*link = f->out.link;
	return err;
}

enum err confirm_all(struct fixture *f, struct desk *desk, const char *ref)
{
	return WITHIN(f, desk, CONFIRM, ref, .all = true);
}

const char *fixture_shipped(struct fixture *f, const char *name)
{
	const struct resource *resource = resource_find_embedded(name);

	cr_assert(resource, "%s", name);
	return arena_strndup(&f->arena, (const char *)resource->bytes, resource->length);
}

const char *fixture_replaced(struct fixture *f, const char *text, const char *old, const char *new)
{
	const char *at = strstr(text, old);

	cr_assert(at, "no %s in %s", old, text);
	return arena_printf(&f->arena, "%.*s%s%s", (int)(at - text), text, new, at + strlen(old));
}

void fixture_install(struct fixture *f, const char *workflow, int version, const char *old, const char *new)
{
	const char *text = fixture_shipped(f, arena_printf(&f->arena, "workflows/%s.json", workflow));
	char *path = temp_path(f->folder, "changed.json");

	text = fixture_replaced(f, text, strstr(text, "\"version\": 3") ? "\"version\": 3" : "\"version\": 1",
				arena_printf(&f->arena, "\"version\": %d", version));
	text = fixture_replaced(f, text, old, new);
	temp_write(path, text, strlen(text));
	const struct use_in in = { .verb = VERB_WORKFLOW_INSTALL, .part = path };
	cr_assert_eq(fixture_use(f, f->ada, &in), ERR_OK, "%s", f->error.message);
}

const char *fixture_changed(struct fixture *f, const char *name, const char *old, const char *new, const char *file)
{
	const char *whole = fixture_replaced(f, fixture_shipped(f, name), old, new);
	char *path = temp_path(f->folder, file);

	temp_write(path, whole, strlen(whole));
	return path;
}

void fixture_accept_all(struct fixture *f, const char *ref)
{
	struct case_view view = fixture_case(f, ref);

	for (size_t i = 0; i < view.file.document_count; i++)
		check(f, WITHIN(f, f->rita, DOCUMENT_ACCEPT, ref, .part = view.file.documents[i].id), ref);
}

const char *fixture_kyc_id(struct fixture *f)
{
	return fixture_case(f, "RAL-1").file.parties[0].session_id;
}

/* The id of the case's document of this type, which is added unless the case has one. A side: adds its picture. */
static const char *file_of(struct fixture *f, const char *ref, const char *type, const char *side)
{
	static const char picture[] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\0";
	const struct case_view view = fixture_case(f, ref);
	struct strbuf bytes = STRBUF_INIT;

	for (size_t i = 0; i < view.file.document_count; i++) {
		const struct document *document = &view.file.documents[i];
		if (!document->replaced && !strcmp(document->type, type) && !side)
			return document->id;
	}
	strbuf_add(&bytes, picture, side ? sizeof picture - 1 : 0);
	/* The bytes differ by case and type. */
	strbuf_addf(&bytes,
		    side ? "%s %s IEND" : "%%PDF-1.4\n%% %s %s\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%%%EOF\n", ref,
		    type);
	check(f,
	      WITHIN(f, f->rita, DOCUMENT_ADD, ref, .capacity = CAPACITY_CLIENT, .type = type, .side = side,
		     .file_name = side ? "paper.png" : "paper.pdf", .bytes = bytes.buf, .length = bytes.len),
	      ref);
	strbuf_release(&bytes);
	return f->out.part_id;
}

void fixture_fill_avenia(struct fixture *f, const char *ref)
{
	const struct party_input owner = { .name = "Ana Reis",
					   .kind = PARTY_INDIVIDUAL,
					   .roles = 1u << ROLE_UBO,
					   .date_of_birth = "1988-07-22",
					   .tax_id = "390.533.447-05",
					   .control_role = "CEO",
					   .percent = "30" };
	const char *certificate = file_of(f, ref, "CERTIFICATE-OF-INCORPORATION", NULL);
	const char *tax = file_of(f, ref, "COMPANY-TAX-IDENTIFICATION-DOCUMENT", NULL);
	const char *passport = file_of(f, ref, "PASSPORT", "front");
	(void)file_of(f, ref, "PASSPORT", "back");

	check(f,
	      WITHIN(f, f->rita, PARTY_ADD, ref, .capacity = CAPACITY_CLIENT, .party = &owner,
		     .fields_json =
			     arena_printf(&f->arena,
					  "{\"countryOfTaxId\":\"BRA\",\"documentCountry\":\"BRA\","
					  "\"streetLine1\":\"Rua Aurora 456\",\"city\":\"Recife\",\"state\":\"PE\","
					  "\"zipCode\":\"50030-000\",\"country\":\"BRA\","
					  "\"uploadedIdentificationId\":\"%s\"}",
					  passport)),
	      ref);
	check(f,
	      WITHIN(f, f->rita, STEP_SAVE, ref, .capacity = CAPACITY_CLIENT, .part = "company",
		     .fields_json = arena_printf(
			     &f->arena,
			     "{\"uboIds\":[\"%s\"],\"companyLegalName\":\"Harbour Lane Trading Ltd\","
			     "\"companyRegistrationNumber\":\"42731085000128\","
			     "\"taxIdentificationNumberTin\":\"42.731.085/0001-28\","
			     "\"businessActivityDescription\":\"Wholesale of fish\",\"reasonForAccountOpening\":"
			     "\"receive_payments_for_goods_and_services\",\"sourceOfFundsAndIncome\":"
			     "\"sales_of_goods_and_services\",\"numberOfEmployees\":\"1-10\","
			     "\"estimatedAnnualRevenueUsd\":\"less_than_100k\",\"estimatedMonthlyVolumeUsd\":\"2000\","
			     "\"countryTaxResidence\":\"BRA\",\"companyStreetLine1\":\"Rua Aurora 456\","
			     "\"companyCity\":\"Leeds\",\"companyState\":\"ENG\",\"companyZipCode\":\"LS1 4AP\","
			     "\"companyCountry\":\"GBR\",\"certificateOfIncorporationDocumentId\":\"%s\","
			     "\"taxIdentificationDocumentId\":\"%s\"}",
			     f->out.part_id, certificate, tax)),
	      ref);
}

struct caller fixture_caller(struct fixture *f, const char *bearer)
{
	struct caller caller;

	cr_assert_eq(desk_auth_bearer(f->vic, &f->arena, bearer, &caller, &f->error), ERR_OK, "%s", f->error.message);
	return caller;
}
