/* find_parts: how words become terms, and questions become words; for the files
 * of find and for derive only.
 *
 * Pure functions. */
#ifndef CCFED_FIND_PARTS_H
#define CCFED_FIND_PARTS_H

#include <stddef.h>

/* FIND_WORD: bytes of a term with its NUL; what is longer is cut. */
enum { FIND_WORD = 40, FIND_NEARS = FIND_WORD + 2 };

/* Latin letters without accents and case, apostrophes left out ("O'Brien":
 * obrien), everything else that is no letter or digit as a space. Letters of
 * other scripts stay as they are. */
void find_fold(const char *text, char *out, size_t size);
/* How a folded word sounds, roughly and for names of many languages: "" for
 * one that is no Latin letters. Begins with '~'. */
void find_sound(const char *word, char out[FIND_WORD]);
/* What words a letter apart have in common: @word itself and @word without
 * each of its letters; and how it sounds. How many. */
int find_nears(const char *word, char out[FIND_NEARS][FIND_WORD]);
/* 0 alike; 1: one letter more, less or other, or two exchanged; else 2. */
int find_apart(const char *a, const char *b);
/* The next word of folded text at *s; false if there is none. */
int find_next(const char **s, char word[FIND_WORD]);

/* One thing that is asked for; what does not apply is "". */
struct find_ask {
	char word[FIND_WORD];  /* folded */
	char birth[FIND_WORD]; /* "=2019-04-03", or the beginning of it */
	char phone[FIND_WORD]; /* "#3210": the beginning of a term */
	char number[FIND_WORD];
};
/* --- find_ask.c --- */
/* What @text asks for, at most @room; *n is how many there would be. */
void find_asks(const char *text, struct find_ask *out, int room, int *n);

#endif
