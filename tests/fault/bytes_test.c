/* Two cases have the same file: if one case is deleted, or a process is killed, the other case keeps its bytes. */
#include "fault/site.h"
#include "support/tried.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

TestSuite(bytes, .fini = site_tear_down);

static void write_document(const struct site *site, const char *name, unsigned number)
{
	struct lines pdf = { 0 };
	char *path = site_path(site, name);
	lines_add(&pdf, "%%PDF-1.4\n%% paper %u\n%%%%EOF\n", number);
	temp_write(path, pdf.text, pdf.length);
}

static void add_draft(struct lines *lines, const char *reference, unsigned number, const char *documents)
{
	lines_add(lines,
		  "{\"external_ref\":\"%s-%u\",\"workflow\":\"ralio-kyb\",\"kind\":\"kyb\",\"merchant\":"
		  "\"northwind-pay\",\"status\":\"draft\",\"subject\":{\"uid\":\"%s-%u\",\"kind\":\"business\","
		  "\"name\":\"Paper %u Ltd\",\"country\":\"GBR\"}%s}\n",
		  reference, number, reference, number, number, documents);
}

/* Imports pairs of cases: GONE-1, GONE-2 … with one document each, STAY-1, STAY-2 … without documents. */
static void bring_pairs(const struct site *site, unsigned count)
{
	struct lines lines = { 0 };
	char *input = site_path(site, "pairs.ndjson");
	for (unsigned i = 1; i <= count; i++) {
		char name[32], documents[160];
		(void)snprintf(name, sizeof name, "paper-%u.pdf", i);
		(void)snprintf(
			documents, sizeof documents,
			",\"documents\":[{\"type\":\"BUSINESS_NUMBER\",\"file\":\"%s\",\"file_name\":\"a.pdf\"}]",
			name);
		write_document(site, name, i);
		add_draft(&lines, "GONE", i, documents);
		add_draft(&lines, "STAY", i, "");
	}
	temp_write(input, lines.text, lines.length);
	site_expect(site, 0, "import", input, NULL);
}

static char *bytes_of_document(const struct site *site, const char *reference)
{
	struct lines sql = { 0 };
	lines_add(&sql,
		  "SELECT sha256 FROM document WHERE session_id = (SELECT id FROM session WHERE external_ref = '%s')",
		  reference);
	char *hash = site_rows(site, sql.text);
	cr_assert_eq(strlen(hash), 64, "%s has no document: '%s'", reference, hash);
	return temp_read(test_text("%s-documents/%.2s/%s", site->store, hash, hash), NULL);
}

/* Starts both processes at nearly the same time; their order and the pause between them are random. */
static void start_both(struct site *site, struct process **adding, const char *stay, const char *document,
		       struct process **deleting, const char *gone)
{
	unsigned pause_ms = (unsigned)site_random(site, 8);
	if (site_random(site, 2)) {
		*deleting = site_start(site, "delete", gone, NULL);
		test_sleep_ms(pause_ms);
		*adding = site_start(site, "document", "add", stay, "BUSINESS_NUMBER", document, NULL);
	} else {
		*adding = site_start(site, "document", "add", stay, "BUSINESS_NUMBER", document, NULL);
		test_sleep_ms(pause_ms);
		*deleting = site_start(site, "delete", gone, NULL);
	}
}

static void ends_well(struct process *process, const char *what)
{
	struct process_result result;
	cr_assert(process_wait(process, 60000, &result), "%s does not end", what);
	cr_assert_eq(result.status, 0, "%s ended with %d: %s", what, result.status, result.err);
	process_free(process);
}

static size_t staged_names(const struct site *site)
{
	size_t count = 0;
	char *path = test_text("%s-documents/staging", site->store);
	DIR *folder = opendir(path);
	cr_assert(folder, "%s", path);
	for (const struct dirent *entry; (entry = readdir(folder));)
		count += entry->d_name[0] != '.';
	(void)closedir(folder);
	return count;
}

Test(bytes, of_a_document_stay_when_a_case_with_the_same_file_is_deleted_meanwhile)
{
	const unsigned rounds = test_is_long() ? 10000 : 60;
	unsigned lost = 0;
	struct site *site = site_make();
	bring_pairs(site, rounds);
	for (unsigned i = 1; i <= rounds; i++) {
		char gone[32], stay[32], document[32];
		struct process *adding, *deleting;
		(void)snprintf(gone, sizeof gone, "GONE-%u", i);
		(void)snprintf(stay, sizeof stay, "STAY-%u", i);
		(void)snprintf(document, sizeof document, "paper-%u.pdf", i);
		start_both(site, &adding, stay, document, &deleting, gone);
		ends_well(adding, "document add");
		ends_well(deleting, "delete");
		char *bytes = bytes_of_document(site, stay);
		lost += !bytes;
	}
	tried("%u rounds, %u documents without their bytes", rounds, lost);
	cr_expect_eq(lost, 0);
	cr_expect_eq(staged_names(site), 0);
	site_expect(site, 0, "doctor", NULL);
	site_is_sound(site);
}

/* A process that adds a document or deletes a case is killed at a random point; the other process must succeed. */
Test(bytes, of_a_document_stay_when_processes_are_killed_that_add_and_delete)
{
	const unsigned rounds = test_is_long() ? 5000 : 40;
	unsigned killed = 0;
	struct site *site = site_make();
	bring_pairs(site, rounds);
	long long began = test_clock_ms();
	site_expect(site, 0, "inbox", NULL);
	double window_ms = (double)(test_clock_ms() - began) * 2 + 1;
	for (unsigned i = 1; i <= rounds; i++) {
		char gone[32], stay[32], document[32];
		struct process *adding, *deleting;
		struct process_result result;
		(void)snprintf(gone, sizeof gone, "GONE-%u", i);
		(void)snprintf(stay, sizeof stay, "STAY-%u", i);
		(void)snprintf(document, sizeof document, "paper-%u.pdf", i);
		start_both(site, &adding, stay, document, &deleting, gone);
		struct process *victim = site_random(site, 2) ? adding : deleting;
		struct process *other = victim == adding ? deleting : adding;
		test_sleep_ms((unsigned)site_random(site, (uint64_t)window_ms + 1));
		process_signal(victim, SIGKILL);
		cr_assert(process_wait(victim, 60000, &result));
		cr_assert(result.status == 0 || result.status == 128 + SIGKILL, "%d %s", result.status, result.err);
		killed += result.status != 0;
		/* Adjusts the window so that half of the processes survive and the kills hit every part of a run. */
		window_ms *= result.status ? 1.02 : 0.98;
		process_free(victim);
		ends_well(other, victim == adding ? "delete" : "document add");
	}
	tried("%u rounds, %u killed", rounds, killed);
	cr_expect(killed, "none was killed: this was no trial");
	/* doctor reads and hashes the bytes of each document. */
	site_expect(site, 0, "doctor", NULL);
	site_is_sound(site);
}
