/*
 * html.c - the words of an HTML body, out of the events of libxml2's parser: no tree is built.
 */
#include "mail/html.h"

#include <libxml/HTMLparser.h>
#include <libxml/parserInternals.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "mail/html_int.h"
#include "mail/html_out.h"

#define DEPTH_MAX 400                    /* elements in elements; what is deeper isn't shown */
#define OVER_MAX 200
#define OUT_MAX ((size_t)192 << 10)      /* bytes of text after which nobody asks for more */

struct frame {
	char tag[16];
	struct html_look look;
	bool shows;            /* what look says, worked out once */
	bool quotes;           /* a wrapper that quotes already: a blockquote in it does no more */
	int quote;             /* "> " how often */
	int lists;             /* lists in lists */
	int lines;             /* that it stands apart by: 1 a line of its own, 2 an empty line between */
	int item;              /* number of the next item of an ordered list; 0: not an ordered one */
	bool silent;           /* script, style and the like */
	bool rule;             /* a line is drawn above it: what Outlook does to the head of a quoted mail */
	size_t from;           /* where its text began */
};

struct reader {
	htmlParserCtxtPtr parser;
	struct frame stack[DEPTH_MAX];
	size_t depth, over;    /* over: open elements for which there is no frame */
	struct html_sheet sheet;
	struct buf css;        /* of the <style> that is open */
	struct html_out out;
};

static bool
one_of(const char *tag, const char *const list[])
{
	for (; *list != NULL; list++)
		if (strcmp(tag, *list) == 0)
			return true;
	return false;
}

static bool
is_silent(const char *tag)
{
	static const char *const list[] = { "script", "style", "title", "template", "iframe", "object", "applet", "noframes", "select", "textarea",
		"svg", "math", "audio", "video", "canvas", "map", "xml", NULL };

	return one_of(tag, list);
}

static int
apart(const char *tag, const char *class, const char *style)
{
	static const char *const lines[] = { "div", "tr", "li", "table", "blockquote", "section", "article", "aside", "header", "footer", "main", "nav",
		"address", "center", "figure", "figcaption", "form", "fieldset", "dt", "dd", "body", "caption", "details", "summary", "legend", NULL };
	static const char *const blocks[] = { "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "hr", "pre", NULL };

	if (one_of(tag, lines))
		return 1;
	if (!one_of(tag, blocks))
		return 0;
	if (strcmp(tag, "p") == 0 && ((class != NULL && strncmp(class, "Mso", 3) == 0) ||
	                                 (style != NULL && (strstr(style, "margin:0") != NULL || strstr(style, "margin: 0") != NULL))))
		return 1; /* Outlook's lines are paragraphs */
	return 2;
}

static bool
has(const char *s, const char *word)
{
	return s != NULL && strstr(s, word) != NULL;
}

static bool
ends_with(const char *s, const char *word)
{
	size_t n = s != NULL ? strlen(s) : 0, len = strlen(word);

	return n >= len && strcmp(s + n - len, word) == 0;
}

/* Elements in which mail programs wrap all that they quote, with the line that says whose it is. */
static bool
wraps_quote(const char *class, const char *id)
{
	return has(class, "yahoo_quoted") || has(id, "yahoo_quoted") || has(class, "zmail_extra") || ends_with(id, "OLK_SRC_BODY_SECTION") ||
	       has(id, "mail-editor-reference-message-container") || has(class, "ms-outlook-mobile-reference-message") ||
	       has(id, "ms-outlook-mobile-reference-message");
}

static void
open_list(struct frame *f, const char *const *atts)
{
	const char *start = html_attribute(atts, "start");

	f->lists++;
	f->item = 0;
	if (strcmp(f->tag, "ol") == 0) {
		f->item = start != NULL ? (int)strtol(start, NULL, 10) : 1;
		if (f->item < 1 || f->item > 9999)
			f->item = 1;
	}
}

static void
open_item(struct reader *r)
{
	char mark[16] = "- ";

	for (size_t i = r->depth; i-- > 0;)
		if (strcmp(r->stack[i].tag, "ol") == 0 || strcmp(r->stack[i].tag, "ul") == 0) {
			if (r->stack[i].item > 0)
				snprintf(mark, sizeof(mark), "%d. ", r->stack[i].item++);
			break;
		}
	html_out_mark(&r->out, mark);
}

static void
open_frame(struct reader *r, struct frame *f, const char *const *atts)
{
	const char *class = html_attribute(atts, "class"), *id = html_attribute(atts, "id"), *style = html_attribute(atts, "style");

	html_look_at(&f->look, &r->sheet, f->tag, atts);
	f->shows = html_shows(&f->look);
	f->silent = f->silent || is_silent(f->tag);
	f->rule = false;
	f->lines = 0;
	if (f->look.gone || f->silent)
		return;
	if (strcmp(f->tag, "blockquote") == 0) {
		f->quote += !f->quotes;
		f->quotes = false;
	} else if (wraps_quote(class, id)) {
		f->quote += !f->quotes;
		f->quotes = true;
	}
	if (ends_with(id, "divRplyFwdMsg"))
		html_out_quote_rest(&r->out);
	f->lines = apart(f->tag, class, style);
	if (f->lists > 0 && f->lines > 1)
		f->lines = 1; /* no empty lines in lists */
	if (f->lines > 0)
		html_out_break(&r->out, f->lines);
	else if (strcmp(f->tag, "td") == 0 || strcmp(f->tag, "th") == 0)
		html_out_blank(&r->out);
	if (strcmp(f->tag, "br") == 0)
		html_out_line(&r->out);
	else if (strcmp(f->tag, "ul") == 0 || strcmp(f->tag, "ol") == 0)
		open_list(f, atts);
	else if (strcmp(f->tag, "li") == 0)
		open_item(r);
	f->rule = strcmp(f->tag, "div") == 0 && has(style, "border-top") && has(style, "solid");
	f->from = r->out.text.len;
}

static void
start_element(void *ctx, const xmlChar *name, const xmlChar **atts)
{
	static const char *const none[] = { NULL };
	struct reader *r = ctx;
	struct frame *f = &r->stack[r->depth], *up = f - 1; /* the first frame is the document's */

	if (r->depth == DEPTH_MAX) {
		if (++r->over > OVER_MAX)
			xmlStopParser(r->parser); /* it looks through all of them for each end */
		return;
	}
	*f = *up;
	r->depth++;
	snprintf(f->tag, sizeof(f->tag), "%s", (const char *)name);
	f->item = 0;
	open_frame(r, f, atts != NULL ? (const char *const *)(const void *)atts : none);
}

static void
close_frame(struct reader *r)
{
	struct frame *f = &r->stack[--r->depth];

	if (strcmp(f->tag, "style") == 0 && r->css.len > 0) {
		html_sheet_add(&r->sheet, r->css.s, r->css.len);
		buf_reset(&r->css);
	}
	if (f->rule && f->quote == 0)
		html_out_quote_head(&r->out, f->from);
	if (f->lines > 0)
		html_out_break(&r->out, f->lines);
}

static void
end_element(void *ctx, const xmlChar *name)
{
	struct reader *r = ctx;
	size_t i = r->depth;

	if (r->over > 0) {
		r->over--;
		return;
	}
	while (i > 1 && strncmp(r->stack[i - 1].tag, (const char *)name, sizeof(r->stack[0].tag) - 1) != 0)
		i--;
	while (i > 1 && r->depth >= i)
		close_frame(r);
}

static void
characters(void *ctx, const xmlChar *s, int n)
{
	struct reader *r = ctx;
	const struct frame *f = &r->stack[r->depth - 1];

	if (strcmp(f->tag, "style") == 0) {
		buf_add(&r->css, s, (size_t)n);
		return;
	}
	if (r->over > 0 || f->silent || !f->shows)
		return;
	html_out_text(&r->out, (const char *)s, (size_t)n, f->look.pre, f->quote, f->lists);
	if (r->out.text.len > OUT_MAX)
		xmlStopParser(r->parser);
}

char *
mail_html_text(const char *html, size_t n)
{
	struct reader *r = xcalloc(1, sizeof(*r));
	xmlSAXHandler sax = { .startElement = start_element, .endElement = end_element, .characters = characters, .ignorableWhitespace = characters,
		.cdataBlock = characters };
	/* text on its own is no paragraph to anybody but libxml2, so nothing stands on its own */
	char *source = xasprintf("<div>%.*s", (int)n, html), *text;

	html_trim(source, strlen(source));
	htmlHandleOmittedElem(0);
	r->stack[0].look = html_look_default;
	r->stack[0].shows = true;
	r->depth = 1;
	html_out_init(&r->out);
	r->parser = *source != '\0' ? htmlCreateMemoryParserCtxt(source, (int)strlen(source)) : NULL;
	if (r->parser != NULL) {
		htmlCtxtUseOptions(r->parser, HTML_PARSE_NONET | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_IGNORE_ENC | HTML_PARSE_RECOVER);
		*r->parser->sax = sax;
		r->parser->userData = r;
		xmlSwitchEncoding(r->parser, XML_CHAR_ENCODING_UTF8);
		htmlParseDocument(r->parser);
		htmlFreeParserCtxt(r->parser);
	}
	text = html_out_end(&r->out);
	html_sheet_clear(&r->sheet);
	buf_free(&r->css);
	free(source);
	free(r);
	return text;
}
