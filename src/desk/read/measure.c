#include "kybdesk/desk/measure.h"
#include "kybdesk/store/measures.h"
#include "use/transaction.h"

enum err desk_measure(struct desk *desk, struct arena *arena, struct measures *out, struct error *error)
{
	enum err err = desk_begin_read(desk, error);

	if (err)
		return err;
	err = store_measure(desk->store, arena, out, error);
	desk_end_read(desk);
	return err;
}
