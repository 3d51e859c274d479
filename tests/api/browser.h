/* A browser without scripts on the client's page (api.md "The client's page"): it follows a form's redirect. */
#ifndef KYB_TESTS_API_BROWSER_H
#define KYB_TESTS_API_BROWSER_H

#include "client.h"

/* "/s/TOKEN" of a link */
char *browser_path(const char *url);
/* Opens a session (a JSON body) with the merchant's key; returns the path of the session's link. */
char *browser_open(struct api *api, const char *session);
/* `path` followed by `rest` */
char *browser_below(const char *path, const char *rest);
/* Uploads a PDF with this file name; returns the status. */
int browser_upload(struct api *api, const char *path, const char *type, const char *side, const char *name);
/* Loads the page to which the last response redirects, as a browser would. */
void browser_follow(struct api *api, const char *path);

/* Sends a form of name, value pairs to `path` followed by `rest`; the response must have the status `wanted`. */
#define POSTED(wanted, path, rest, ...)                                                                                \
	cr_expect_eq(api_form(&api, browser_below(path, rest), NULL, __VA_ARGS__, NULL), wanted, "%s: %d: %s",         \
		     api.sent, api.last.status, api.last.body)
/* Uploads a file (browser_upload()); the response must have the status `wanted`. */
#define UPLOADED(wanted, ...)                                                                                          \
	cr_expect_eq(browser_upload(&api, __VA_ARGS__), wanted, "%s: %d: %s", api.sent, api.last.status, api.last.body)

#endif
