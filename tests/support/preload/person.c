/* Replaces getpwuid_r(): the operating system's user is KYBDESK_TEST_PERSON. A production store takes its actor only
 * from getpwuid_r(). */
#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>

int getpwuid_r(uid_t uid, struct passwd *entry, char *text, size_t size, struct passwd **out)
{
	const char *name = getenv("KYBDESK_TEST_PERSON");
	size_t length = name ? strlen(name) + 1 : 0;

	*out = NULL;
	if (!length || length > size)
		return name ? ERANGE : ENOENT;
	memcpy(text, name, length);
	memset(entry, 0, sizeof *entry);
	entry->pw_uid = uid;
	entry->pw_name = text;
	entry->pw_dir = entry->pw_shell = entry->pw_passwd = entry->pw_gecos = text + length - 1; /* "" */
	*out = entry;
	return 0;
}
