/* directory_text: what the directory knows of a service, in a few words. */
#ifndef CCFED_DIRECTORY_TEXT_H
#define CCFED_DIRECTORY_TEXT_H

#include "regional/case/directory.h"

struct page;

/* "3 openings", "Waitlist of 12" and the day on which that was so. */
const char *directory_text_openings(struct page *p,
				    const struct directory_line *d);
/* "Checked Nov 3, 2026", "Never checked". */
const char *directory_text_verified(struct page *p, int32_t on);
bool directory_text_stale(struct page *p, int32_t on);
/* "3 to 12", "From 3", "All ages"; SHEET_UNKNOWN: no bound. */
const char *directory_text_ages(struct page *p, int64_t from, int64_t to);
/* Has @set, "food, housing", the @len bytes of @word, in letters of any case? */
bool directory_text_has(const char *set, const char *word, size_t len);
/* The words of a set, "food, housing", as titles. */
const char *directory_text_words(struct page *p, enum words list,
				 const char *set);

#endif
