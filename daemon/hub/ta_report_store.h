/* ta_report_store: published reports, which never change, and the texts that
 * the next version will have.
 *
 * Owns tables report, report_text. A report's hash is BLAKE2b-256 of its HTML
 * as it was published. */
#ifndef CCFED_TA_REPORT_STORE_H
#define CCFED_TA_REPORT_STORE_H

#include "daemon/hub/ta_report.h"

struct hub;

enum { REPORT_TEXT = 6000, REPORT_HASH = 65 };

struct report_text {
	char notes[REPORT_TEXT], comment[REPORT_TEXT];
	int64_t edition; /* 0: nothing was written yet */
};
/* Empty texts if there are none. */
int report_text_get(struct db *db, const char *region, struct period quarter,
		    struct report_text *out);
/* @new->edition is the one that the writer began from: E_STATE if somebody
 * wrote another meanwhile. */
int report_text_set(const struct ta_hand *by, const char *region,
		    struct period quarter, const struct report_text *new);

struct report_row {
	int64_t number;
	char region[REGION_ID], region_title[80];
	struct period quarter;
	int version;
	char hash[REPORT_HASH]; /* in hexadecimal */
	int64_t published_utc_ms;
	char published_by[64];
	int64_t bytes;
};
/* Write @region's report of @quarter as it is now under the next number. */
int report_publish(struct hub *h, const struct ta_hand *by, const char *region,
		   struct period quarter, struct report_row *out);
/* The newest first; NULL: of all regions. */
int report_list(struct db *db, const char *region,
		int (*fn)(void *arg, const struct report_row *r), void *arg);
/* The document as HTML or, @json, JSON, for mem_free. E_AUTH if it is not what
 * was published. */
int report_get(struct db *db, int64_t number, bool json, struct report_row *row,
	       char **out, size_t *len);
/* Of the quarter, the newest version's number; E_NOTFOUND. */
int report_newest(struct db *db, const char *region, struct period quarter,
		  int64_t *number);

#endif
