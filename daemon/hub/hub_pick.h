/* hub_pick: lists to choose from in forms and filters of the hub's pages, of
 * regions, fact tables, measures and periods. What they return is lent as long
 * as the page. */
#ifndef CCFED_HUB_PICK_H
#define CCFED_HUB_PICK_H

#include <stdint.h>

struct db;
struct page;
struct tpl_select;

/* The region's title into @title of 80 bytes; E_NOTFOUND with a sentence. */
int hub_pick_title(struct db *db, const char *region, char *title);
int hub_pick_check(struct db *db, const char *region);

/* @prompt: what stands for none chosen; @chosen may be NULL. What was sent
 * before counts, if the form comes again. */
int hub_pick_region(struct page *p, const char *name, const char *prompt,
		    const char *chosen, const struct tpl_select **out);
int hub_pick_table(struct page *p, const char *chosen,
		   const struct tpl_select **out);
/* Measures that are served; proportions alone if @rates. */
int hub_pick_measure(struct page *p, const char *prompt, const char *chosen,
		     int rates, const struct tpl_select **out);

#endif
