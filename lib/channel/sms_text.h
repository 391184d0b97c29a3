/*
 * sms_text.h - how many short messages a text is: what it costs, and where a reader's telephone cuts it.
 */
#ifndef LP_CHANNEL_SMS_TEXT_H
#define LP_CHANNEL_SMS_TEXT_H

#include <stdbool.h>

struct sms_count {
	bool ucs2;             /* a character outside GSM 7 bit (3GPP TS 23.038, default alphabet and its extension) makes all of it UCS-2 */
	int units;             /* septets, or UTF-16 units */
	int segments;          /* of 160 septets or 70 units; where there are several, of 153 or 67: the header that joins them takes the rest */
	char odd[5];           /* the first character that is outside GSM 7 bit; "" */
};

/* sms_count(text, c): valid UTF-8. What takes two units is never cut in two. An empty text is one segment. */
void sms_count(const char *text, struct sms_count *);

#endif
