/* Rules of the seed kyc-workflows-sessions. */
#include "rule_rows.h"

/* A status: its exact word in small letters is accepted, other spellings are refused. */
#define STATUS(line, name, capitals, sentence)                                                                         \
	RULE(word, line " status " name, sentence,                                                                     \
	     "status: is '" capitals "'; allowed: draft, active, completed, processing, processed, expired, "          \
	     "approved, rejected, manual_review, awaiting_client_correction",                                          \
	     ACCEPTED(name), REFUSED(capitals, name "s"), .path = "status", .rule = "line")
#define STEP(line, name, spaced, sentence)                                                                             \
	RULE(word, line " step " name, sentence,                                                                       \
	     "steps[0].status: is '" spaced                                                                            \
	     " '; allowed: pending, in_progress, completed, skipped, needs_correction; did you mean '" name "'?",      \
	     ACCEPTED(name), REFUSED(spaced " ", "done"), .path = "steps.identity.status", .rule = "line")

static const struct rule_row session_rows[] = {
	STATUS("L114", "draft", "DRAFT", "Session created but not yet started"),
	STATUS("L115", "active", "ACTIVE", "Session is in progress"),
	STATUS("L116", "completed", "COMPLETED", "All steps completed, ready for processing"),
	STATUS("L117", "processing", "PROCESSING", "Session is being processed"),
	STATUS("L118", "processed", "PROCESSED", "Processing complete, awaiting review"),
	STATUS("L119", "expired", "EXPIRED", "Session expired (TTL exceeded)"),
	STATUS("L120", "approved", "APPROVED", "Session approved"),
	STATUS("L121", "rejected", "REJECTED", "Session rejected"),
	STATUS("L122", "manual_review", "MANUAL_REVIEW", "Session requires manual review"),
	STATUS("L123", "awaiting_client_correction", "AWAITING_CLIENT_CORRECTION",
	       "Reviewer requested customer corrections; the public link remains usable for the affected steps"),
	STEP("L138", "pending", "pending", "Step not yet started"),
	STEP("L139", "in_progress", "in progress", "Step in progress"),
	STEP("L140", "completed", "completed", "Step completed"),
	STEP("L141", "skipped", "skipped", "Step was skipped"),
	STEP("L142", "needs_correction", "needs correction",
	     "Step was reopened because a reviewer requested remediation"),
	RULE(inbox, "L128 inbox incomplete", "Session was not completed or is no longer available", NULL,
	     ACCEPTED("draft", "expired"),
	     REFUSED("active", "completed", "processing", "processed", "approved", "rejected", "manual_review",
		     "awaiting_client_correction"),
	     .path = "incomplete"),
	RULE(inbox, "L129 inbox pending", "Session is in progress or being processed", NULL,
	     ACCEPTED("active", "processing"),
	     REFUSED("draft", "completed", "processed", "expired", "approved", "rejected", "manual_review",
		     "awaiting_client_correction"),
	     .path = "pending"),
	RULE(inbox, "L130 inbox manual_review", "Reviewer action is required", NULL, ACCEPTED("manual_review"),
	     REFUSED("draft", "active", "completed", "processing", "processed", "expired", "approved", "rejected",
		     "awaiting_client_correction"),
	     .path = "manual_review"),
	RULE(inbox, "L131 inbox approved", "Session has an active approval decision", NULL, ACCEPTED("approved"),
	     REFUSED("draft", "active", "completed", "processing", "processed", "expired", "rejected", "manual_review",
		     "awaiting_client_correction"),
	     .path = "approved"),
	RULE(inbox, "L132 inbox rejected", "Session has an active rejection decision", NULL, ACCEPTED("rejected"),
	     REFUSED("draft", "active", "completed", "processing", "processed", "expired", "approved", "manual_review",
		     "awaiting_client_correction"),
	     .path = "rejected"),
	RULE(inbox, "L133 inbox remediation", "Customer corrections are pending", NULL,
	     ACCEPTED("awaiting_client_correction"),
	     REFUSED("draft", "active", "completed", "processing", "processed", "expired", "approved", "rejected",
		     "manual_review"),
	     .path = "remediation"),
	RULE(inbox, "L134 inbox completed",
	     "Customer completed the flow or processing finished without a terminal decision", NULL,
	     ACCEPTED("completed", "processed"),
	     REFUSED("draft", "active", "processing", "expired", "approved", "rejected", "manual_review",
		     "awaiting_client_correction"),
	     .path = "completed"),
	RULE(word, "L175 roles of related parties",
	     "Subsessions allow you to collect verification from related parties (UBOs, submerchants, directors) "
	     "during the main onboarding process.",
	     "parties[0].roles[0]: is 'UBO'; allowed: ubo, director, shareholder, authorised_signatory, "
	     "representative, submerchant",
	     ACCEPTED("ubo", "submerchant", "director"), REFUSED("UBO", "owner", "sub_merchant"),
	     .path = "parties[0].roles[0]", .rule = "line",
	     .with = "parties[+]=={\"kind\":\"individual\",\"name\":\"Ana Reis\",\"roles\":[\"director\"]}"),
	RULE(word, "L68 validations", "Results from watchlist, crypto, and adverse media checks",
	     "checks[0].kind: is 'watch_list'; allowed: watchlist, crypto, adverse_media, face_match, "
	     "cross_validation, extraction, web, ofac, bureau, email, ip, mobile, register; did you mean "
	     "'watchlist'?",
	     ACCEPTED("watchlist", "crypto", "adverse_media", "face_match"), REFUSED("watch_list", "facematch"),
	     .path = "checks[0].kind", .rule = "line",
	     .with = "checks==[{\"kind\":\"watchlist\",\"status\":\"passed\"}]"),
};
RULE_TABLE(session, "kyc-workflows-sessions", "generic-kyc");
