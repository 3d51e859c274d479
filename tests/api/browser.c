#include "browser.h"

#include <stdio.h>
#include <string.h>

char *browser_path(const char *url)
{
	cr_assert_not_null(strstr(url, "/s/"), "%s", url);
	return test_keep(strdup(strstr(url, "/s/")));
}

char *browser_open(struct api *api, const char *session)
{
	api->token = api->key;
	cr_assert_eq(api_call(api, "POST", "/kyc/sessions", session), 201, "%s", api->last.body);
	char *path = browser_path(reply_text(&api->last, "access_link"));
	api->token = NULL;
	return path;
}

char *browser_below(const char *path, const char *rest)
{
	return test_text("%s%s", path, rest);
}

int browser_upload(struct api *api, const char *path, const char *type, const char *side, const char *name)
{
	const struct form_file file = { name, pdf_bytes, pdf_length() };
	char *at = browser_below(path, "/documents");
	int status = api_form(api, at, &file, "type", type, "side", side, NULL);

	return status;
}

void browser_follow(struct api *api, const char *path)
{
	char *location = reply_header(&api->last, "Location");
	const char *at = location, *token = path + strlen("/s/");

	cr_assert_not_null(location, "%d", api->last.status);
	at += strncmp(at, "./", 2) ? 0 : 2;
	while (!strncmp(at, "../", 3))
		at += 3;
	cr_expect(!strncmp(at, token, strlen(token)), "%s", location);
	char *question = strchr(location, '?');
	char *next = test_text("%s%.*s", path, (int)(question ? strcspn(question, "#") : 0), question ? question : "");
	cr_assert_eq(api_call(api, "GET", next, NULL), 200, "%s", api->last.body);
}
