/* Declares and verifies parties from inside their case, while a second workbench shows the same case. */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct terminal *ana, *bo;

#define VIEWER(type)                                                                                                   \
	"{\"category\":\"COMPANY_INFO\",\"type\":\"" type "\",\"file_name\":\"a.pdf\",\"file\":\"a.pdf\","             \
	"\"upload\":\"ready\",\"review\":\"accepted\"}"
/* A company with accepted documents: its blocker is that no party is declared. */
static const char company[] =
	"{\"external_ref\":\"SHOP-1\",\"workflow\":\"ralio-kyb\",\"kind\":\"kyb\",\"merchant\":"
	"\"shop\",\"status\":\"manual_review\",\"subject\":{\"kind\":\"business\",\"name\":\"Quinta "
	"Verde\",\"level\":\"LIGHT\",\"country\":\"PRT\",\"registration_number\":\"PT7741\"},\"steps\":[{\"id\":"
	"\"company_info\",\"status\":\"completed\",\"fields\":{\"business_activity\":\"Wine\"}}],\"documents\":"
	"[" VIEWER("MEMORANDUM_ARTICLES") "," VIEWER("BUSINESS_NUMBER") "," VIEWER("PROOF_OF_ADDRESS") "," VIEWER(
		"DIRECTORS_SHAREHOLDERS_REG") "],\"submitted_at\":\"2026-01-01T00:00:"
					      "00Z\"}\n";

static void set_up(void)
{
	static const char pdf[] = "%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n";
	bench_open(&bench);
	temp_write(temp_path(bench.folder, "a.pdf"), pdf, strlen(pdf));
	bench_import(&bench, company);
}
static void tear_down(void)
{
	terminal_free(ana);
	terminal_free(bo);
	bench_close(&bench);
}
TestSuite(parties, .init = set_up, .fini = tear_down);

static void open_parties(void)
{
	ana = bench_start(&bench, "ana", 24, 80, "C.UTF-8", NULL);
	SEES(ana, "Quinta Verde");
	TYPES(ana, "\r", "SHOP-1");
	TYPES(ana, "3", "No related parties are declared");
}

struct declared {
	const char *name, *kind, *role, *control, *country, *birth, *of, *percent; /* birth: "" of a company */
};

/* Fills in the form as a user does: Tab moves to the next field, letters choose an item of a list. */
static void fill_in(const struct declared *party)
{
	const char *const fields[] = { party->name,  party->of,	     party->percent, party->role,
				       party->birth, party->country, party->kind,    party->control };
	OPENS(ana, "+", "New party of Quinta Verde");
	for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
		terminal_type(ana, fields[i]);
		terminal_press(ana, TERMINAL_TAB);
	}
	RESTS(ana);
}

static void declare(const struct declared *party)
{
	char output[64];
	fill_in(party);
	terminal_type(ana, "y");
	(void)snprintf(output, sizeof output, "Declared %s", party->name);
	SEES(ana, output);
}

static void declare_all(void)
{
	declare(&(struct declared){ "Verde Holding", "comp", "jj ", "", "neth", "", "", "80" });
	declare(&(struct declared){ "Ines Duarte", "ind", " ", "ceo", "port", "1984-02-11", "hold", "60" });
	declare(&(struct declared){ "Tomas Reis", "ind", " ", "", "port", "1991-09-30", "hold", "40" });
}

static void approve_party(const char *name)
{
	char title[64];
	terminal_type(ana, "j");
	RESTS(ana);
	terminal_press(ana, TERMINAL_ENTER);
	(void)snprintf(title, sizeof title, "Approve %s", name);
	SEES(ana, "generic-kyc");
	TYPES(ana, "a", title);
	SEES(ana, "back to Quinta Verde");
	RESTS(ana);
	TYPES(ana, "y", "3 Parties");
	SEES(ana, "SHOP-1");
}

Test(parties, a_company_with_two_owners_goes_green_while_another_watches)
{
	open_parties();
	declare_all();
	SEES(ana, "├─ Ines Duarte");
	SEES(ana, "60 % → 48 %");
	SEES(ana, "└─ Tomas Reis");
	SEES(ana, "40 % → 32 %");

	bo = bench_start(&bench, "bo", 24, 80, "C.UTF-8", NULL);
	SEES(bo, "Quinta Verde");
	TYPES(bo, "\r", "✗ Ines Duarte is not verified");
	SEES(bo, "✗ Tomas Reis is not verified");

	approve_party("Ines Duarte");
	SEES_NO_MORE(bo, "Ines Duarte is not verified");
	cr_expect(terminal_shows(bo, "✗ Tomas Reis is not verified"), "%s", terminal_screen(bo));
	approve_party("Tomas Reis");
	SEES(ana, "Approved Tomas Reis · all parties verified");
	SEES_NO_MORE(bo, "Tomas Reis is not verified");
	SEES(bo, "All parties are verified in Quinta Verde");
	cr_expect_not(terminal_shows(bo, "✗"), "%s", terminal_screen(bo));

	OPENS(ana, "a", "LIGHT → REGULAR");
	terminal_type(ana, "y");
	SEES(bo, "APPROVED");
}

Test(parties, what_is_wrong_is_said_while_it_is_typed_and_enter_saves_nothing)
{
	open_parties();
	fill_in(&(struct declared){ "Ines Duarte", "ind", " ", "", "port", "1984-13-11", "", "120" });
	SEES(ana, "The date of birth is not a date");
	SEES(ana, "\"120\" is not a percentage");
	TYPES(ana, "\r", "No related parties are declared"); /* the focus is on the harmless button */
	cr_assert_eq(bench_run(&bench, "party", "list", "SHOP-1", "--json", NULL), 0, "%s", bench.last.err);
	cr_expect_null(strstr(bench.last.out, "Ines"), "%s", bench.last.out);
}

Test(parties, a_new_link_is_shown_once)
{
	open_parties();
	declare(&(struct declared){ "Ines Duarte", "ind", " ", "ceo", "port", "1984-02-11", "", "100" });
	SEES(ana, "open KYC"); /* the list shows the party */
	OPENS(ana, "l", "y make the link");
	TYPES(ana, "y", "/s/");
	SEES(ana, "y copy it");
	CLOSES(ana, ESC, "/s/");
}

Test(parties, a_duplicate_is_compared_and_dismissed)
{
	char *first = clear_person("TWIN-1", "Dora Silva"), *second = clear_person("TWIN-1", "Rita Silva");
	char *reference = strstr(second, "TWIN-1"); /* the second has another name and reference, but the same tax id */
	reference[5] = '2';
	bench_import(&bench, first);
	bench_import(&bench, second);
	ana = bench_start(&bench, "ana", 24, 80, "C.UTF-8", NULL);
	SEES(ana, "Dora Silva");
	TYPES(ana, "/dora\r", "1 case");
	TYPES(ana, "\r", "has the same tax id");
	TYPES(ana, "\r", "Dora Silva                   Rita Silva");
	SEES(ana, "y record it");
	RESTS(ana);
	terminal_press(ana, TERMINAL_TAB);
	terminal_type(ana, " "); /* two different applicants */
	TYPES(ana, "\ta typing error at the merchant\ty", "Not the same applicant: Rita Silva");
	SEES_NO_MORE(ana, "has the same tax id");
}

Test(parties, a_snoozed_case_leaves_the_queue_and_can_be_woken)
{
	ana = bench_start(&bench, "ana", 24, 80, "C.UTF-8", NULL);
	SEES(ana, "Quinta Verde");
	TYPES(ana, "\r", "SHOP-1");
	OPENS(ana, "z", "y snooze");
	TYPES(ana, "\t3\twaits for the register\ty", "Snoozed Quinta Verde");
	cr_assert_eq(bench_run(&bench, "next", NULL), 6, "%s", bench.last.out);
	TYPES(ana, "z", "waits for the register");
	SEES(ana, "y end snooze");
	RESTS(ana);
	TYPES(ana, "y", "Back in the queue");
	cr_assert_eq(bench_run(&bench, "next", NULL), 0, "%s", bench.last.err);
}

Test(parties, removing_after_it_was_handed_in_needs_a_reason)
{
	open_parties();
	declare(&(struct declared){ "Ines Duarte", "ind", " ", "ceo", "port", "1984-02-11", "", "100" });
	SEES(ana, "open KYC");
	OPENS(ana, "d", "y remove");
	OPENS(ana, "y", "To remove a party, give a reason of at least");
	TYPES(ana, "\tdeclared twice\ty", "Removed Ines Duarte");
	SEES(ana, "removed by ana");
}
