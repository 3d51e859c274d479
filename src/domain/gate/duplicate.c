#include "kybdesk/domain/duplicate.h"

bool duplicate_is_open(const struct duplicate *duplicate)
{
	return !*duplicate->dismissed_by || (duplicate->same & ~duplicate->dismissed_same) != 0 ||
	       !duplicate->standing.valid;
}
