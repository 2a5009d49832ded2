/* PKWARE's APPNOTE 6.3: a header before each file (4.3.7), then all of them once
 * more as a list (4.3.12), and its end (4.3.16). Numbers are little-endian. */
#include "regional/exchange/zip_disk.h"

#include <string.h>

#include "daemon/core/err.h"
#include "daemon/core/mem.h"

enum {
	LOCAL = 0x04034b50,
	LISTED = 0x02014b50,
	END = 0x06054b50,
	VERSION = 20,
	UTF8_NAMES = 1 << 11,
	DAY = 0x21, /* January 1, 1980: the same content, the same file */
	FILES_MAX = 1000,
	BYTES_MAX = 1 << 30,
	HEAD = 46
};

uint32_t zip_disk_crc(const void *bytes, size_t len)
{
	const unsigned char *b = bytes;
	uint32_t crc = 0xffffffff;

	for (size_t i = 0; i < len; i++) {
		crc ^= b[i];
		for (int k = 0; k < 8; k++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
	}
	return ~crc;
}

struct head {
	unsigned char b[HEAD];
	size_t n;
};

static void put(struct head *h, uint32_t v, int bytes)
{
	for (int i = 0; i < bytes; i++, v >>= 8)
		h->b[h->n++] = (unsigned char)v;
}

static int append(char **to, size_t *size, const void *bytes, size_t len)
{
	char *more = len ? mem_realloc(*to, *size + len) : *to;

	if (len && !more)
		return err_set(E_NOMEM, "out of memory for an archive");
	*to = more;
	if (len)
		memcpy(more + *size, bytes, len);
	*size += len;
	return 0;
}

/* What both headers of a file have. */
static void put_common(struct head *h, uint32_t crc, size_t len,
		       size_t name_len)
{
	put(h, VERSION, 2);
	put(h, UTF8_NAMES, 2);
	put(h, 0, 2); /* stored */
	put(h, 0, 2); /* midnight */
	put(h, DAY, 2);
	put(h, crc, 4);
	put(h, (uint32_t)len, 4);
	put(h, (uint32_t)len, 4);
	put(h, (uint32_t)name_len, 2);
	put(h, 0, 2); /* nothing more */
}

static int add(struct disk *d, const char *path, const void *buf, size_t len,
	       unsigned mode)
{
	struct zip_disk *z = (struct zip_disk *)d;
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	struct head local = {.n = 0}, listed = {.n = 0};
	uint32_t crc = zip_disk_crc(buf, len), at = (uint32_t)z->size;
	size_t name_len = strlen(name);
	int x;

	if (z->files == FILES_MAX || len > BYTES_MAX - z->size)
		return err_set(E_TOOBIG,
			       "an archive holds %d files, of a "
			       "gigabyte together",
			       FILES_MAX);
	put(&local, LOCAL, 4);
	put_common(&local, crc, len, name_len);
	put(&listed, LISTED, 4);
	put(&listed, VERSION, 2);
	put_common(&listed, crc, len, name_len);
	put(&listed, 0, 2); /* comment */
	put(&listed, 0, 2); /* disk */
	put(&listed, 0, 2); /* kind */
	put(&listed, 0, 4); /* rights */
	put(&listed, at, 4);
	if ((x = append(&z->made, &z->size, local.b, local.n)) < 0 ||
	    (x = append(&z->made, &z->size, name, name_len)) < 0 ||
	    (x = append(&z->made, &z->size, buf, len)) < 0 ||
	    (x = append(&z->list, &z->list_size, listed.b, listed.n)) < 0 ||
	    (x = append(&z->list, &z->list_size, name, name_len)) < 0)
		return x;
	z->files++;
	return 0;
}

static int no_folder(struct disk *d, const char *path)
{
	return 0;
}

static int no_reading(struct disk *d, const char *path, size_t max, char **out,
		      size_t *len)
{
	return err_set(E_NOTFOUND, "nothing is read back from an archive");
}

void zip_disk_init(struct zip_disk *z)
{
	*z = (struct zip_disk){.base = {.read = no_reading,
					.write = add,
					.make_dir = no_folder}};
}

void zip_disk_fini(struct zip_disk *z)
{
	mem_free(z->made);
	mem_free(z->list);
	*z = (struct zip_disk){.files = 0};
}

int zip_disk_end(struct zip_disk *z)
{
	uint32_t at = (uint32_t)z->size;
	struct head end = {.n = 0};
	int x;

	put(&end, END, 4);
	put(&end, 0, 4); /* disks */
	put(&end, (uint32_t)z->files, 2);
	put(&end, (uint32_t)z->files, 2);
	put(&end, (uint32_t)z->list_size, 4);
	put(&end, at, 4);
	put(&end, 0, 2); /* comment */
	x = append(&z->made, &z->size, z->list, z->list_size);
	return x < 0 ? x : append(&z->made, &z->size, end.b, end.n);
}
