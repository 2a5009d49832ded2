#include "tests/lib/faultfs.h"

#include <string.h>

#include <sqlite3.h>

/* Test programs use it from one thread. */
static struct {
	enum faultfs_op op;
	int left; /* 0: off */
	int rc;
	bool stick, fired;
} fault;

static sqlite3_vfs vfs;
static sqlite3_vfs *real;

/* SQLite gives szOsFile bytes: ours, and the real file behind it. */
struct file {
	sqlite3_file base;
};

static sqlite3_file *real_file(sqlite3_file *f)
{
	return (sqlite3_file *)((struct file *)f + 1);
}

static int fails(enum faultfs_op op)
{
	if (fault.left == 0 || op != fault.op)
		return SQLITE_OK;
	if (fault.left > 1) {
		fault.left--;
		return SQLITE_OK;
	}
	fault.fired = true;
	if (!fault.stick)
		fault.left = 0;
	return fault.rc;
}

static int f_write(sqlite3_file *f, const void *buf, int n, sqlite3_int64 at)
{
	int rc = fails(FAULTFS_WRITE);

	if (rc != SQLITE_OK)
		return rc;
	return real_file(f)->pMethods->xWrite(real_file(f), buf, n, at);
}

static int f_sync(sqlite3_file *f, int flags)
{
	int rc = fails(FAULTFS_SYNC);

	if (rc != SQLITE_OK)
		return rc;
	return real_file(f)->pMethods->xSync(real_file(f), flags);
}

/* Everything else goes through unchanged. */
#define FORWARD(name, params, args)                          \
	static int f_##name params                           \
	{                                                    \
		return real_file(f)->pMethods->x##name args; \
	}
FORWARD(Close, (sqlite3_file * f), (real_file(f)))
FORWARD(Read, (sqlite3_file * f, void *p, int n, sqlite3_int64 at),
	(real_file(f), p, n, at))
FORWARD(Truncate, (sqlite3_file * f, sqlite3_int64 n), (real_file(f), n))
FORWARD(FileSize, (sqlite3_file * f, sqlite3_int64 *n), (real_file(f), n))
FORWARD(Lock, (sqlite3_file * f, int how), (real_file(f), how))
FORWARD(Unlock, (sqlite3_file * f, int how), (real_file(f), how))
FORWARD(CheckReservedLock, (sqlite3_file * f, int *out), (real_file(f), out))
FORWARD(FileControl, (sqlite3_file * f, int op, void *p), (real_file(f), op, p))
FORWARD(SectorSize, (sqlite3_file * f), (real_file(f)))
FORWARD(DeviceCharacteristics, (sqlite3_file * f), (real_file(f)))
FORWARD(ShmMap,
	(sqlite3_file * f, int page, int size, int extend, void volatile **out),
	(real_file(f), page, size, extend, out))
FORWARD(ShmLock, (sqlite3_file * f, int at, int n, int flags),
	(real_file(f), at, n, flags))
FORWARD(ShmUnmap, (sqlite3_file * f, int del), (real_file(f), del))

static void f_shm_barrier(sqlite3_file *f)
{
	real_file(f)->pMethods->xShmBarrier(real_file(f));
}

static const sqlite3_io_methods methods = {
	.iVersion = 2,
	.xClose = f_Close,
	.xRead = f_Read,
	.xWrite = f_write,
	.xTruncate = f_Truncate,
	.xSync = f_sync,
	.xFileSize = f_FileSize,
	.xLock = f_Lock,
	.xUnlock = f_Unlock,
	.xCheckReservedLock = f_CheckReservedLock,
	.xFileControl = f_FileControl,
	.xSectorSize = f_SectorSize,
	.xDeviceCharacteristics = f_DeviceCharacteristics,
	.xShmMap = f_ShmMap,
	.xShmLock = f_ShmLock,
	.xShmBarrier = f_shm_barrier,
	.xShmUnmap = f_ShmUnmap,
};

static int v_open(sqlite3_vfs *v, const char *name, sqlite3_file *f, int flags,
		  int *out_flags)
{
	int rc;

	f->pMethods = NULL;
	rc = real->xOpen(real, name, real_file(f), flags, out_flags);
	/* A file with methods is closed by SQLite, also after a failure. */
	if (real_file(f)->pMethods)
		f->pMethods = &methods;
	return rc;
}

const char *faultfs_register(void)
{
	if (real)
		return vfs.zName;
	real = sqlite3_vfs_find(NULL);
	vfs = *real;
	vfs.pNext = NULL;
	vfs.zName = "faultfs";
	vfs.szOsFile = (int)sizeof(struct file) + real->szOsFile;
	vfs.xOpen = v_open;
	sqlite3_vfs_register(&vfs, 0);
	return vfs.zName;
}

void faultfs_fail(enum faultfs_op op, int skip, int rc)
{
	fault.op = op;
	fault.left = skip + 1;
	fault.rc = rc;
	fault.stick = false;
	fault.fired = false;
}

void faultfs_stick(bool stick)
{
	fault.stick = stick;
}

bool faultfs_off(void)
{
	fault.left = 0;
	return fault.fired;
}
