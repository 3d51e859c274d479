#include "kybdesk/desk/figures.h"
#include "kybdesk/store/measures.h"
#include "use/transaction.h"

enum err desk_measure(struct desk *desk, struct arena *arena, struct measures *out, struct error *error)
{
	enum err err = desk_begin_read(desk, error);

	return err ? err : desk_finish_read(desk, store_measure(desk->store, arena, out, error));
}
