/*
 * optout.h - the one thing that code understands by itself, before and whatever any model thinks: "don't write to me again".
 */
#ifndef LP_MAIL_OPTOUT_H
#define LP_MAIL_OPTOUT_H

#include <stdbool.h>

/*
 * mail_opts_out(subject, reply_text): does it ask not to be written to any more?  True for
 *   - a first line or sentence, or a subject that is no answer's, which is nothing but one of the known words: "stop", "unsubscribe",
 *     "abmelden", "baja" ...
 *   - a sentence anywhere that clearly asks for it: "please remove me from your mailing list", "Bitte nehmen Sie mich aus dem Verteiler",
 *     "ne m'écrivez plus", "no me escriban más" ...
 * in English, German, French, Spanish, Portuguese, Italian, Dutch, Polish, Swedish, Danish, Norwegian, Finnish and Russian.
 * Not for questions about unsubscribing, for what others do, for "if you want to unsubscribe, click here", for what is asked only for a
 * time ("don't write before March") or another way ("write to Jane instead"), and not for "not interested" alone: that is for who classifies.
 * Letters' case and accents, typographic signs and hidden characters make no difference. Subject may be NULL.
 */
bool mail_opts_out(const char *subject, const char *reply_text);

/*
 * text_opts_out(text): the same of a text by telephone, where people use the services' words: STOP, STOPALL, UNSUBSCRIBE, CANCEL, END, QUIT (and OPTOUT,
 * REVOKE) anywhere in it, also inside a sentence ("ok stop please"), but where they clearly mean something else ("the end of the month", "cancel
 * the meeting", "stop by"); and whatever mail_opts_out knows.
 */
bool text_opts_out(const char *);

#endif
