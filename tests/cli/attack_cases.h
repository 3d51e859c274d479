/*
 * The cases that the tests of attacks begin with, and the attacks that need more than one command: for the front end of
 * commands (attack_test.c) and for the screen (tests/screen/attack_test.c).
 */
#ifndef KYB_TESTS_CLI_ATTACK_CASES_H
#define KYB_TESTS_CLI_ATTACK_CASES_H

#include "box.h"

#define AS(name) "--as", name

#define HIT(name, class_)                                                                                              \
	"[{\"name\":\"" name "\",\"list\":\"OFAC SDN\",\"class\":\"" class_ "\",\"score\":0.9,\"state\":\"open\"}"     \
	"]"
#define WITHOUT_MORE "\"risk_score\":42"
#define WITH_HIT                                                                                                       \
	"\"checks\":[{\"kind\":\"watchlist\",\"status\":\"hit\",\"hits\":[{\"name\":\"Ines Duarte\",\"list\":"         \
	"\"Officials\",\"class\":\"pep\",\"score\":0.9,\"state\":\"open\"}]}],\"risk_score\":42"
#define WITH_CHECK_IN_ERROR WITHOUT_MORE ",\"checks\":[{\"kind\":\"crypto\",\"status\":\"error\"}]"
#define LAST_DOCUMENT "\"type\":\"DIRECTORS_SHAREHOLDERS_REG\""
#define ONE_MORE(type, name)                                                                                           \
	"\"type\":\"" type "\",\"file_name\":\"" name "\",\"file\":\"a.pdf\",\"upload\":\"ready\"},{"
#define CEO "\"control_role\":\"CEO\","
#define KYC_STEPS                                                                                                      \
	",\"checks\":[{\"kind\":\"face_match\",\"status\":\"passed\"}],\"steps\":[{\"id\":\"identity\","               \
	"\"status\":\"completed\"}]}}]}"

/* Opens a sandbox with the files of box_write_files(), rita (reviewer) and lea (lead). */
void attack_open(struct box *box);
/* Opens a production store in place of the box's store. Only the user that runs the tests can decide in it. */
void attack_in_production(struct box *box);

/* The import line of the company RAL-1 with `to` in place of the first `from`. */
char *attack_line(const char *from, const char *to);
void attack_import(struct box *box, const char *from, const char *to);
/* Imports attack_line(from, to), and resolves everything that blocks the unchanged company. */
void attack_ready_with(struct box *box, const char *from, const char *to);
void attack_ready(struct box *box);
/* Imports attack_line(from, to) over the existing case: the import must refuse it and leave the case unchanged. */
void attack_import_is_refused(struct box *box, const char *from, const char *to);
/* The id at this path in the output of `LIST list RAL-1`. */
char *attack_id_of(struct box *box, const char *list, const char *path);

void attack_replace_owner(struct box *box, const char *who);
/* Rejects the KYC of the only owner, for a restricted reason. */
void attack_reject_kyc(struct box *box, const char *who);
void attack_import_kyc_rejected(struct box *box);

#define ID_DOCUMENT "8b3e1a72-5c9f-4d2e-b847-000000000001"
#define NAMES_DOCUMENT "\"uploadedIdentificationId\":\"" ID_DOCUMENT "\""
/* Imports two owners with these fields, and one ID document; accepts the document if it is whole (`side` is ""). */
void attack_two_owners(struct box *box, const char *first, const char *second, const char *side);

/* An import line of a person's completed case, with the final decision "approved" in its results. */
char *attack_decided_line(void);

#endif
