/* Default data (profiles, reasons, migrations, themes, samples), embedded in the binary. A file of the same relative
 * name under $XDG_CONFIG_HOME/kybdesk, $XDG_DATA_HOME/kybdesk or one of $XDG_DATA_DIRS/kybdesk overrides it; the first
 * file in this order is used. Migrations, samples and names are never overridden; in a session over SSH (base/world.h) no file
 * is overridden. Names are relative paths: "workflows/ralio-kyb.json", "themes/dark.json". */
#ifndef KYBDESK_BASE_RESOURCE_H
#define KYBDESK_BASE_RESOURCE_H

#include "kybdesk/base/strbuf.h"
#include "kybdesk/base/world.h"

struct resource {
	const char *name;
	const unsigned char *bytes;
	size_t length;
};

/* The embedded table, sorted by name; src/tools/embed.cmake generates it at build time. */
extern const struct resource resource_table[];
extern const size_t resource_count;

const struct resource *resource_find_embedded(const char *name); /* NULL: not embedded */
#define RESOURCE_BUILT_IN "built in"
/* The text of a resource, overridden or embedded. *origin (in the arena) is its path, or RESOURCE_BUILT_IN. */
enum err resource_read(struct arena *arena, const struct world *world, const char *name, struct strbuf *out,
		       const char **origin, struct error *error);
/* All names in a folder ("workflows/"), embedded and from the data folders, sorted, without duplicates. */
const char **resource_list(struct arena *arena, const struct world *world, const char *folder, size_t *count);

#endif
