/* asset: the pages' stylesheet, scripts and icon, which are part of the
 * executable. Their paths hold a hash of their content, so that a browser may
 * keep them for ever. Any thread. */
#ifndef CCFED_ASSET_H
#define CCFED_ASSET_H

#include <stddef.h>

struct asset {
	const char *name; /* "style.css" */
	const char *path; /* "/assets/style-0123456789abcdef.css" */
	const char *type; /* for Content-Type */
	const char *etag; /* in quotes */
	const unsigned char *data, *gz;
	size_t len, gz_len;
};

extern const struct asset asset_table[];
extern const size_t asset_count;

/* By path; NULL if there is none. */
const struct asset *asset_find(const char *path);
/* The path of "style.css", "app.js", "charts.js", "icon.svg" or "licenses.txt";
 * static. Another name is a mistake of the program. */
const char *asset_path(const char *name);

#endif
