/* contact_view: what pages of contacts ask beside the contacts themselves: whose
 * a contact is, what is planned, and what somebody takes along to a home.
 *
 * Reads only; any thread, on its own connection. Who may see is the caller's
 * question. */
#ifndef CCFED_CONTACT_VIEW_H
#define CCFED_CONTACT_VIEW_H

#include "daemon/core/arena.h"
#include "regional/case/contact.h"

struct contact_child {
	int64_t child, kase;
	const char *given, *family;
	int32_t birth;
};
/* The children that contact @id serves; E_NOTFOUND if @child is none of them
 * (0: whoever). */
int contact_view_children(struct db *db, struct arena *a, int64_t id,
			  int64_t child, struct contact_child **out, size_t *n);
/* Of the children who share a home with @child on @day, those with an open
 * case. */
int contact_view_siblings(struct db *db, struct arena *a, int64_t child,
			  int32_t day, struct contact_child **out, size_t *n);
/* Open cases of member @staff of the staff, by name. */
int contact_view_mine(struct db *db, struct arena *a, int64_t staff,
		      int64_t limit, struct contact_child **out, size_t *n);
/* How many contacts @child had, in all its cases; none entered in error. */
int contact_view_count(struct db *db, int64_t child, int64_t *out);
/* Those contacts, newest first. */
int contact_view_list(struct db *db, struct arena *a, int64_t child,
		      int64_t offset, int64_t limit, struct contact **out,
		      size_t *n);
/* What is planned for @kase, by day. */
int contact_view_planned(struct db *db, struct arena *a, int64_t kase,
			 struct contact_planned **out, size_t *n);
/* The planned contact that became @contact, or 0. */
int contact_view_was_planned(struct db *db, int64_t contact, int64_t *planned);

/* Ways to reach the family's people that are safe; the preferred one first. */
struct contact_way {
	const char *person, *way, *value, *hours;
	bool message;
};
int contact_view_ways(struct db *db, struct arena *a, int64_t child,
		      struct contact_way **out, size_t *n);

/* A fingerprint of what stands in @c, to see whether somebody changed it since
 * a form was drawn. */
enum { CONTACT_SEEN = 33 };
void contact_view_seen(const struct contact *c, char out[CONTACT_SEEN]);

#endif
