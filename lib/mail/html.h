/*
 * html.h - what a reader of an HTML body sees, as plain text, over libxml2's HTML parser.  Nothing is fetched.
 */
#ifndef LP_MAIL_HTML_H
#define LP_MAIL_HTML_H

#include <stddef.h>

/*
 * mail_html_text(html, n): UTF-8 in, UTF-8 out; the caller frees.  A line a block, an empty line between paragraphs, "- " or a number before
 * an item of a list, "> " before what is quoted.
 */
char *mail_html_text(const char *html, size_t n);

#endif
