#include "postgresql_library.h"
#include "kybdesk/base/late.h"

#define SYMBOL(name) { "PQ" #name, offsetof(struct postgresql_library, name) },

struct postgresql_library pq;

enum err postgresql_load(struct error *error)
{
	static const struct lazy_symbol symbols[] = { POSTGRESQL_FUNCTIONS(SYMBOL) };
	static struct lazy_library library = {
		.files = { "libpq.so.5" },
		.package = "libpq5",
		.min_version = "14",
		.missing_effect = "A store on a PostgreSQL server cannot be opened",
		.err = ERR_STORE,
		.symbols = symbols,
		.symbol_count = sizeof symbols / sizeof *symbols,
		.table = &pq,
	};

	return lazy_library_open(&library, error);
}
