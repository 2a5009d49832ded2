/* faultfs: an SQLite VFS named "faultfs" over the machine's own, whose nth
 * write or sync fails: the disk that lies, for struct disk.vfs. */
#ifndef CCFED_TEST_FAULTFS_H
#define CCFED_TEST_FAULTFS_H

#include <stdbool.h>

enum faultfs_op { FAULTFS_WRITE, FAULTFS_SYNC };

/* Register the VFS; fine to call again. Returns its name. */
const char *faultfs_register(void);
/* After @skip more, one @op fails with @rc (SQLITE_IOERR_FSYNC, SQLITE_FULL).
 * A sync that fails was not made. Only one fault waits at a time. */
void faultfs_fail(enum faultfs_op op, int skip, int rc);
/* From the fault on, everything of that kind fails until faultfs_off. */
void faultfs_stick(bool stick);
/* No more faults; true if one has happened since faultfs_fail. */
bool faultfs_off(void);

#endif
