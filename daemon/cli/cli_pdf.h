/* cli_pdf: prints an HTML file as PDF with Chromium, which the machine has or
 * has not. Nothing leaves the machine: the file holds its style and script. */
#ifndef CCFED_CLI_PDF_H
#define CCFED_CLI_PDF_H

/* @chromium: the program; "": E_STATE, saying how to name one. Waits for its
 * end. E_IO if it made no PDF. */
int cli_pdf(const char *chromium, const char *html, const char *pdf);

#endif
