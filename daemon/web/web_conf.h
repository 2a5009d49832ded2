/* web_conf: the options of ccfed.conf about pages, which node and hub share:
 * rows of their option tables. @s is the section, @conf the struct that has a
 * struct pages_conf as its member "web". */
#ifndef CCFED_WEB_CONF_H
#define CCFED_WEB_CONF_H

#include <stddef.h>

#include "daemon/core/conf.h"
#include "daemon/web/pages.h"

#define WEB_CONF_ROW(s, conf, key, member, type, initial, help)              \
	{                                                                    \
		s, key, type, offsetof(conf, web.member),                    \
			sizeof(((conf *)0)->web.member), initial, help, 0, 0 \
	}

#define WEB_CONF_ROWS(s, conf, address)                                       \
	WEB_CONF_ROW(s, conf, "http", http, CONF_STRING, address,             \
		     "Address of the pages, like 127.0.0.1:8420; empty for\n" \
		     "# none."),                                              \
		WEB_CONF_ROW(s, conf, "http_remote", http_remote, CONF_BOOL,  \
			     "no",                                            \
			     "Let other machines reach that address. Wants\n" \
			     "# tls_cert and tls_key."),                      \
		WEB_CONF_ROW(s, conf, "tls_cert", tls_cert, CONF_STRING, "",  \
			     "The certificate and those above it, a PEM\n"    \
			     "# file; in this folder, or with its whole "     \
			     "path."),                                        \
		WEB_CONF_ROW(s, conf, "tls_key", tls_key, CONF_STRING, "",    \
			     "Its private key, a PEM file."),                 \
		WEB_CONF_ROW(s, conf, "url", url, CONF_STRING, "",            \
			     "How people reach the pages, like\n"             \
			     "# https://desk.example, if it is not by that "  \
			     "address:\n"                                     \
			     "# for the links that are handed on."),          \
		WEB_CONF_ROW(s, conf, "proxy_socket", proxy_socket,           \
			     CONF_STRING, "",                                 \
			     "A UNIX socket for a reverse proxy on this\n"    \
			     "# machine, which does TLS and may say who "     \
			     "somebody\n"                                     \
			     "# is by the header X-Remote-User.")

#endif
