#include "daemon/web/asset.h"

#include <assert.h>
#include <string.h>

const struct asset *asset_find(const char *path)
{
	for (size_t i = 0; i < asset_count; i++)
		if (strcmp(asset_table[i].path, path) == 0)
			return &asset_table[i];
	return NULL;
}

const char *asset_path(const char *name)
{
	for (size_t i = 0; i < asset_count; i++)
		if (strcmp(asset_table[i].name, name) == 0)
			return asset_table[i].path;
	assert(!"an asset of this name");
	return "";
}
