#include "daemon/web/html.h"
#include "regional/desk/desk_parts.h"
#include "regional/desk/tpl_help.h"

static int get_help(struct page *p)
{
	page_title(p, "Help");
	tpl_help(page_body(p));
	return 0;
}

const struct page_route desk_help_routes[] = {
	{PAGE_GET, "/help", ROLES_OF_NODE, get_help, 0},
	{0},
};
