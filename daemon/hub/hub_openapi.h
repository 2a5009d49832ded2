/* hub_openapi: openapi.json, embedded at build time; the first is its text. */
#ifndef CCFED_HUB_OPENAPI_H
#define CCFED_HUB_OPENAPI_H

extern const char *const hub_openapi[];
extern const int hub_openapi_count;

#endif
