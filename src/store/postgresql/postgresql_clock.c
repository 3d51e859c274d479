/*
 * Workers on several hosts share the server's clock. The difference to the time since this machine's boot is
 * queried once a minute; in between, this machine's clock and the difference give the time.
 */
#include "postgresql_internal.h"

#define ASK_EVERY_MS 60000

enum err postgresql_clock(struct db *base, struct db_clock *out, struct error *error)
{
	struct postgresql_db *db = (struct postgresql_db *)base;
	int64_t before = world_boottime_ms(world_real()), after, there = 0;
	enum err err = ERR_OK;

	*out = (struct db_clock){ .id = "server" };
	if (!db->clock_read_ms || before - db->clock_read_ms >= ASK_EVERY_MS) {
		err = base->depth ? ERR_OK : postgresql_reconnect(db, error);
		if (!err)
			err = postgresql_number(
				db, "SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)", &there,
				error);
		if (err)
			return err;
		after = world_boottime_ms(world_real());
		db->clock_ahead_ms = there - (before + (after - before) / 2);
		db->clock_read_ms = after;
	}
	out->now = world_boottime_ms(db->world) + db->clock_ahead_ms;
	return ERR_OK;
}
