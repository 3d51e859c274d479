/*
 * On a server, too, a process that can write the database can forge a row, its commitment and all later records so that
 * `audit verify` reports a sound store. An earlier signed checkpoint reveals the forgery. The test copies the store to
 * a file, forges the file with tests/stranger/trail.py, and copies the file to a new schema.
 */
#include "fault/cases.h"
#include "store/place.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(forged, .fini = site_tear_down);

#define STRANGER KYB_SOURCE_DIR "/tests/stranger/trail.py"

static void shell(const struct site *site, const char *command)
{
	struct process_result result;

	process_call(&result, site->environment, NULL, "sh", "-c", command, NULL);
	cr_assert_eq(result.status, 0, "%s: %s%s", command, result.out, result.err);
}

Test(forged, rows_of_a_server_are_shown_by_an_earlier_checkpoint, .timeout = 7200)
{
	struct site *site = site_make();
	char *key = site_path(site, "signing.key"), *file = site_path(site, "plain.db"),
	     *forged = site_path(site, "forged.db"), *command = NULL;
	int tries = test_is_long() ? 300 : 4;
	int64_t records;

	cases_bring(site, 1, 3);
	char *public_key = site_keep(site, "public.key", site_output(site, "audit", "key", key, "--new", NULL));
	site_expect(site, 0, "claim", "CASE-1", NULL);
	site_expect(site, 0, "note", "CASE-1", "looked at the register", NULL);
	site_expect(site, 0, "approve", "CASE-1", "--grace", "0", NULL);
	site_expect(site, 0, "reject", "CASE-2", "--reason", "duplicate_application", "--note", "explained in full",
		    NULL);
	records = site_number(site, "SELECT max(seq) FROM audit_event");
	char *checkpoint = site_keep(site, "checkpoint", site_output(site, "audit", "checkpoint", "--key", key, NULL));
	site_expect(site, 0, "copy", "--from", site->store, "--to", file, NULL);
	for (int i = 0; i < tries; i++) {
		char *place = place_make(NULL, NULL);

		command = test_text("rm -rf %s* && for end in '' -key .key -documents; do ! [ -e %s$end ] || cp -r "
				    "%s$end %s$end; done && python3 " STRANGER " forge %s %d %lld",
				    forged, file, file, forged, forged, i, (long long)records);
		shell(site, command);
		site_expect(site, 0, "copy", "--from", forged, "--to", place, NULL);
		site_expect(site, 0, "--store", place, "audit", "verify", NULL);
		site_expect(site, 8, "--store", place, "audit", "verify", "--key", public_key, "--checkpoint",
			    checkpoint, NULL);
		/* Drops each schema: creating a store looks at the relations of all schemas, and a server limits its
		 * locks. */
		shell_run(place, "SET client_min_messages = warning; DO $$ BEGIN EXECUTE 'DROP SCHEMA ' || "
				 "quote_ident(current_schema()) || ' CASCADE'; "
				 "END $$");
	}
	tried("%d of %d forged stores on a server shown by one checkpoint", tries, tries);
}
