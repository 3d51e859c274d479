/* Metrics of the desk, for monitoring. */
#ifndef KYBDESK_DESK_MEASURE_H
#define KYBDESK_DESK_MEASURE_H

#include "kybdesk/desk/desk.h"
#include "kybdesk/domain/measures.h"

enum err desk_measure(struct desk *desk, struct arena *arena, struct measures *out,
		      struct error *error) KYB_MUST_USE;

#endif
