/* daemon: what every daemon of ccfed does: it is alone on its directory, and
 * tells systemd, where that is, when it is up and when it ends.
 *
 * The lock goes with the process, however that ends. Any thread. */
#ifndef CCFED_DAEMON_H
#define CCFED_DAEMON_H

#include <stdbool.h>

/* Lock @dir for this process; on 0 the caller close()s *lock at its end.
 * E_STATE with a sentence if a @what ("node", "hub") runs there already. */
int daemon_lock(const char *dir, const char *what, int *lock);
/* Does a daemon run on @dir? Only looks. */
bool daemon_runs(const char *dir);

void daemon_ready(void);
void daemon_stopping(void);

#endif
