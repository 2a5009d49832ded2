/* day_text: days, ages and counts as people here read them. Pure. */
#ifndef CCFED_DAY_TEXT_H
#define CCFED_DAY_TEXT_H

#include <stdint.h>

struct arena; /* daemon/core/arena.h */

/* NULL when memory is out; "" for NO_DATE. */
const char *day_text(struct arena *a, int32_t day);	  /* Nov 17, 2026 */
const char *day_text_short(struct arena *a, int32_t day); /* Nov 17 */
/* Nov 17 of the year of @today, else with its year. */
const char *day_text_near(struct arena *a, int32_t day, int32_t today);
const char *day_text_week(struct arena *a, int32_t day); /* Tue, Nov 17 */
/* Tuesday, November 17, 2026 */
const char *day_text_long(struct arena *a, int32_t day);
/* "7", or of who is younger than two "14 months". */
const char *day_text_age(struct arena *a, int32_t birth, int32_t on);
/* "1 child", "2 children": @one and @many follow the number. */
const char *day_text_count(struct arena *a, int64_t n, const char *one,
			   const char *many);
/* The next day on which people work, by the calendar's week alone. */
int32_t day_text_workday(int32_t day);

#endif
