#include "postgresql_library.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stddef.h>
#include <string.h>

#define SYMBOL(name) { "PQ" #name, offsetof(struct postgresql_library, name) },

struct postgresql_library pq;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static enum { LOADED, MISSING, TOO_OLD } outcome;

static void load(void)
{
	static const struct {
		const char *name;
		size_t offset;
	} symbols[] = { POSTGRESQL_FUNCTIONS(SYMBOL) };
	void *library = dlopen("libpq.so.5", RTLD_NOW | RTLD_LOCAL);

	outcome = library ? LOADED : MISSING;
	for (size_t i = 0; library && i < sizeof symbols / sizeof *symbols; i++) {
		void *address = dlsym(library, symbols[i].name);

		if (!address)
			outcome = TOO_OLD;
		/* ISO C has no conversion from an object pointer to a function pointer; POSIX has them alike. */
		memcpy((char *)&pq + symbols[i].offset, &address, sizeof address);
	}
}

enum err postgresql_load(struct error *error)
{
	(void)pthread_once(&once, load);
	if (outcome == LOADED)
		return ERR_OK;
	return error_set(error, ERR_STORE,
			 outcome == MISSING ? "A store on a PostgreSQL server needs libpq.so.5, which is not "
					      "installed (Debian: apt install libpq5)"
					    : "A store on a PostgreSQL server needs another libpq.so.5 than the "
					      "installed one, which is too old (Debian: apt install libpq5)");
}
