/*
 * A merchant in a story: an endpoint of its own that records what arrives, and
 * bodies compared byte for byte once what no test can know (ids, times, tokens)
 * has been written as a word.
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

/* Adds an endpoint for every event; the merchant is made when the store does not know it. */
void merchant_open(struct merchant_end *merchant, struct box *box, const char *name);
void merchant_close(struct merchant_end *merchant);
/* Delivers what is due. The bodies since the last call must be these, in this order; ' stands for ", NULL ends them. */
void merchant_expect(struct merchant_end *merchant, ...) __attribute__((sentinel));
#define merchant_expect_nothing(merchant) merchant_expect((merchant), NULL)
#define SHOP_HEARS(...) merchant_expect(&shop, __VA_ARGS__, NULL)
/* A body to expect, all literals with ' for ": `own` are the session's own numbers; `rest` comes after its states. */
#define NEWS(type, kind, uid, own, status, compliance, rest)                                                       \
	"{'type':'" type "','timestamp':'TIME','data':{'kind':'" kind "','uid':'" uid "','session_id':'ID'," own   \
	",'status':'" status "','compliance_status':'" compliance "'," rest "}}"

/* Copy with UUIDs as ID, times as TIME, tokens as TOKEN. */
char *normalised(const char *body);

/* A template of a story with $1 … $9 and $f (today) replaced. Ends with NULL. */
char *filled(const char *text, ...) __attribute__((sentinel));
/* The id at path in the JSON of the last box_json(). */
char *kept(const struct box *box, const char *path);

/* The merchant "shop" of the test that runs, beside its box with files. */
extern struct merchant_end shop;
void shop_set_up(void);
void shop_tear_down(void);

#endif
