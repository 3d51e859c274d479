/* A browser without scripts on the client's page (api.md "The client's page"): it follows a form's redirect. */
#ifndef KYB_TESTS_API_BROWSER_H
#define KYB_TESTS_API_BROWSER_H

#include "client.h"

#include <stdlib.h>

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
/* Whether the shown page contains the text. */
bool browser_shows(const struct api *api, const char *text);

/* Sends a form of the pairs name, value; the status. */
#define BROWSER_POST(api, path, rest, ...)                                                                         \
	({                                                                                                         \
		char *at_ = browser_below(path, rest);                                                             \
		int status_ = api_form(api, at_, NULL, __VA_ARGS__, NULL);                                         \
		free(at_);                                                                                         \
		status_;                                                                                           \
	})

#endif
