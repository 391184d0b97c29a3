/*
 * reply.h - what a person newly wrote in an answer.
 */
#ifndef LP_MAIL_REPLY_H
#define LP_MAIL_REPLY_H

/*
 * mail_reply_text(text): the text without
 *   - what it quotes: lines with '>', what follows the header block, rule or "On Monday, Ada wrote:" line of Outlook, Gmail, Apple Mail,
 *     Yahoo, Thunderbird, Notes and others, and those lines themselves, also wrapped over several;
 *   - the signature behind "-- ", a closing ("Best regards, / Anna / CEO") with what stands below it and is no sentence, and the line that a
 *     phone adds ("Sent from my iPhone").
 * In English, German, French, Spanish, Portuguese, Italian, Dutch, Polish, Swedish, Danish, Norwegian and Finnish.  Answers between quoted
 * lines stay, and so does whatever might be somebody's words: where in doubt, too much is kept.  Where nothing would be left, the text
 * before the first quotation is given; "" where there is none.
 * No blanks at the ends of lines, no two empty lines together; ends with a line feed unless empty. Linear time. The caller frees.
 */
char *mail_reply_text(const char *);

#endif
