#include "kybdesk/base/timefmt.h"
#include "kybdesk/base/world.h"

#include <stdio.h>
#include <string.h>

#define MS_PER_SECOND INT64_C(1000)
#define MS_PER_MINUTE (60 * MS_PER_SECOND)
#define MS_PER_HOUR (60 * MS_PER_MINUTE)
#define MS_PER_DAY (24 * MS_PER_HOUR)
#define FIRST_YEAR 1900
#define LAST_YEAR 9999
/* Longest duration, a hundred years: so the sum of a valid time and a valid duration cannot overflow. */
#define DURATION_MAX_MS (36525 * MS_PER_DAY)

struct day {
	int64_t year;
	int month;
	int day;
};

static bool is_leap(int64_t year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int days_in_month(int64_t year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

static int64_t floor_divide(int64_t value, int64_t by)
{
	return value / by - (value % by < 0);
}

/* Days from 1970-01-01 in the Gregorian calendar; years are counted from
 * March, so that the leap day is the last of a year. */
static int64_t day_number(struct day day)
{
	int64_t year = day.month > 2 ? day.year : day.year - 1;
	int64_t month = day.month > 2 ? day.month - 3 : day.month + 9;
	int64_t day_of_year = (153 * month + 2) / 5 + day.day - 1;
	return 365 * year + floor_divide(year, 4) - floor_divide(year, 100) + floor_divide(year, 400) + day_of_year -
	       719468;
}

static struct day day_of_number(int64_t days)
{
	int64_t shifted = days + 719468;
	int64_t era = floor_divide(shifted, 146097);
	int64_t in_era = shifted - era * 146097;
	int64_t year = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
	int64_t in_year = in_era - (365 * year + year / 4 - year / 100);
	int64_t month = (5 * in_year + 2) / 153;
	struct day day = {
		.year = year + era * 400 + (month >= 10),
		.month = (int)(month < 10 ? month + 3 : month - 9),
		.day = (int)(in_year - (153 * month + 2) / 5 + 1),
	};
	return day;
}

/* The value of exactly `count` digits; -1 if a character is not a digit. */
static int parse_digits(const char *text, size_t count)
{
	int value = 0;
	for (size_t i = 0; i < count; i++) {
		if (text[i] < '0' || text[i] > '9')
			return -1;
		value = value * 10 + (text[i] - '0');
	}
	return value;
}

/* Parses "YYYY-MM-DD" at the start of the text; ignores the text after the day. */
static bool parse_day(const char *text, struct day *day)
{
	if (strnlen(text, 10) < 10 || text[4] != '-' || text[7] != '-')
		return false;
	day->year = parse_digits(text, 4);
	day->month = parse_digits(text + 5, 2);
	day->day = parse_digits(text + 8, 2);
	return day->year >= 1 && day->month >= 1 && day->month <= 12 && day->day >= 1 &&
	       day->day <= days_in_month(day->year, day->month);
}

/* Parses a fraction such as ".5", with up to nine digits, and truncates it to milliseconds; 0 if the text has no
 * fraction. */
static bool parse_fraction(const char **text, int64_t *ms)
{
	*ms = 0;
	if (**text != '.')
		return true;
	const char *at = *text + 1;
	int count = 0;
	int64_t scale = 100;
	for (; *at >= '0' && *at <= '9'; at++, count++) {
		*ms += (*at - '0') * scale;
		scale /= 10;
	}
	*text = at;
	return count >= 1 && count <= 9;
}

static bool parse_offset(const char *text, int64_t *offset_ms)
{
	if ((text[0] == 'Z' || text[0] == 'z') && text[1] == '\0') {
		*offset_ms = 0;
		return true;
	}
	if ((text[0] != '+' && text[0] != '-') || strnlen(text, 7) != 6 || text[3] != ':')
		return false;
	int hours = parse_digits(text + 1, 2);
	int minutes = parse_digits(text + 4, 2);
	if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59)
		return false;
	*offset_ms = hours * MS_PER_HOUR + minutes * MS_PER_MINUTE;
	if (text[0] == '-')
		*offset_ms = -*offset_ms;
	return true;
}

static bool parse_time_of_day(const char *text, int64_t *ms, bool *leap_second)
{
	if (strnlen(text, 8) < 8 || text[2] != ':' || text[5] != ':')
		return false;
	int hours = parse_digits(text, 2);
	int minutes = parse_digits(text + 3, 2);
	int seconds = parse_digits(text + 6, 2);
	if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59 || seconds < 0 || seconds > 60)
		return false;
	*leap_second = seconds == 60;
	*ms = hours * MS_PER_HOUR + minutes * MS_PER_MINUTE + seconds * MS_PER_SECOND;
	return true;
}

static bool parse_time(const char *text, bool allow_date, int64_t *ms)
{
	struct day day;
	if (!parse_day(text, &day))
		return false;
	int64_t value = day_number(day) * MS_PER_DAY;
	text += 10;
	if (*text == '\0') {
		if (!allow_date)
			return false;
	} else {
		int64_t clock, fraction, offset;
		bool leap_second;
		if (*text != 'T' && *text != 't')
			return false;
		if (!parse_time_of_day(text + 1, &clock, &leap_second))
			return false;
		text += 9;
		if (!parse_fraction(&text, &fraction) || !parse_offset(text, &offset))
			return false;
		value += clock + fraction - offset;
		/* A leap second is valid only in the last minute of a UTC day, and is treated as the following
		 * second. */
		int64_t in_day = value - floor_divide(value, MS_PER_DAY) * MS_PER_DAY;
		if (leap_second && in_day >= MS_PER_SECOND)
			return false;
	}
	struct day first = { FIRST_YEAR, 1, 1 };
	struct day after = { LAST_YEAR + 1, 1, 1 };
	if (value < day_number(first) * MS_PER_DAY || value >= day_number(after) * MS_PER_DAY)
		return false;
	*ms = value;
	return true;
}

enum err time_parse(const char *text, bool allow_date, int64_t *ms, struct error *error)
{
	if (parse_time(text, allow_date, ms))
		return ERR_OK;
	return error_set(error, ERR_INVALID,
			 "\"%.40s\" is not a time in the years %d to %d: write a time like 2026-11-03T10:00:00Z%s",
			 text, FIRST_YEAR, LAST_YEAR, allow_date ? " or 2026-11-03" : "");
}

static char *put_digits(char *at, unsigned value, size_t count)
{
	for (size_t i = count; i-- > 0; value /= 10)
		at[i] = (char)('0' + value % 10);
	return at + count;
}

void time_format(int64_t ms, char out[TIME_TEXT_SIZE])
{
	if (ms == TIME_NONE) {
		out[0] = '\0';
		return;
	}
	int64_t days = floor_divide(ms, MS_PER_DAY);
	int64_t rest = ms % MS_PER_DAY + (ms % MS_PER_DAY < 0 ? MS_PER_DAY : 0);
	struct day day = day_of_number(days);
	char *at = out;
	/* Does not use strftime(), which is slow: each line of a long list shows three points in time. */
	if (day.year >= 0 && day.year <= LAST_YEAR)
		at = put_digits(at, (unsigned)day.year, 4);
	else
		at += snprintf(out, TIME_TEXT_SIZE, "%04lld", (long long)day.year);
	*at++ = '-';
	at = put_digits(at, (unsigned)day.month, 2);
	*at++ = '-';
	at = put_digits(at, (unsigned)day.day, 2);
	*at++ = 'T';
	at = put_digits(at, (unsigned)(rest / MS_PER_HOUR), 2);
	*at++ = ':';
	at = put_digits(at, (unsigned)(rest / MS_PER_MINUTE % 60), 2);
	*at++ = ':';
	at = put_digits(at, (unsigned)(rest / MS_PER_SECOND % 60), 2);
	if (rest % MS_PER_SECOND) {
		*at++ = '.';
		at = put_digits(at, (unsigned)(rest % MS_PER_SECOND), 3);
	}
	*at++ = 'Z';
	*at = '\0';
}

char *time_text(struct arena *arena, int64_t ms)
{
	char text[TIME_TEXT_SIZE];
	time_format(ms, text);
	return arena_strdup(arena, text);
}

bool date_is_valid(const char *text)
{
	struct day day;
	return strnlen(text, 11) == 10 && parse_day(text, &day);
}

bool birth_date_is_valid(const char *text)
{
	char whole[] = "0000-01-01";
	size_t length = strnlen(text, sizeof whole);
	struct day day;

	if (length != 4 && length != 7 && length != 10)
		return false;
	memcpy(whole, text, length);
	return parse_day(whole, &day);
}

int date_years_between(const char *born, const char *on)
{
	struct day from, to;
	if (!parse_day(born, &from) || !parse_day(on, &to))
		BUG("the years between two dates cannot be counted: a date is not valid");
	int years = (int)(to.year - from.year);
	/* A person born on 29 February becomes a year older on 1 March in years without a leap day. */
	if (to.month < from.month || (to.month == from.month && to.day < from.day))
		years--;
	return years;
}

void date_format(int64_t ms, char out[16])
{
	if (ms == TIME_NONE) {
		out[0] = '\0';
		return;
	}
	struct day day = day_of_number(floor_divide(ms, MS_PER_DAY));
	(void)snprintf(out, 16, "%04lld-%02d-%02d", (long long)(day.year % 1000000), day.month, day.day);
}

char *date_text(struct arena *arena, int64_t ms)
{
	char text[16];

	date_format(ms, text);
	return arena_strdup(arena, text);
}

char *time_minute_text(struct arena *arena, int64_t ms)
{
	return arena_printf(arena, "%s %s UTC", date_text(arena, ms), time_clock_text(arena, ms, 0));
}

enum err duration_parse(const char *text, int64_t *ms, struct error *error)
{
	int64_t value = 0;
	const char *at = text;
	for (; *at >= '0' && *at <= '9'; at++) {
		value = value * 10 + (*at - '0');
		if (value > DURATION_MAX_MS)
			goto too_long;
	}
	static const struct {
		char letter;
		int64_t ms;
	} units[] = { { 's', MS_PER_SECOND },
		      { 'm', MS_PER_MINUTE },
		      { 'h', MS_PER_HOUR },
		      { 'd', MS_PER_DAY },
		      { 'w', 7 * MS_PER_DAY } };
	int64_t unit = 0;
	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
		if (units[i].letter == *at)
			unit = units[i].ms;
	if (at == text || unit == 0 || at[1] != '\0')
		return error_set(
			error, ERR_INVALID,
			"\"%.40s\" is not a duration: write a number and a unit (s, m, h, d or w), for example 2d",
			text);
	if (value > DURATION_MAX_MS / unit)
		goto too_long;
	*ms = value * unit;
	return ERR_OK;
too_long:
	return error_set(error, ERR_INVALID, "\"%.40s\" is too long: at most a hundred years (36525d)", text);
}

bool past_time_parse(const char *text, int64_t now, int64_t *ms)
{
	int64_t shift = world_local_offset_minutes(now) * (int64_t)MS_PER_MINUTE, span;

	if (!strcmp(text, "today")) {
		*ms = floor_divide(now + shift, MS_PER_DAY) * MS_PER_DAY - shift;
		return true;
	}
	if (!time_parse(text, true, ms, NULL))
		return true;
	if (duration_parse(text, &span, NULL))
		return false;
	*ms = now - span;
	return true;
}

char *duration_short_text(struct arena *arena, int64_t ms)
{
	const char *sign = ms < 0 ? "-" : "";
	uint64_t length = ms < 0 ? 0 - (uint64_t)ms : (uint64_t)ms;
	uint64_t minutes = length / (uint64_t)MS_PER_MINUTE;
	if (minutes == 0)
		return arena_strdup(arena, "now");
	if (minutes < 60)
		return arena_printf(arena, "%s%dm", sign, (int)minutes);
	if (minutes < UINT64_C(48) * 60)
		return arena_printf(arena, "%s%dh", sign, (int)(minutes / 60));
	uint64_t days = minutes / (24 * 60);
	if (days < 1000)
		return arena_printf(arena, "%s%dd", sign, (int)days);
	uint64_t years = days / 365;
	return arena_printf(arena, "%s%dy", sign, years > 999 ? 999 : (int)years);
}

char *time_day_text(struct arena *arena, int64_t ms, int64_t now_ms)
{
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
					      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	if (ms == TIME_NONE)
		return arena_strdup(arena, "");
	struct day day = day_of_number(floor_divide(ms, MS_PER_DAY));
	struct day today = day_of_number(floor_divide(now_ms, MS_PER_DAY));
	if (day.year == today.year)
		return arena_printf(arena, "%d %s", day.day, months[day.month - 1]);
	return arena_printf(arena, "%d %s %lld", day.day, months[day.month - 1], (long long)day.year);
}

char *time_clock_text(struct arena *arena, int64_t ms, int offset_minutes)
{
	if (ms == TIME_NONE)
		return arena_strdup(arena, "");
	int64_t minutes = floor_divide(ms, MS_PER_MINUTE) + offset_minutes;
	int64_t in_day = minutes - floor_divide(minutes, 24 * 60) * (24 * 60);
	return arena_printf(arena, "%02d:%02d", (int)(in_day / 60), (int)(in_day % 60));
}
