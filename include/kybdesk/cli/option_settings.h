/* Reads the settings, with the options of a command line. */
#ifndef KYBDESK_CLI_OPTION_SETTINGS_H
#define KYBDESK_CLI_OPTION_SETTINGS_H

#include "kybdesk/cli/command.h"
#include "kybdesk/settings/settings.h"

/* As settings_read(); options of the command line override other sources. */
enum err settings_from_options(struct arena *arena, const struct world *world, const struct parsed *parsed,
			       struct settings *out, struct error *error) KYB_MUST_USE;

#endif
