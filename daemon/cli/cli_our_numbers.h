/* cli_our_numbers: `ccfed measure show` in a node's directory: the center's own
 * figures, exact; with --children the children behind one. */
#ifndef CCFED_CLI_OUR_NUMBERS_H
#define CCFED_CLI_OUR_NUMBERS_H

struct cli;
struct measure;

/* @m is served. What a command's run returns. */
int cli_our_numbers(struct cli *c, const struct measure *m);

#endif
