/* Finds a country by any of its names. */
#include "kybdesk/domain/country.h"
#include "kybdesk/base/text.h"

#include <string.h>
#include <strings.h>

static bool name_folds_to(struct strbuf *scratch, const char *name, const char *folded)
{
	strbuf_reset(scratch);
	text_fold(scratch, name, strlen(name));
	return !strcmp(scratch->buf, folded);
}

static const struct country *find_by_code(const struct countries *countries, const char *text, size_t length,
					  bool of_person)
{
	for (size_t i = 0; i < countries->count; i++) {
		const struct country *country = &countries->items[i];

		if (!strcasecmp(length == 2 ? country->alpha2 : country->alpha3, text) &&
		    (of_person || !country->is_of_persons))
			return country;
	}
	return NULL;
}

static const struct country *find_by_name(const struct countries *countries, const char *text, size_t length,
					  bool of_person)
{
	struct strbuf folded = STRBUF_INIT, scratch = STRBUF_INIT;
	const struct country *found = NULL;

	text_fold(&folded, text, length);
	for (size_t i = 0; i < countries->count && !found; i++) {
		const struct country *country = &countries->items[i];

		if (country->is_of_persons && !of_person)
			continue;
		for (size_t n = 0; n <= country->other_name_count && !found; n++)
			if (name_folds_to(&scratch, n ? country->other_names[n - 1] : country->name, folded.buf))
				found = country;
	}
	strbuf_release(&scratch);
	strbuf_release(&folded);
	return found;
}

static const struct country *find(const struct countries *countries, const char *text, bool of_person)
{
	size_t length = strlen(text);
	const struct country *found = NULL;

	if (!length)
		return NULL;
	if (length == 2 || length == 3)
		found = find_by_code(countries, text, length, of_person);
	return found ? found : find_by_name(countries, text, length, of_person);
}

const struct country *country_find(const struct countries *countries, const char *text)
{
	return find(countries, text, false);
}

const struct country *country_find_of_person(const struct countries *countries, const char *text)
{
	return find(countries, text, true);
}
