/* Times are RFC 3339 UTC at every front end and int64_t Unix milliseconds inside; TIME_NONE means absent. Durations
 * in filters are like "2d", "4h", "30m". */
#ifndef KYBDESK_BASE_TIMEFMT_H
#define KYBDESK_BASE_TIMEFMT_H

#include "kybdesk/base/arena.h"
#include <stdint.h>

#define TIME_NONE INT64_MIN
#define TIME_TEXT_SIZE 32

/* Reads an RFC 3339 time with any offset and up to nine fraction digits (cut to ms), in the years 1900 to 9999; if
 * allow_date is set, also a date, as midnight UTC. */
enum err time_parse(const char *text, bool allow_date, int64_t *ms, struct error *error);
/* A text such as "2026-11-03T10:00:00Z", with ".123" if `ms` is not a whole second; "" for TIME_NONE. */
void time_format(int64_t ms, char out[TIME_TEXT_SIZE]);
char *time_text(struct arena *arena, int64_t ms);
/* Whether the text is a strict calendar date "YYYY-MM-DD". */
bool date_is_valid(const char *text);
/* Whether the text is a birth date as documents have it: "1984", "1984-05" or "1984-05-26" (ICAO 9303 has incomplete
 * ones). */
bool birth_date_is_valid(const char *text);
/* Whole years between two valid dates (the age on the day `on`); negative if `born` is later. */
int date_years_between(const char *born, const char *on);
void date_format(int64_t ms, char out[16]); /* UTC date of a time; "" for TIME_NONE */
char *date_text(struct arena *arena, int64_t ms);
/* The time to the minute, such as "2026-11-20 10:12 UTC". */
char *time_minute_text(struct arena *arena, int64_t ms);
/* Converts "2d", "4h", "30m", "1w" or "90s" to milliseconds. */
enum err duration_parse(const char *text, int64_t *ms, struct error *error);
/* A time or a day, as time_parse() reads them; "today": since midnight in the zone of the user (TZ); or a duration
 * before now, like 2d. */
bool past_time_parse(const char *text, int64_t now, int64_t *ms);
/* A short text for people, such as "-2h", "3h", "17d" or "now"; at most 5 cells wide. */
char *duration_short_text(struct arena *arena, int64_t ms);
/* The date as "3 Nov" if it is in the year of now_ms, else as "3 Nov 2025". */
char *time_day_text(struct arena *arena, int64_t ms, int64_t now_ms);
/* The time of day, such as "10:42", at this offset from UTC. */
char *time_clock_text(struct arena *arena, int64_t ms, int offset_minutes);

#endif
