/*
 * A case that is submitted through HTTP and ready to be approved, for tests that try to change it afterwards. The
 * merchant and the client act through a socket only; the reviewers type commands.
 */
#ifndef KYB_TESTS_API_ATTACK_H
#define KYB_TESTS_API_ATTACK_H

#include "client.h"

/* A sandbox with a reviewer rita and a lead lea. */
void attack_set_up(void);

/* Neither the command nor the merchant's PATCH approves the session: the command reports a blocker with this code, and
 * its output contains the text `says` (NULL: any text). */
struct refusal {
	const char *code, *says;
};
void attack_no_approval(const char *session, struct refusal refusal);
/* The merchant's PATCH request; returns the status of the response. */
int attack_patch(const char *session, const char *body);
#define PATCHED(wanted, session, body) ASK(wanted, "PATCH", body, "/kyc/sessions/%s", session)
/* The status of a session as a reviewer sees it. */
char *attack_status(const char *session);
/* "/api/s/TOKEN" of an absolute link. */
char *attack_link(const char *url);

/* A business case with one owner. The owner has a separate KYC session. Links: "/api/s/TOKEN". */
struct company {
	char *id, *kyc, *kyc_link;
	char *path; /* Ralio: "/api/v1/account/business-user/UID/kyb-sessions/ID"; generic dialect: NULL */
	char *link; /* generic dialect: the client's link; Ralio: NULL */
};
/* Opens a case of Ralio with its four documents. Reviewers declare its owner by company_declare(). */
void company_open(struct company *c);
void company_declare(struct company *c);
int company_upload(const struct company *c, const char *type);
/* group_open() opens a case of the generic dialect. The merchant declares its owner. */
#define PARTY(name, kind, more) "{\"party\":{\"kind\":\"" kind "\",\"name\":\"" name "\"" more "}}"
#define INES PARTY("Ines Duarte", "individual", ",\"roles\":[\"ubo\"],\"country\":\"PT\"")
void group_open(struct company *c);
/* Uploads a passport and completes every step of the link's session. */
void company_fill(const char *link);
/* Submits the owner's KYC and then the case. `something` false: the KYC is empty, so its submission is refused. */
void company_hand_in(const struct company *c, bool something);
/* Rita accepts the documents and approves the owner's KYC. */
void company_review(const struct company *c);
void company_ready(struct company *c);
void group_ready(struct company *c);

#endif
