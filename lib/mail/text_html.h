/*
 * text_html.h - a plain text as HTML: the same words and the same links, nothing else.  No picture, no style, no script, nothing that is fetched.
 */
#ifndef LP_MAIL_TEXT_HTML_H
#define LP_MAIL_TEXT_HTML_H

/* mail_text_html(text): paragraphs at empty lines, breaks at the others, https:// and http:// links that can be clicked and show where they lead; ends with a
 * line feed. The same text gives the same HTML. The caller frees. */
char *mail_text_html(const char *);

#endif
