#include "kybdesk/base/world.h"
#include "kybdesk/base/file.h"
#include "kybdesk/base/timefmt.h"

#include <errno.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#define TEST_NOW_VARIABLE "KYBDESK_TEST_NOW"
#define BOOT_ID_PATH "/proc/sys/kernel/random/boot_id"

static int64_t clock_ms(clockid_t clock)
{
	struct timespec now;
	if (clock_gettime(clock, &now) != 0)
		BUG("the system clock cannot be read: %s", strerror(errno));
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int64_t real_now(void *context)
{
	(void)context;
	return clock_ms(CLOCK_REALTIME);
}

static int64_t real_monotonic(void *context)
{
	(void)context;
	return clock_ms(CLOCK_MONOTONIC);
}

static int64_t real_boottime(void *context)
{
	(void)context;
	return clock_ms(CLOCK_BOOTTIME);
}

static void real_boot_id(void *context, char out[WORLD_BOOT_ID_SIZE])
{
	(void)context;
	struct strbuf text = STRBUF_INIT;
	bool read = file_read(BOOT_ID_PATH, 2 * WORLD_BOOT_ID_SIZE, &text, NULL) == ERR_OK;
	/* Discards an incomplete id. */
	size_t length = read && text.len >= WORLD_BOOT_ID_SIZE - 1 ? WORLD_BOOT_ID_SIZE - 1 : 0;
	memcpy(out, text.buf, length);
	out[length] = '\0';
	strbuf_release(&text);
}

static void real_random(void *context, void *bytes, size_t length)
{
	(void)context;
	unsigned char *at = bytes;
	while (length) {
		ssize_t got = getrandom(at, length, 0);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			BUG("the system cannot provide random bytes: %s", strerror(errno));
		at += got;
		length -= (size_t)got;
	}
}

static const char *real_environment(void *context, const char *name)
{
	(void)context;
	return getenv(name);
}

/* The members of a world that are the same for every world except a test's world. */
#define REAL_MACHINE                                                                                                   \
	.monotonic_ms = real_monotonic, .boottime_ms = real_boottime, .boot_id = real_boot_id, .random = real_random

const struct world *world_real(void)
{
	static const struct world real = {
		.now_ms = real_now,
		REAL_MACHINE,
		.environment = real_environment,
	};
	return &real;
}

/* The environment in a session over SSH. HOME is the home folder from the password database, because this folder
 * contains the key of a store on a server. */
static const char *ssh_environment(void *context, const char *name)
{
	static char home[PATH_MAX];
	char text[4096];
	struct passwd entry, *found = NULL;

	(void)context;
	if (strcmp(name, "HOME") != 0)
		return getenv(name);
	if (!home[0] && !getpwuid_r(geteuid(), &entry, text, sizeof text, &found) && found &&
	    strlen(found->pw_dir) < sizeof home)
		memcpy(home, found->pw_dir, strlen(found->pw_dir) + 1);
	return home[0] ? home : NULL;
}

/* A name of a zone ("Europe/Lisbon") or its rule ("CET-1CEST"): a path of this machine would be read by the C library. */
static bool is_time_zone(const char *value)
{
	return *value != '/' && *value != ':' && !strstr(value, "..") &&
	       !value[strspn(value, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_/,.:<>+-")];
}

static bool is_ssh_session_variable(const char *line)
{
	static const char *const kept[] = {
		"TERM=", "LANG=", "LC_", "COLUMNS=", "LINES=", "NO_COLOR=", "SSH_AUTH_SOCK="
	};

	if (strncmp(line, "TZ=", 3) == 0)
		return is_time_zone(line + 3);
	for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
		if (strncmp(line, kept[i], strlen(kept[i])) == 0)
			return true;
	return false;
}

const struct world *world_ssh_session(void)
{
	static const struct world session = {
		.now_ms = real_now,
		REAL_MACHINE,
		.environment = ssh_environment,
		.is_ssh_session = true,
	};
	size_t count = 0;

	for (size_t i = 0; environ && environ[i]; i++)
		if (is_ssh_session_variable(environ[i]))
			environ[count++] = environ[i];
	if (environ)
		environ[count] = NULL;
	return &session;
}

/* Parses the time of a sandbox: "+2h" and "-3d" shift the real clock, any other text is a fixed time. */
static enum err parse_sandbox_time(const char *text, int64_t *now_ms, struct error *error)
{
	if (text[0] == '+' || text[0] == '-') {
		int64_t offset_ms;
		enum err err = duration_parse(text + 1, &offset_ms, error);
		if (err)
			return err;
		*now_ms = clock_ms(CLOCK_REALTIME) + (text[0] == '-' ? -offset_ms : offset_ms);
		return ERR_OK;
	}
	return time_parse(text, true, now_ms, error);
}

static int64_t sandbox_now(void *context)
{
	(void)context;
	const char *text = getenv(TEST_NOW_VARIABLE);
	int64_t now_ms;
	if (text && *text && parse_sandbox_time(text, &now_ms, NULL) == ERR_OK)
		return now_ms;
	return clock_ms(CLOCK_REALTIME);
}

const struct world *world_sandbox(void)
{
	static const struct world sandbox = {
		.now_ms = sandbox_now,
		REAL_MACHINE,
		.environment = real_environment,
	};
	return &sandbox;
}

enum err world_check_sandbox(const struct world *world, struct error *error)
{
	const char *text = world_environment(world, TEST_NOW_VARIABLE);
	int64_t now_ms;
	if (!text || !*text)
		return ERR_OK;
	enum err err = parse_sandbox_time(text, &now_ms, error);
	if (err)
		error_prefix(error, "environment %s", TEST_NOW_VARIABLE);
	return err;
}

int64_t world_now_ms(const struct world *world)
{
	return world->now_ms(world->context);
}

int64_t world_monotonic_ms(const struct world *world)
{
	return world->monotonic_ms(world->context);
}

int64_t world_boottime_ms(const struct world *world)
{
	return world->boottime_ms(world->context);
}

void world_boot_id(const struct world *world, char out[WORLD_BOOT_ID_SIZE])
{
	world->boot_id(world->context, out);
}

void world_random(const struct world *world, void *bytes, size_t length)
{
	world->random(world->context, bytes, length);
}

const char *world_environment(const struct world *world, const char *name)
{
	return world->environment(world->context, name);
}

int world_local_offset_minutes(int64_t now_ms)
{
	time_t seconds = (time_t)(now_ms / 1000);
	struct tm local;
	return localtime_r(&seconds, &local) ? (int)(local.tm_gmtoff / 60) : 0;
}

enum err world_user_name(char *name, size_t size, struct error *error)
{
	struct passwd entry;
	struct passwd *found = NULL;
	char text[4096];
	uid_t uid = getuid();
	int status = getpwuid_r(uid, &entry, text, sizeof text, &found);
	if (!found)
		return error_set(
			error, ERR_NOT_FOUND,
			"the system has no user name for user id %lu%s%s; name the acting reviewer with --as NAME",
			(unsigned long)uid, status ? ": " : "", status ? strerror(status) : "");
	size_t length = strlen(found->pw_name);
	if (length >= size)
		return error_set(error, ERR_INVALID, "the user name of user id %lu is longer than %zu bytes",
				 (unsigned long)uid, size - 1);
	memcpy(name, found->pw_name, length + 1);
	return ERR_OK;
}

bool world_set_time_zone(const char *zone)
{
	char path[PATH_MAX];
	/* "CET-1CEST,M3.5.0/2,M10.5.0/3" is a rule, "Etc/GMT+5" a name. */
	char first = zone[strcspn(zone, "/0123456789")];
	bool is_rule = first && first != '/';

	(void)snprintf(path, sizeof path, "/usr/share/zoneinfo/%s", zone);
	if (!*zone || !is_time_zone(zone) || (!is_rule && access(path, R_OK) != 0) || setenv("TZ", zone, 1) != 0)
		return false;
	tzset();
	return true;
}
