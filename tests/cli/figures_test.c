/* stats, team, audit show: one frame of rows in every form, and which part which role reads. The figures: tests/unit/desk. */
#include "box.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void set_up(void)
{
	static const char *const people[][2] = { { "rita", "reviewer" }, { "vic", "viewer" }, { "lea", "lead" } };

	box_set_up();
	for (size_t i = 0; i < sizeof people / sizeof *people; i++)
		cr_assert_eq(box_run(&box, "reviewer", "add", people[i][0], "--role", people[i][1], NULL), 0, "%s",
			     box.last.err);
	box_import_person(&box, "IND-1");
	box_import_person(&box, "IND-2");
	box_import_person(&box, "IND-3");
	cr_assert_eq(box_run(&box, "--as", "rita", "claim", "IND-1", NULL), 0);
	cr_assert_eq(box_run(&box, "--as", "rita", "approve", "IND-1", "--grace", "0", NULL), 0, "%s",
		     box.last.err);
	cr_assert_eq(box_run(&box, "--as", "rita", "reject", "IND-2", "--reason", "invalid_document", NULL), 0,
		     "%s", box.last.err);
	cr_assert_eq(box_run(&box, "--as", "rita", "claim", "IND-3", NULL), 0);
}
TestSuite(figures, .init = set_up, .fini = box_tear_down);

Test(figures, one_frame_in_every_form)
{
	char line[64];

	cr_assert_eq(box_json(&box, "--as", "lea", "stats", "--since", "3d", NULL), 0, "%s", box.last.out);
	cr_expect_eq(json_array_size(json_path(box.json, "data")), 4); /* today, too */
	cr_expect_eq(json_path_int(box.json, "data[3].approved"), 1);
	cr_expect_eq(json_path_int(box.json, "data[3].rejected"), 1);
	cr_expect_eq(json_path_int(box.json, "data[3].received"), 3);
	cr_expect_eq(json_path_int(box.json, "ageing[0].under_1d"), 1);
	cr_expect_str_eq(json_path_text(box.json, "reasons[0].reason"), "invalid_document");
	cr_expect_eq(json_path_int(box.json, "reasons[0].count"), 1);
	(void)snprintf(line, sizeof line, "%s,3,1,1,0,0\r\n", json_path_text(box.json, "data[3].day"));
	cr_assert_eq(box_run(&box, "--as", "lea", "stats", "--since", "3d", "--csv", NULL), 0);
	cr_expect_eq(strncmp(box.last.out, "day,received,approved,rejected,corrections,automatic\r\n", 54), 0);
	cr_expect(strstr(box.last.out, line), "%s%s", line, box.last.out);
	cr_assert_eq(box_run(&box, "--as", "lea", "stats", "--of", "decisions", "--ndjson", NULL), 0);
	cr_expect_eq(strncmp(box.last.out, "{\"decision\":\"approve\",\"count\":1,\"share\":0.5}\n", 45), 0, "%s",
		     box.last.out);
	cr_assert_eq(box_run(&box, "--as", "lea", "stats", NULL), 0);
	cr_expect(strstr(box.last.out, "14 days to ") && strstr(box.last.out, "2 by people, 0 by the system") &&
			  strstr(box.last.out, "approved          50.0 %") &&
			  strstr(box.last.out, "invalid_document"),
		  "%s", box.last.out);
	/* In pages, as every list. */
	cr_assert_eq(box_json(&box, "--as", "lea", "stats", "--of", "ageing", "--limit", "2", NULL), 0);
	cr_expect_str_eq(json_path_text(box.json, "next"), "completed");
	cr_assert_eq(box_json(&box, "--as", "lea", "stats", "--of", "ageing", "--after", "completed", NULL), 0);
	cr_expect_str_eq(json_path_text(box.json, "data[0].inbox"), "pending");
	cr_assert_eq(box_json(&box, "--as", "lea", "team", NULL), 0);
	cr_expect_eq(json_array_size(json_path(box.json, "data")),
		     3); /* rita, lea, and the user that runs the tests */
	for (size_t i = 0; i < 3; i++) {
		const json_t *member = json_array_get(json_path(box.json, "data"), i);

		if (strcmp(json_path_text(member, "name"), "rita") != 0)
			continue;
		cr_expect_eq(json_path_int(member, "decisions"), 2);
		cr_expect_eq(json_path_int(member, "held"), 1);
		cr_expect_geq(json_path_int(member, "median_ms"), 0);
		cr_expect_geq(json_path_int(member, "idle_ms"), 0);
	}
	cr_assert_eq(box_run(&box, "--as", "lea", "team", "--csv", NULL), 0);
	cr_expect(strstr(box.last.out, "\r\nrita,reviewer,false,1,0,"), "%s", box.last.out);
}

Test(figures, reasons_and_lists_are_for_leads)
{
	static const char *const others[] = { "rita", "vic" };

	for (size_t i = 0; i < 2; i++) {
		cr_assert_eq(box_run(&box, "--as", others[i], "stats", NULL), 0, "%s", box.last.err);
		cr_expect(!strstr(box.last.out, "Reasons") && !strstr(box.last.out, "invalid_document") &&
				  !strstr(box.last.out, "list"),
			  "%s", box.last.out);
		cr_assert_eq(box_json(&box, "--as", others[i], "stats", NULL), 0);
		cr_expect(!json_path(box.json, "reasons") && !json_path(box.json, "lists"));
		cr_expect_eq(box_json(&box, "--as", others[i], "stats", "--of", "reasons", NULL), 7);
		cr_expect_str_eq(error_code(&box), "forbidden");
		cr_expect_eq(box_run(&box, "--as", others[i], "stats", "--of", "lists", "--csv", NULL), 7);
	}
	cr_assert_eq(box_run(&box, "--as", "rita", "team", "--csv", NULL), 0);
	cr_expect(strstr(box.last.out, "rita") && !strstr(box.last.out, "lea"), "%s", box.last.out);
}

Test(figures, bad_input_is_named)
{
	cr_expect_eq(box_run(&box, "stats", "--since", "yesterday", NULL), 9);
	cr_expect(strstr(box.last.err, "--since is 'yesterday'"), "%s", box.last.err);
	cr_expect_eq(box_run(&box, "stats", "--since", "2999-01-01", NULL), 9);
	cr_expect(strstr(box.last.err, "--since is '2999-01-01'"), "%s", box.last.err);
	cr_expect_eq(box_run(&box, "team", "--since", "500d", NULL), 9);
	cr_expect_eq(box_run(&box, "stats", "--of", "reson", NULL), 9);
	cr_expect(strstr(box.last.err, "Did you mean \"reasons\"?"), "%s", box.last.err);
	cr_expect_eq(box_run(&box, "audit", "show", "x", NULL), 9);
	cr_expect(strstr(box.last.err, "\"x\" is not the number of an audit record"), "%s", box.last.err);
	cr_expect_eq(box_run(&box, "audit", "show", "99999", NULL), 6);
	cr_expect(strstr(box.last.err, "Unknown record \"99999\". The last record is "), "%s", box.last.err);
	cr_expect_eq(box_run(&box, "audit", "list", "--since", "1d", "--until", "2d", NULL), 9);
}

Test(figures, the_log_by_actor_action_and_time)
{
	char number[24];

	cr_assert_eq(box_json(&box, "audit", "list", "--actor", "rita", "--action", "claim", NULL), 0);
	cr_expect_eq(json_array_size(json_path(box.json, "data")), 2);
	cr_assert_eq(box_run(&box, "audit", "list", "--action", "session", "--since", "1h", "--csv", NULL), 0);
	cr_expect(strstr(box.last.out, ",session.approve,") && !strstr(box.last.out, ",claim,"), "%s",
		  box.last.out);
	cr_assert_eq(box_json(&box, "audit", "list", "IND-1", "--actor", "rita", "--until", "1h", NULL), 0);
	cr_expect_eq(json_array_size(json_path(box.json, "data")), 0);
	cr_assert_eq(box_json(&box, "audit", "list", "--action", "reviewer.add", "--limit", "3", NULL), 0);
	(void)snprintf(number, sizeof number, "%lld", json_path_int(box.json, "data[2].seq"));
	cr_assert_eq(box_json(&box, "audit", "show", number, NULL), 0, "%s", box.last.out);
	cr_expect_str_eq(json_path_text(box.json, "action"), "reviewer.add");
	cr_expect_str_eq(json_path_text(box.json, "detail.reviewer"), "rita");
	cr_assert_eq(box_run(&box, "audit", "show", number, NULL), 0);
	cr_expect(strstr(box.last.out, ", reviewer.add\n") && strstr(box.last.out, "reviewer: rita"), "%s",
		  box.last.out);
}
