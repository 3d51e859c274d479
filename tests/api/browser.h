/* A browser without scripts on the client's page (api.md "The client's page"): it follows a form's redirect. */
#ifndef KYB_TESTS_API_BROWSER_H
#define KYB_TESTS_API_BROWSER_H

#include "client.h"

/* "/s/TOKEN" of a link */
char *browser_path(const char *url);
/* A session of the merchant, opened with its key; the path of its link. */
char *browser_open(struct api *api, const char *session);
/* Address below the page's */
char *browser_below(const char *path, const char *rest);
/* Sends a PDF under this name; the status. */
int browser_upload(struct api *api, const char *path, const char *type, const char *side, const char *name);
/* The page that the answer to a form names, as a browser would resolve it. */
void browser_follow(struct api *api, const char *path);

/* Sends a form of the pairs name, value to the address below the page's; the answer must have this status. */
#define POSTED(wanted, path, rest, ...)                                                                            \
	cr_expect_eq(api_form(&api, browser_below(path, rest), NULL, __VA_ARGS__, NULL), wanted, "%s: %d: %s",     \
		     api.sent, api.last.status, api.last.body)
/* The same of a file (browser_upload()). */
#define UPLOADED(wanted, ...)                                                                                      \
	cr_expect_eq(browser_upload(&api, __VA_ARGS__), wanted, "%s: %d: %s", api.sent, api.last.status,           \
		     api.last.body)

#endif
