/* stats, team, audit show: the same rows in every format, and only the parts that a role may read. */
#include "expect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void make(void)
{
	static const char *const people[][2] = { { "rita", "reviewer" }, { "vic", "viewer" }, { "lea", "lead" } };

	DONE("init", "--sandbox");
	for (size_t i = 0; i < sizeof people / sizeof *people; i++)
		DONE("reviewer", "add", people[i][0], "--role", people[i][1]);
	box_import_person(&box, "IND-1");
	box_import_person(&box, "IND-2");
	box_import_person(&box, "IND-3");
	DONE("--as", "rita", "claim", "IND-1");
	DONE("--as", "rita", "approve", "IND-1", "--grace", "0");
	DONE("--as", "rita", "reject", "IND-2", "--reason", "invalid_document", "--note", "explained in full");
	DONE("--as", "rita", "claim", "IND-3");
}

static void set_up(void)
{
	box_world(&box, "figures", make);
}
TestSuite(figures, .init = set_up, .fini = box_tear_down);

Test(figures, one_frame_in_every_form)
{
	char line[64];

	GIVES(("--as", "lea", "stats", "--since", "3d"), "data has 4"); /* today, too */
	SHOWS("data[3].approved = 1", "data[3].rejected = 1", "data[3].received = 3", "ageing[0].under_1d = 1",
	      "reasons[0].reason: invalid_document", "reasons[0].count = 1");
	(void)snprintf(line, sizeof line, "%s,3,1,1,0,0\r\n", json_path_text(box.json, "data[3].day"));
	DONE("--as", "lea", "stats", "--since", "3d", "--csv");
	cr_expect_eq(strncmp(box.last.out, "day,received,approved,rejected,corrections,automatic\r\n", 54), 0);
	PRINTS(line);
	DONE("--as", "lea", "stats", "--of", "decisions", "--ndjson");
	cr_expect_eq(strncmp(box.last.out, "{\"decision\":\"approve\",\"count\":1,\"share\":0.5}\n", 45), 0, "%s",
		     box.last.out);
	TELLS(("--as", "lea", "stats"), "14 days to ", "2 by people, 0 by the system", "approved          50.0 %",
	      "invalid_document");
	/* The figures have pages, like every list. */
	GIVES(("--as", "lea", "stats", "--of", "ageing", "--limit", "2"), "next: completed");
	GIVES(("--as", "lea", "stats", "--of", "ageing", "--after", "completed"), "data[0].inbox: pending");
	GIVES(("--as", "lea", "team"), "data has 3"); /* rita, lea, and the user that runs the tests */
	for (size_t i = 0; i < 3; i++) {
		const json_t *member = json_array_get(json_path(box.json, "data"), i);

		if (strcmp(json_path_text(member, "name"), "rita") != 0)
			continue;
		cr_expect_eq(json_path_int(member, "decisions"), 2);
		cr_expect_eq(json_path_int(member, "held"), 1);
		cr_expect_geq(json_path_int(member, "median_ms"), 0);
		cr_expect_geq(json_path_int(member, "idle_ms"), 0);
	}
	TELLS(("--as", "lea", "team", "--csv"), "\r\nrita,reviewer,false,1,0,");
}

Test(figures, reasons_and_lists_are_for_leads)
{
	static const char *const others[] = { "rita", "vic" };

	for (size_t i = 0; i < 2; i++) {
		DONE("--as", others[i], "stats");
		PRINTS_NOT("Reasons", "invalid_document", "list");
		DONE_JSON("--as", others[i], "stats");
		cr_expect(!json_path(box.json, "reasons") && !json_path(box.json, "lists"));
		FAILS(7, ("--as", others[i], "stats", "--of", "reasons"), "error.code: forbidden");
		ENDS(7, "--as", others[i], "stats", "--of", "lists", "--csv");
	}
	TELLS(("--as", "rita", "team", "--csv"), "rita");
	PRINTS_NOT("lea");
}

Test(figures, bad_input_is_named)
{
	REFUSED(9, "--since 'yesterday' is not valid", "stats", "--since", "yesterday");
	REFUSED(9, "--since '2999-01-01' is not valid", "stats", "--since", "2999-01-01");
	ENDS(9, "team", "--since", "500d");
	REFUSED(9, "Did you mean \"reasons\"?", "stats", "--of", "reson");
	REFUSED(9, "\"x\" is not the number of an audit record", "audit", "show", "x");
	REFUSED(6, "Unknown record \"99999\". The last record is ", "audit", "show", "99999");
	ENDS(9, "audit", "list", "--since", "1d", "--until", "2d");
}

Test(figures, the_log_by_actor_action_and_time)
{
	char number[24];

	GIVES(("audit", "list", "--actor", "rita", "--action", "claim"), "data has 2");
	TELLS(("audit", "list", "--action", "session", "--since", "1h", "--csv"), ",session.approve,");
	PRINTS_NOT(",claim,");
	GIVES(("audit", "list", "IND-1", "--actor", "rita", "--until", "1h"), "data has 0");
	DONE_JSON("audit", "list", "--action", "reviewer.add", "--limit", "3");
	(void)snprintf(number, sizeof number, "%lld", json_path_int(box.json, "data[2].seq"));
	GIVES(("audit", "show", number), "action: reviewer.add", "detail.reviewer: rita");
	TELLS(("audit", "show", number), ", reviewer.add\n", "reviewer: rita");
}
