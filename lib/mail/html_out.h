/*
 * html_out.h - lines of plain text, as an HTML page is laid out into them.
 */
#ifndef LP_MAIL_HTML_OUT_H
#define LP_MAIL_HTML_OUT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/mem.h"

struct html_out {
	struct buf text;
	int ends;              /* newlines at the end; a page begins as if behind an empty line */
	bool used;             /* the line is empty, but meant: it holds a hard blank */
	bool blank;            /* a blank is due before the next word */
	bool rest;             /* from here on all is quoted once more */
	char mark[16];         /* before the next word: "- " */
};

void html_out_init(struct html_out *);
/* html_out_text(o, s, n, pre, quote, lists): UTF-8, its white space collapsed unless `pre`, behind `quote` times "> ", indented by the lists it is in. */
void html_out_text(struct html_out *, const char *, size_t n, bool pre, int quote, int lists);
void html_out_break(struct html_out *, int lines);      /* end the line if there is one; 2: and leave an empty one */
void html_out_line(struct html_out *);                  /* end the line, also an empty one; never two empty lines running */
void html_out_blank(struct html_out *);
void html_out_mark(struct html_out *, const char *);
void html_out_quote_rest(struct html_out *);            /* quote all that follows */
/* html_out_quote_head(o, from): where the text from that offset on is the head of a mail ("From: ...", "Sent: ..."), quote it and all that follows. */
void html_out_quote_head(struct html_out *, size_t from);
char *html_out_end(struct html_out *);                  /* the text, which the caller frees */

#endif
