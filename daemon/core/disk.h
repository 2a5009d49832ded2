/* disk: files other than databases, and which SQLite VFS databases use.
 *
 * Passed in, so that a test can put a whole network on a disk that lies. */
#ifndef CCFED_DISK_H
#define CCFED_DISK_H

#include <stddef.h>

struct disk {
	/* SQLite VFS by name; NULL: SQLite's own default. */
	const char *vfs;
	/* Whole file into *out (mem_free, NUL-terminated past *len); a file
	 * over @max bytes is E_TOOBIG; a missing one E_NOTFOUND. */
	int (*read)(struct disk *d, const char *path, size_t max, char **out,
		    size_t *len);
	/* Durably and at once: temporary file, fsync, rename, fsync of the
	 * directory. @mode like 0600. */
	int (*write)(struct disk *d, const char *path, const void *buf,
		     size_t len, unsigned mode);
	/* Make the directory and its parents, mode 0700; 0 if it exists. */
	int (*make_dir)(struct disk *d, const char *path);
};

struct disk *disk_system(void); /* static, never freed */

int disk_read(struct disk *d, const char *path, size_t max, char **out,
	      size_t *len);
int disk_write(struct disk *d, const char *path, const void *buf, size_t len,
	       unsigned mode);
int disk_make_dir(struct disk *d, const char *path);

#endif
