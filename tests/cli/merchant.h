/*
 * A merchant in a story: its own endpoint records the webhooks that arrive. Their
 * bodies are compared byte for byte, with words in place of the ids, times and
 * tokens that no test can know.
 */
#ifndef KYB_TESTS_MERCHANT_H
#define KYB_TESTS_MERCHANT_H

#include "box.h"
#include "support/http_receiver.h"

struct merchant_end {
	struct box *box;
	struct receiver *receiver;
	char *secret;
	size_t seen; /* requests checked so far */
};

/* Adds one endpoint that receives all events, and the merchant if the store does not have it. */
void merchant_open(struct merchant_end *merchant, struct box *box, const char *name);
void merchant_close(struct merchant_end *merchant);
/* Delivers all due webhooks. The new bodies must be these, in this order; ' stands for ", NULL ends them. */
void merchant_expect(struct merchant_end *merchant, ...) __attribute__((sentinel));
#define merchant_expect_nothing(merchant) merchant_expect((merchant), NULL)
#define SHOP_HEARS(...) merchant_expect(&shop, __VA_ARGS__, NULL)
/* An expected body, from literals with ' for ". own: ids and numbers of the session; rest: members after the states. */
#define NEWS(type, kind, uid, own, status, compliance, rest)                                                           \
	"{'type':'" type "','timestamp':'TIME','data':{'kind':'" kind "','uid':'" uid "','session_id':'ID'," own       \
	",'status':'" status "','compliance_status':'" compliance "'," rest "}}"

/* Copy with UUIDs as ID, times as TIME, tokens as TOKEN. */
char *normalised(const char *body);

/* A template of a story with the texts in place of $1 … $9; the texts end with NULL. */
char *filled(const char *text, ...) __attribute__((sentinel));
/* A copy of the text at this path in the JSON of the last box_json(); it must be there. */
char *kept(const struct box *box, const char *path);

/* The merchant "shop" of the current test; shop_set_up() opens the box, too. */
extern struct merchant_end shop;
void shop_set_up(void);
void shop_tear_down(void);

#endif
