/* ta_report_page: a report as a template, a whole HTML document, or JSON. */
#ifndef CCFED_TA_REPORT_PAGE_H
#define CCFED_TA_REPORT_PAGE_H

#include <stdio.h>

#include "daemon/hub/ta_report.h"

struct hub;
struct tpl_ta_report;

/* How it stands: number 0 is a draft. */
struct report_mark {
	int64_t number;
	int version;
	int32_t published_on; /* of a draft: not used */
	const char *banner;   /* of what kind the data is; NULL */
	uint32_t floor;
};
/* @r with its actions and visits from @db; everything in @a. */
int ta_report_fill(struct hub *h, struct db *db, struct arena *a,
		   const struct report *r, const struct report_mark *k,
		   const struct tpl_ta_report **out);
/* A document that needs /report.css and /report.js; for mem_free. */
int ta_report_html(struct hub *h, struct db *db, struct arena *a,
		   const struct report *r, const struct report_mark *k,
		   char **out, size_t *len);
/* The same numbers; for free(). */
int ta_report_json(struct arena *a, const struct report *r,
		   const struct report_mark *k, char **out);
/* A document of ta_report_html with stylesheet and script inside it, so that
 * it can be read from a file. */
int ta_report_alone(FILE *f, const char *html, size_t len);

#endif
