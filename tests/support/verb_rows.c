/* The table of the rows of verb_rows.h, and macros that the rows use. */
#include "verb_rows.h"

#include <assert.h>

/* --- capacities --- */

#define AS(NAME) (1u << CAPACITY_##NAME)
#define CLIENT AS(CLIENT)
#define MERCHANT AS(MERCHANT)
#define INTAKE AS(INTAKE)
#define SYSTEM AS(SYSTEM)
#define OWNERS (CLIENT | MERCHANT | INTAKE)
#define REPORTERS (AS(PROVIDER) | AS(SIMULATOR) | INTAKE)
#define KEY BY_KEY		   /* API key of a merchant, on its own data */
#define SANDBOX_KEY BY_SANDBOX_KEY /* the same, only in a sandbox */
#define OWN_KEY BY_OWN_KEY	   /* API key of a reviewer */

/* --- reasons why a front end does not have a verb --- */

#define THE_SYSTEMS "the system's: done at its time, or by the next reader of the case"
#define FROM_IMPORT "a part of a line of an import"
#define FOR_CLIENT "its client or merchant does it; by a command in their place"
#define FROM_PROVIDER "a provider reports it; by a command in its place"
#define ABOUT_DESK "about the desk, not about a case"
#define ABOUT_INTEGRATION "about merchants and their integration, not about a case"

/* --- commands, and their setup (shell functions of tests/cli/matrix_test.c) --- */

/* Values of --for, in the order of the command's help. */
#define FOR_OWNERS "intake client merchant"
#define FOR_REPORTERS "intake provider simulator"
#define LONG "'said in more than ten characters'"
#define A_KEY "echo ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIz2Qfvyf2rSIbijgWQVt/k++XLE245xjYV6rqNlp9FX ana@desk >key.pub"
#define AN_ENDPOINT "k endpoint add --merchant shop --url https://hooks.example/k --event '*'"
#define ALONE "is supervised and cannot decide alone"
#define HIT "SELECT uuid FROM hit"
#define CORRECTION "SELECT uuid FROM correction"
#define REPORTED "k suspicion open RAL-1 --reason " LONG
#define OVERDUE "person OLD-1 expired ',\"expires_at\":\"2015-11-20T11:00:00Z\"'"
#define ASKED "ask"
#define ANSWERED "ask; k correction answer RAL-1 \"$(first RAL-1 corrections)\" --words 'That is it.'"
#define STARTED "k session start DRA-1 --for client; papers DRA-1"
#define WITH_ACCOUNT "account"
#define WITH_ORDER                                                                                                     \
	"account; k sandbox fund \"$(\"$K\" --json sandbox account list | sed -n "                                     \
	"'s/.*\"id\":\"\\([^\"]*\\)\",\"merchant.*/\\1/p')\" 5 --hold"
#define RENAMED                                                                                                        \
	"k document add AVE-1 CERTIFICATE-OF-INCORPORATION a.pdf --for client; "                                       \
	"k document accept AVE-1 CERTIFICATE-OF-INCORPORATION; "                                                       \
	"k step edit AVE-1 company --field 'companyLegalName=QUAY AND SONS LTD' --reason " LONG
#define REJECTED                                                                                                       \
	"k session open atelio-beneficial-owner --merchant shop --subject-kind individual --uid ana-ATE-1 --name "     \
	"'Ana Sousa' --ref ATE-1 --for merchant; "                                                                     \
	"k reject ATE-1 --reason data_mismatch --note explained-in-full --retryable --grace 0"

#define NOWHERE(why) .no_action = (why), .no_command = (why)
#define COMMANDS(...) .commands = { __VA_ARGS__ }
#define TABLE_ROW(NAME, least_, capacities_, case_, screen, ...)                                                       \
	[VERB_##NAME] = { .least = (least_), .capacities = (capacities_), __VA_ARGS__ },
const struct verb_row verb_rows[VERB_COUNT] = { VERB_ROWS(TABLE_ROW) };

#define ONE(...) +1
static_assert(0 VERB_ROWS(ONE) == VERB_COUNT, "a verb of verbs.h has no row in verb_rows.h");
