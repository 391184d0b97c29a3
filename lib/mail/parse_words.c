/* parse_words.c - the encoded words of a header (RFC 2047), for which GMime believes what they say of their charset. */
#include "mail/parse_int.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"

struct word {
	const char *charset, *text, *end;
	size_t ncharset, ntext;
	bool base64;
};

/* "=?charset*language?B?text?=" at s */
static bool
read_word(const char *s, struct word *w)
{
	const char *p;

	if (s[0] != '=' || s[1] != '?')
		return false;
	w->charset = s + 2;
	w->ncharset = strcspn(w->charset, "*? \t\r\n");
	p = w->charset + strcspn(w->charset, "? \t\r\n");
	if (w->ncharset == 0 || w->ncharset > 40 || p[0] != '?' || strchr("BbQq", p[1]) == NULL || p[1] == '\0' || p[2] != '?')
		return false;
	w->base64 = (p[1] | 0x20) == 'b';
	w->text = p + 3;
	w->ntext = strcspn(w->text, "?\r\n");
	w->end = w->text + w->ntext;
	if (w->end[0] != '?' || w->end[1] != '=')
		return false;
	w->end += 2;
	return true;
}

static int
hex(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10 : -1;
}

static void
add_bytes(struct buf *b, const struct word *w)
{
	char *text;
	gsize n;

	if (w->base64) {
		text = xstrndup(w->text, w->ntext);
		g_base64_decode_inplace(text, &n);
		if (w->ntext > 0)
			buf_add(b, text, n);
		free(text);
		return;
	}
	for (size_t i = 0; i < w->ntext; i++) {
		int high = -1, low = -1;

		if (w->text[i] == '=' && i + 2 < w->ntext) {
			high = hex(w->text[i + 1]);
			low = hex(w->text[i + 2]);
		}
		if (high >= 0 && low >= 0) {
			buf_putc(b, (char)(high << 4 | low));
			i += 2;
		} else
			buf_putc(b, w->text[i] == '_' ? ' ' : w->text[i]);
	}
}

/* A word and those behind it that continue it, as one in UTF-8: a character may be cut in two between them. Returns where they end. */
static const char *
reword(struct buf *out, struct word *w)
{
	char *charset = xstrndup(w->charset, w->ncharset), *text, *coded;
	struct buf bytes = { 0 };
	struct word next;
	const char *end;

	for (;;) {
		add_bytes(&bytes, w);
		end = w->end;
		if (!read_word(end + strspn(end, " \t\r\n"), &next) || next.ncharset != w->ncharset ||
		    strncasecmp(next.charset, w->charset, w->ncharset) != 0)
			break;
		*w = next;
	}
	text = mail_utf8(buf_str(&bytes), bytes.len, charset);
	coded = g_base64_encode((const guchar *)text, strlen(text));
	buf_printf(out, "=?utf-8?B?%s?=", coded);
	g_free(coded);
	free(text);
	free(charset);
	buf_free(&bytes);
	return end;
}

char *
mail_reword(const char *raw)
{
	struct buf b = { 0 };
	struct word w;

	while (raw != NULL && *raw != '\0') {
		size_t plain = strcspn(raw, "=\r\n");

		buf_add(&b, raw, plain);
		raw += plain;
		if (*raw == '=' && read_word(raw, &w)) {
			raw = reword(&b, &w);
			continue;
		}
		if (*raw == '=')
			buf_putc(&b, '=');
		raw += *raw != '\0';
	}
	return buf_steal(&b);
}
