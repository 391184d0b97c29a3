/*
 * html_int.h - between the files of the HTML reader: how an element looks, as far as that says whether anybody can see its text.
 */
#ifndef LP_MAIL_HTML_INT_H
#define LP_MAIL_HTML_INT_H

#include <stdbool.h>
#include <stddef.h>

/* What an element inherits and gives on. Colours are 0xRRGGBB. */
struct html_look {
	unsigned fg, bg;
	bool fg_known, bg_known;       /* not where it is a picture, or a word that we don't know */
	double size;                   /* of the font, px */
	bool gone;                     /* nothing below it shows either */
	bool invisible;                /* what is below it may say that it is visible */
	bool pre;                      /* blanks and line ends are kept */
};

extern const struct html_look html_look_default;

/* The style sheets of a document, as far as they can hide something. {0} is an empty one. */
struct html_sheet {
	struct html_rule *list;
	size_t n;
};

/* html_sheet_add(sheet, css, n): the rules of a <style> element; those for other media than a screen of any size are passed over. */
void html_sheet_add(struct html_sheet *, const char *css, size_t n);
void html_sheet_clear(struct html_sheet *);

/* html_sheet_match(sheet, tag, atts, fn, arg): the declarations ("a: b; c: d") of each rule for such an element, in their order. A rule that
 * names what an element is inside of is taken for any inside, where it also names a class or an id. */
void html_sheet_match(const struct html_sheet *, const char *tag, const char *const *atts, void (*fn)(void *, const char *css, size_t n),
    void *arg);

/* html_attribute(atts, name): of a NULL-terminated list of lower case names and their values; NULL where missing, "" without a value. */
const char *html_attribute(const char *const *atts, const char *name);

/* html_look_at(look, sheet, tag, atts): from what its parent looks like to what the element does. */
void html_look_at(struct html_look *, const struct html_sheet *, const char *tag, const char *const *atts);

/* html_shows(look): can its own text be read? */
bool html_shows(const struct html_look *);

/* html_trim(s, n): blank the attributes that are too many for one element, and what is marked for one reader alone. */
void html_trim(char *, size_t n);

#endif
