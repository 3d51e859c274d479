/* Clients' links (docs/api.md "The client's page") and the store settings that they depend on, for the front ends
 * that serve them. */
#ifndef KYBDESK_DESK_LINK_H
#define KYBDESK_DESK_LINK_H

#include "kybdesk/desk/desk.h"
#include "kybdesk/domain/proxy.h"

enum link_state {
	LINK_VALID,
	LINK_EXPIRED,  /* the link has expired: status 410 */
	LINK_REPLACED, /* a later link replaced the link, or the link was revoked: status 410 */
};
struct link_target {
	int64_t session_row, merchant_row;
	const char *session_id;
	const char *document_type; /* "": the whole session; else only a document of this type may be uploaded */
	int64_t generation;
	enum link_state state;
};
/* Resolves a client link's token (the part after /s/). ERR_NOT_FOUND: not a token of this store; ERR_STORE: the
 * store's key is missing. Needs no role, since the token authorises its bearer. Call it outside a transaction. */
enum err desk_link_resolve(struct desk *desk, struct arena *arena, const char *token, struct link_target *out,
			   struct error *error);

#define STORE_SETTING_PUBLIC_URL "public_url" /* base address of clients' links */
/* Origins of the websites that may call a client's link as JSON from a browser, separated by commas; "": none. */
#define STORE_SETTING_LINK_ORIGINS "link_origins"
#define STORE_LINK_ORIGINS_ALL "*"
/* Settings with conditions for every approval (struct gate_desk_rules). */
#define STORE_SETTING_SCREENING_DAYS "screening_days"
#define STORE_SETTING_HIGHEST_RISK "highest_risk"
#define HIGHEST_RISK_UNSCORED ",unscored" /* at its end: a case without a score is approved, too */
#define STORE_SETTING_PROHIBITED_COUNTRIES "prohibited_countries"
#define STORE_SETTING_RATIONALE_WORDS "rationale_words"
#define STORE_SETTING_HIGH_RISK "high_risk"
#define HIGH_RISK_DEFAULT 70 /* default of STORE_SETTING_HIGH_RISK */
/* Settings that limit the requests per minute to the HTTP front end: per address, per key, per session's links.
 * "0": no limit. */
#define STORE_SETTING_ADDRESS_LIMIT "address_limit"
#define STORE_SETTING_KEY_LIMIT "key_limit"
#define STORE_SETTING_LINK_LIMIT "link_limit"
#define REQUEST_LIMIT_MAX 1000000000
/* Setting with the proxies in front of the HTTP server, in the format of proxies_parse(). */
#define STORE_SETTING_TRUSTED_PROXIES "trusted_proxies"

/* The value of one setting, in the arena; "" if it is not set. */
enum err desk_store_setting(struct desk *desk, struct arena *arena, const char *name, const char **value,
			    struct error *error);

struct store_setting {
	const char *name;
	const char *value;   /* "": not set, and no default */
	const char *meaning; /* what the setting means, in a few words */
	bool is_default;
};
/* The settings that VERB_STORE_SET changes. */
enum err desk_store_settings(struct desk *desk, struct arena *arena, struct store_setting **items, size_t *count,
			     struct error *error);
/* The conditions of approvals that a new production store begins with: data/floors.json. */
struct floors {
	const char *text; /* all of them, with the source of the list of countries and its date */
	struct store_setting *items;
	size_t count;
};
struct floors desk_shipped_floors(struct arena *arena);

#endif
