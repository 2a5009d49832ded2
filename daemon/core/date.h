/* date: civil dates, which are what case work and periods are made of.
 *
 * A date is a day number, days since 1970-01-01 in the proleptic Gregorian
 * calendar; in SQL and on pages it is ISO text, "2026-11-24". Which civil
 * date an instant falls on depends on the policy's time zone, set once for the
 * process with date_zone(). Any thread after date_zone(). */
#ifndef CCFED_DATE_H
#define CCFED_DATE_H

#include <stdint.h>

enum { DATE_TEXT = 11 }; /* "YYYY-MM-DD" and its NUL */

/* Use the IANA zone @name ("America/New_York") for date_of_utc from now on.
 * E_INVALID if the machine does not know it. */
int date_zone(const char *name);
/* Only whether it does; the civil dates of the process stay as they are. */
int date_zone_check(const char *name);

int32_t date_of_utc(int64_t utc_ms);
/* Noon of that civil day in UTC milliseconds: a safe instant inside it. */
int64_t date_noon_utc_ms(int32_t day);

/* Exactly "YYYY-MM-DD", a day that exists, years 1900 to 2200; else E_INVALID
 * with a sentence that quotes @text. */
int date_parse(const char *text, int32_t *out);
/* Writes "YYYY-MM-DD"; returns @out. */
char *date_format(int32_t day, char out[DATE_TEXT]);

int32_t date_from_ymd(int year, int month, int day);
void date_to_ymd(int32_t day, int *year, int *month, int *mday);
/* Whole years from @birth to @on, as birthdays count (29 February: 1 March). */
int date_age_years(int32_t birth, int32_t on);

/* An instant as "2026-11-24T23:09:22Z" (21 bytes with NUL); returns @out. */
char *date_format_utc(int64_t utc_ms, char out[21]);

#endif
