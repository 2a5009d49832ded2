/* zip_disk: a disk whose files become one ZIP archive in memory, for what is
 * written as a folder of small tables and given away as one file. Nothing is
 * compressed; folders are left out, and names are what stands behind the last
 * slash. Writing only. */
#ifndef CCFED_ZIP_DISK_H
#define CCFED_ZIP_DISK_H

#include <stddef.h>
#include <stdint.h>

#include "daemon/core/disk.h"

struct zip_disk {
	struct disk base; /* pass &x.base */
	char *made, *list;
	size_t size, list_size;
	int files;
};

void zip_disk_init(struct zip_disk *z);
void zip_disk_fini(struct zip_disk *z);
/* No more files: the archive is z->made, of z->size bytes. E_NOMEM. */
int zip_disk_end(struct zip_disk *z);
/* The checksum that ZIP has (ISO 3309). */
uint32_t zip_disk_crc(const void *bytes, size_t len);

#endif
