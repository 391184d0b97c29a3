/* optout_words.c - one language after the other; accents off, see plain.h. */
#include "mail/optout_words.h"

/* clang-format off */
#define LISTS "list|lists|mailing|mailings|database|databases|crm|records|distribution|campaign|campaigns|sequence|newsletter|" \
	"newsletters|emails|email|outreach|system|communications|contacts|mailinglist|subscription|subscriptions|marketing|files"
#define MAILS "email|emails|mail|mails|messages|message|communication|communications|mailings|newsletters|spam|offers|solicitations|" \
	"correspondence"
#define LISTEN "verteiler~|liste|listen|mailingliste~|emailliste~|mailliste~|newsletter~|datenbank~|kartei|adressliste~|" \
	"adressverteiler|mailverteiler|emailverteiler|adressbestand|datenbestand|system|crm|kontaktliste|kontakten"
#define LISTES "liste|listes|fichier|fichiers|base|bases|diffusion|mailing|mailings|contacts|newsletter|carnet|crm|donnees|envois|" \
	"mailinglist"
#define LISTAS "lista|listas|base|bases|datos|distribucion|contactos|envios|boletin|correos|mailing|newsletter|registro|registros|crm"
#define LISTAP "lista|listas|base|cadastro|mailing|contatos|contactos|newsletter|banco|distribuicao|envios|sistema|registos|registros|" \
	"emails"
#define LISTI "lista|liste|mailing|mailinglist|database|elenco|elenchi|archivi|archivio|newsletter|contatti|sistema|rubrica|" \
	"indirizzario"
#define LIJST "lijst|lijsten|mailinglijst|maillijst|mailinglist|bestand|bestanden|database|verzendlijst|adressenbestand|nieuwsbrief|" \
	"distributielijst|systeem|crm|mailing|mailings|emaillijst|contactenlijst|contacten"
#define LISTY "listy|bazy|mailingu|mailingow|newslettera|subskrypcji|list|wysylki|bazie|kontaktow|liste|systemu|crm"
#define LISTN "lista|listan|listor|listorna|mejllista|maillista|mejllistan|utskick|utskicken|register|databas|databasen|sandlista|" \
	"nyhetsbrev|utskickslista|kontaktlista|system|liste|listen|lister|mailliste|mailingliste|maillisten|epostliste|epostlisten|" \
	"registeret|database|databasen|nyhedsbrev|nyhedsbrevet|nyhetsbrevet|kartotek|mailinglisten|mailinglista"

static const char *const bare[] = {
	"stop", "stopall", "stopp", "stoppen", "stop it|this|that", "stop all", "end", "quit", "remove", "remove me|us", "delete",
	"delete me|us", "off", "no more", "abmelden", "austragen", "entfernen", "loschen", "loeschen", "aufhoren", "arret", "arretez",
	"retirer", "supprimer", "supprimez", "baja", "alto", "borrar", "eliminar", "parar", "pare", "parem", "remover", "retirar", "sair",
	"cancellami", "cancellatemi", "cancellare", "rimuovere", "rimuovi", "rimuovimi", "rimuovetemi", "basta", "stoppa", "avsluta",
	"sluta", "slutt", "afmelden", "afmeld", "avmeld", "verwijder", "verwijderen", "ophouden", "usun", "usuncie", "wypisz",
	"rezygnuje", "rezygnuj", "poista", "lopeta", "lopettakaa", "remover meu email", "fjern", "stopit", "стоп", "удалите", "отписка",
};

static const char *const anchored[] = {
	"unsubscribe $",
	"unsubscribe|unsub|unsubcribe ?me|us ?from ?all|any|your|this|these|the|future ?all|future ?" MAILS "|" LISTS " ?list $",
	"unsubscribe all $", "unsubscribe from|to all|any|your|this|these|such|future * " MAILS "|" LISTS,
	"unsubscribe me|us|my|this|our", "unsub me|us", "optout|optedout $", "opt ?me|us out ?please $", "optout me|us", "opt me|us out",
	"opting out $", "remove|delete|take|get|strike me|us ?off $", "remove me|us ?from ?your|the|this ?email|mailing ?list|lists $",
	"remove|delete my|our|this email|mail|address|emailaddress|details|contact|contacts|name|data|information|info",
	"no more " MAILS " $", "no more " MAILS " from you", "no further " MAILS "|contact|contacts $", "leave me|us alone",
	"cease and desist", "do|does not|never contact|email|mail|message|text|spam|disturb me|us $",
	"dont|never contact|email|mail|message|text|spam|disturb me|us $", "do not contact|email|mail|message|write $",
	"dont email|contact $", "not interested stop ?" MAILS " $",
	"stop ?with ?all|this|these|your|the|any|sending|further|such ?of ?your|these|the ?unsolicited|marketing|sales|cold " MAILS
	    "|spamming|contact|harassment|this",
	"stop it|this|that ?right $", "abbestellen $", "abmelden $", "abmeldung $", "austragen $",
	"newsletter|mails|emails abbestellen|abmelden|kundigen $",
	"keine ?weiteren|weitere mails|emails|nachrichten|werbung|werbemails|newsletter|anfragen|spam mehr $",
	"keine weiteren|weitere|weiterer|weiteren mails|emails|mail|email|nachrichten|werbung|anfragen|kontaktaufnahme|kontaktaufnahmen|"
	    "kontakt ?mehr ?senden|schicken|zusenden|an ?mich|uns $",
	"keine ?weiteren|weitere mails|emails|nachrichten|werbung|newsletter|anfragen mehr ?an|von ?mich|uns|ihnen ?senden|schicken|"
	    "zusenden $",
	"nicht mehr|wieder|weiter kontaktieren|anschreiben|schreiben|mailen|anmailen $",
	"nicht mehr|wieder|weiter kontaktieren|anschreiben|schreiben|mailen bitte|danke",
	"mich|uns|mir nicht mehr|wieder|weiter ?per|mit|von ?mail|email|emails|ihnen kontaktieren|anschreiben|schreiben|mailen|anmailen|"
	    "belastigen $",
	"mich|uns ?bitte abmelden|austragen|loschen|entfernen $", "streichen|loschen|loeschen|entfernen|austragen sie ?bitte mich|uns $",
	"losch|losche|entferne|entfern|streich|streiche mich|uns $",
	"aus ?dem|ihrem|diesem verteiler|liste|mailingliste ?bitte austragen|nehmen|loschen|streichen|entfernen $",
	"unterlassen sie das|dies|solche~|diese ?mails|emails $",
	"desabonner|desabonnement|desinscription|desinscrire|desinscrivez|desabonnez $", "me|se desabonner|desinscrire $",
	"me|nous retirer|supprimer|enlever|rayer|oter|radier|effacer $", "retirez|supprimez|enlevez|rayez|effacez|radiez|otez moi|nous $",
	"plus ?jamais ?aucun|de|d ?mail|mails|email|emails|message|messages|courriel|courriels|spam $",
	"plus de mails|emails|messages|courriels|spam|pub|publicite svp|merci|s",
	"dar|darme|darse|darnos|denme|deme|dame|dennos de baja $", "cancelar|anular ?la|mi suscripcion $",
	"no mas correos|emails|mensajes|mails|spam|publicidad $",
	"no me|nos escriba|escriban|escribas|contacte|contacten|contactes|moleste|molesten $",
	"descadastrar|descadastre|descadastrem|descadastro|desinscrever|desinscricao ?me|se|ja $",
	"me descadastre|descadastrem|remova|remover|removam|retire|exclua|tire|tira $",
	"remova|removam|retire|retirem|exclua|excluam|tire|tirem me|nos $", "cancelar|anular ?a|minha inscricao|subscricao|assinatura $",
	"sair da lista $", "nao me|nos envie|enviem|contacte|contactem|contate|contatem|escreva|escrevam $",
	"chega de emails|mensagens|spam",
	"disiscrivi|disiscrivimi|disiscrivetemi|disiscrivermi|disiscrizione|disiscrivere|cancellami|cancellatemi|cancellarmi|toglietemi|"
	    "toglimi|rimuovetemi|eliminatemi|depennatemi $",
	"annullare|annulla|annullate|cancellare|cancella ?l|la|mia iscrizione ?alla ?newsletter $",
	"basta ?con ?le|queste|mandarmi|inviarmi mail|email|spam|mails", "niente piu|altre mail|email|messaggi $",
	"non scrivetemi|contattatemi|disturbatemi|mandatemi $", "mi disiscriva|cancelli|tolga|rimuova|elimini $",
	"uitschrijven|afmelden|uitschrijving|afmelding $", "geen ?verdere mails|emails|mail|email|berichten|mailtjes ?meer $",
	"geen mails|emails|mail|email|berichten|mailtjes meer ?naar|aan|van",
	"schrijf|schrijft|meld|haal|verwijder|verwijdert|schrap mij|me|ons ?aub ?uit|af|eruit|eraf $",
	"niet meer mailen|benaderen|contacteren|emailen|schrijven $",
	"stop ?met ?deze|uw|die|het mails|mailen|spammen|emailen|mailtjes|berichten",
	"wypisz|wypiszcie|wypisac|usun|usuncie|usunac|skreslcie|wykreslcie mnie|nas $", "wypisanie ?mnie $", "rezygnacja $",
	"nie pisac|wysylac|kontaktowac ?sie ?wiecej|juz $", "nie pisz|piszcie ?do ?mnie|nas ?wiecej|juz $", "anuluj subskrypcje $",
	"avregistrera|avprenumerera|avanmal ?mig|oss|min|mitt ?mail|mejl|adress|mailadress|mejladress $",
	"ta|tag|stryk|radera ?bort mig|oss ?bort $", "inga|inget ?fler|mer mejl|mail|utskick|epost|reklam ?mer|tack $",
	"inga fler mejl|mail|utskick", "sluta mejla|maila|spamma|skriva|kontakta $",
	"afmeld|avmeld|frameld|framelde|fjern|slet|slett ?venligst|vennligst mig|meg|os|oss ?fra $", "meld|meldt mig|meg|os|oss ?af|av $",
	"ingen|ikke flere mails|mail|eposter|epost|henvendelser", "ikke kontakt|skriv|send ?til ?mig|meg|os|oss ?igen|igjen|mere|mer $",
	"stopp|stop ?alle|med ?at|a epost|mails|mail|maile|skrive|sende|spamme|spam",
	"peru|peruuta|peruttakaa|peruutan ?uutiskirje~|minun tilaus|tilaukseni|uutiskirje~ $",
	"poista|poistakaa minut|meidat|osoitteeni|sahkopostini|tietoni",
	"ei ?enaa ?mitaan ?lisaa viesteja|sahkopostia|sahkoposteja|mainoksia|posteja ?enaa|kiitos $",
	"отпишите|отписать|отпишитесь ?меня|нас ?от $", "отписаться|отписка $", "отписаться от ?вашеи рассылки|рассылок",
	"удалите меня|нас|мои|мою|наш", "не пишите ?мне|нам ?больше $", "больше не пишите|присылаите|звоните",
};

static const char *const strong[] = {
	/* English */
	"remove|delete|take|drop|exclude|purge|strike|scrub|unsubscribe|removing|taking|deleting me|us ?please|immediately|completely "
	    "from|off|out ** " LISTS,
	"remove|delete|take|drop|exclude|purge|strike|scrub|unsubscribe|removing|taking|deleting my|our|this|these ** from|off|out|of * "
	    LISTS,
	"remove|delete|erase|purge my|our|all|any email|mail|address|personal|emailaddress|contact|data|details ?address|addresses|"
	    "details|data|information|info ** from",
	"delete|erase|destroy all|any|my|our ?of ?my|our ?personal|contact data|information|details", "unsubscribe me|us",
	"opt out of|from your|this|these|all|any|further|such|future ** " MAILS "|" LISTS,
	"stop|quit|cease|discontinue ?with emailing|mailing|contacting|spamming|messaging|writing|pestering|bothering|bugging|harassing|"
	    "soliciting|pinging|calling|texting ?to me|us|this|my|our",
	"stop|quit|cease|discontinue ?with|from sending ?to me|us|these|this|your|any|all|emails|mails|messages|more|unsolicited|spam|"
	    "further",
	"stop emailing|mailing|spamming|contacting ?me|us ?again|please $",
	"stop all|any|further|your ?further|future|unsolicited|cold communication|communications|contact|correspondence|solicitation|"
	    "solicitations|" MAILS,
	"do not|ever|never ?ever contact|email|mail|write|message|text|spam|disturb|solicit ?to me|us|this ** again|anymore|ever|further",
	"dont|never ?ever contact|email|mail|write|message|text|spam|disturb|solicit ?to me|us|this ** again|anymore|ever|further",
	"never contact|email|mail|write|message|spam ?to me|us ?again $",
	"do not|ever send|write ?to me|us any|anything|more|further|again|" MAILS " ?more|further|again|anything|of",
	"dont|never ?ever send|write ?to me|us ?any|anything|more|further|such|these|again|this ?more|further|of|kind ?your|these ?"
	    MAILS " ?again|anymore|ever $",
	"i|we do not|no ?longer|ever|longer want|wish|like|care|need to receive|get|be|have ?getting ** " MAILS "|mailed|emailed|"
	    "contacted|solicited",
	"i|we dont|never|wont|no ?ever|longer|really want|wish|like|need to receive|get|be|have ** " MAILS "|mailed|emailed|contacted|"
	    "solicited",
	"i|we dont|never|no ?longer want|wish ?any|more|further|these|your|such|this ?more|further|of ?your|these " MAILS,
	"i|we do not want|wish ?any|more|further|these|your|such|this ?more|further|of ?your|these " MAILS,
	"not ?ever want|wish|like|care ?to hear|be ?hearing from you ?again|anymore|any|ever",
	"dont ?ever want|wish|like|care ?to hear|be ?hearing from you ?again|anymore|any|ever",
	"never want|wish|like ?to hear from you ?again", "not to be contacted|emailed|mailed ?again ?by|in|for|$",
	"not to be contacted $", "not to receive|get any|further|more|your|these * " MAILS,
	"i|we|id|wed|im ** want|wish|like|need|ask|demand|request|asking|prefer ?to|you ?to ?be|get unsubscribed|removed|unsubscribe|"
	    "excluded|deleted|optout $",
	"i|we|id|wed|im ** want|wish|like|need|ask|demand|request|asking|prefer ?to|you ?to ?be|get unsubscribed|unsubscribe|optout "
	    "from|of|to ?all|any your|this|these|the|all|any|further|future",
	"want|wish|like|prefer|choose|need|decided to opt out ?please $", "want|wish|like|prefer|choose|need|decided to opt out of|from",
	"to be|get removed|deleted|taken|unsubscribed|excluded|dropped from|off|of ?all|any your|this|these|the|all|any ** " LISTS
	    "|mails",
	"want|like|wish|need|wants out of your|this|these * " LISTS,
	"like|want|wish|need to|my ?be|email|name|address removed|deleted|unsubscribed from|off your|this|these|the * " LISTS,
	"how can|do|could|may i|we unsubscribe|optout|opt|get|stop ?out|off ?of|from|receiving|getting|being|these ?on|of|from your|"
	    "these|this * " MAILS "|" LISTS,
	"if you could|would|can ?please|kindly remove|take|unsubscribe|delete me|us|my|our",
	"add|put me|us|my|this ** to|on ** suppression|suppress|blacklist|dnc|donotcontact",
	"put|add me|us|my|this ** to|on your|the|a do not contact|call|email|mail",
	"object|objecting ?strongly to the|any|all|your|further|this ?further processing|use|usage|storage of my|our|personal",
	"withdraw|revoke|withdrawing|revoking my|our|any|all consent", "lose my|our|this email|address|number|contact|details",
	"leave me|us alone", "i|we unsubscribe $", "i|we opt out ?please $", "am|im|are|were opting out",
	"no longer|more contact|email|mail|write|message me|us", "please|pls unsubscribe|remove|delete $",
	"please|pls|kindly no more " MAILS, "not contact|email|mail me|us again|anymore|further",
	/* German */
	"nehmen|nimm|nehmt|streichen|streiche|streich|streicht|loschen|losche|losch|loscht|loeschen|entfernen|entferne|entfernt|tragen|"
	    "trag|trage|tragt|werfen|schmeissen ?sie|ihr|du ?bitte|doch|umgehend|sofort|endlich mich|uns|meine|unsere|diese|meinen|"
	    "unser ** aus|von|vom ** " LISTEN,
	"mich|uns|adresse|emailadresse|mailadresse|meine|unsere|daten ?bitte ?umgehend|sofort ?umgehend|sofort ?bitte aus|von|vom ** "
	    LISTEN " ** nehmen|streichen|loschen|loeschen|entfernen|austragen|herausnehmen|rausnehmen|nehmt|nimmst|entfernt|streicht|"
	    "loscht|herauszunehmen|loschst|streichst|entfernst",
	"aus|von|vom ihrem|dem|diesem|eurem|ihrer|der|dieser|eurer|deinem|deiner|allen|ihren|saemtlichen|samtlichen * " LISTEN
	    " * genommen|entfernt|gestrichen|geloscht|ausgetragen|abgemeldet|zu",
	"tragen|trag|tragt sie|mich|uns ?mich|uns ?bitte ** aus",
	"loschen|loescht|losche|loscht|loeschen|entfernen|entferne|entfernt sie|ihr|bitte|mich|meine|unsere ?bitte ?umgehend|sofort "
	    "?alle|samtliche ?meine|unsere|diese ?gespeicherten|personenbezogenen|personlichen daten|adresse|emailadresse|kontaktdaten|"
	    "mailadresse|adressdaten|email",
	"bitte|um ?um|die loschung|entfernung meiner|unserer|aller|samtlicher",
	"meine|unsere ?kompletten|personlichen|personenbezogenen daten|emailadresse|adresse|kontaktdaten|mailadresse ?bitte ?umgehend|"
	    "sofort ?bitte|und ?wieder ?zu loschen|loeschen|entfernen",
	"mochte|mochten|will|wollen|wurde|wunsche|wunschen ?gerne ?ich|wir|mich|uns ?mich ?bitte|hiermit|gern|gerne ?von|vom|aus|aller "
	    "?ihrem|allen|ihren|diesem ?verteiler|newsletter|mailings|liste|mailingliste abmelden|austragen|abgemeldet $",
	"senden|schicken|schick|sende|sendet|schickt|zusenden ?sie|ihr mir|uns ?bitte ?in ?kunftig|zukunft|ab|zukunftig ?sofort ?bitte "
	    "keine|keinerlei ** mails|mail|email|emails|nachrichten|werbung|newsletter|anfragen|werbemails|angebote|informationen|mehr|"
	    "mailings|infos",
	"mochte|mochten|will|wollen|wunsche|wunschen ** keine|keinerlei ** mails|mail|email|emails|nachrichten|werbung|newsletter|"
	    "kontaktaufnahme|kontaktaufnahmen|angebote|werbemails|anrufe|zusendungen|mailings|anfragen ** mehr|erhalten|bekommen|"
	    "weiteren|weitere|kriegen|haben|zugesandt|zugeschickt|von|per",
	"mochte|mochten|will|wollen|wunsche|wunschen ** keine|keinen weitere|weiteren|weiterer|jeglichen kontaktaufnahme|"
	    "kontaktaufnahmen|mails|emails|kontakt|nachrichten|anfragen|werbung|zusendungen",
	"mails|emails|nachrichten|kontaktaufnahme|kontaktaufnahmen|anfragen|werbung|zusendungen|kontaktversuchen|anschreiben ?zukunftig|"
	    "kunftig ?bitte abzusehen|absehen|unterlassen|verzichten|unterbleiben",
	"sehen|nehmen sie ?bitte|kunftig ?kunftig|in ?zukunft von weiteren|weiterer|zukunftigen|kunftigen|solchen ** ab|abstand",
	"kontaktieren|schreiben|belastigen|kontaktiere|schreib|kontaktiert|schreibt|mailen|bemailen ?sie|ihr mich|uns|mir ?bitte|hier "
	    "?in ?zukunft|kunftig|zukunftig|endlich ?bitte nicht|nie mehr|wieder|erneut|weiter|langer",
	"bitte ** nicht|nie mehr|wieder ?per|mit|unter|an ?email|mail|mails|emails|dieser ?adresse kontaktieren|anschreiben|anmailen|"
	    "mailen|bemailen|behelligen|kontaktiert",
	"mich|mir|uns ?bitte ?in|kunftig|zukunftig ?zukunft ?bitte nicht|nie mehr|wieder|erneut|weiter|weiterhin ?per ?email|mail ?zu "
	    "kontaktieren|anschreiben|anzuschreiben|schreiben|mailen|kontaktieren|belastigen|behelligen|kontaktiert",
	"horen|hor|hort|hore sie|auf|bitte|endlich|ihr ** auf ?, ?mir|mich|uns ** schreiben|mailen|kontaktieren|belastigen|senden|"
	    "schicken|nerven|spammen",
	"unterlassen|unterlasse|unterlasst|unterlassen ?sie|es ?bitte|kunftig|zukunftig ?, ?zukunftig|kunftig weitere~|kunftige~|"
	    "zukunftige~|jegliche~|solche|mich|uns|mir|die|jede",
	"widerspreche|widersprechen ?ich|wir ?hiermit|ausdrucklich der|jeder|jeglicher|einer|hiermit|dem ?weiteren|werblichen|kunftigen|"
	    "der ?weiteren|werblichen nutzung|verarbeitung|verwendung|kontaktaufnahme|speicherung|zusendung|werbung|erhalt|nutzungen|"
	    "ubermittlung|ansprache",
	"widerrufe|widerrufen ?ich ?hiermit meine|jede|die|eine|unsere ?etwaige|erteilte einwilligung",
	"lassen|lass|lasst sie|mich|uns|ihr ?mich|uns ?bitte|doch|endlich|einfach ?bitte|doch|endlich|einfach in ruhe|frieden",
	"mochte|mochten|will|wollen|wunsche ?ich|wir ?von|durch ?ihnen|ihrer ?firma ?bitte nicht|nie mehr|wieder|weiter|weiterhin|"
	    "langer ** kontaktiert|angeschrieben|belastigt|angemailt|angerufen|behelligt",
	"nicht|keine|keinen mehr|weiterhin|weiter von ihnen|euch|ihrer|dir horen|kontaktiert|angeschrieben|lesen",
	"setzen|nehmen|schreiben|packen sie mich|uns|meine ** blacklist|sperrliste|robinsonliste|sperrvermerk",
	/* French */
	"retirez|supprimez|enlevez|rayez|effacez|desinscrivez|desabonnez|otez|sortez|radiez|excluez|retirer|supprimer|enlever|rayer|"
	    "effacer moi|nous|mon|mes|notre|nos|cette|l|nom ** de|des|du|d|cette ** " LISTES,
	"me|nous retirer|supprimer|enlever|rayer|desinscrire|desabonner|oter|sortir|effacer|radier|exclure|desinscriviez ** de|des|du|d "
	    "** " LISTES,
	"desinscrivez|desabonnez moi|nous",
	"merci|veuillez|priere|vous ?de ?bien|prie ?vouloir|de me|nous retirer|supprimer|desinscrire|desabonner|enlever|rayer",
	"souhaite|veux|voudrais|desire|aimerais|souhaitons|voulons|demande|merci ?a ?de me|nous|etre|a ?etre desabonner|desinscrire|"
	    "desabonne~|desinscrit~|retire~|supprime~|raye~",
	"supprimez|effacez|supprimer|effacer ?moi mes|nos|toutes|mon|notre ?mes ?coordonnees|adresse|donnees|email|mail|informations ** "
	    "de|des|du|$",
	"suppression|effacement de mes|nos|mon|toutes * donnees|adresse|coordonnees|email|mail|informations",
	"ne m|me|nous ecrivez|envoyez|contactez|adressez|sollicitez|relancez|importunez|derangez|appelez|envoie|ecris|contacte plus|"
	    "jamais",
	"ne m|me|nous ecrivez|contactez|sollicitez|relancez|importunez|derangez pas|surtout",
	"ne plus|pas|jamais m|me|nous ?jamais contacter|ecrire|envoyer|solliciter|relancer|adresser|deranger|importuner|demarcher|"
	    "spammer|l|recontacter",
	"ne souhaite|veux|desire|souhaitons|voulons|souhaiterais|voudrais plus|pas|jamais|absolument ?etre|pas|plus|que|du|de ?recevoir|"
	    "etre|plus|tout recevoir|contacte~|relance~|sollicite~|demarche~|recontacte~|vous|vos|de|mails|aucun|aucune",
	"arretez|cessez|stoppez|arreter|cesser|stopper ?donc|immediatement|svp ?immediatement ?de|d ?s ?il ?vous ?plait ?de m|me|nous "
	    "envoyer|ecrire|contacter|harceler|solliciter|spammer|relancer|demarcher|importuner|adresser|inonder|deranger",
	"arretez|cessez|stoppez|arreter|cesser ?immediatement|svp tout|toute|vos|ces|cet|ce|les|l|votre|tous|d|de ?vos|ces|envoyer|"
	    "envoi|vos|ces ?de ?vos|ces mails|mail|emails|email|envois|envoi|messages|spam|spams|courriels|sollicitations|sollicitation|"
	    "prospection|demarchage|relances|communication|communications|harcelement|mailing|mailings|publicites|contact",
	"laissez moi|nous tranquille~|en",
	"m oppose|opposons ?formellement ?desormais a|au|aux ** traitement|utilisation|prospection|demarchage|envoi|sollicitations|"
	    "reception",
	"plus recevoir|etre ** vos|de|votre|vous|aucun|contacte~|sollicite~|ce|ces|aucune", "retire|retirons mon|notre|tout consentement",
	/* Spanish */
	"no me|nos escriba|escriban|escribas|escribais|envie|envien|envies|mande|manden|mandes|contacte|contacten|contactes|moleste|"
	    "molesten|molestes|llame|llamen|remita|remitan ** mas|nuevamente|jamas|nunca|nada",
	"no me|nos ** vuelva|vuelvan|vuelvas|volvais a escribir|contactar|enviar|mandar|molestar|llamar",
	"no vuelva|vuelvan|vuelvas|volvais a escribirme|contactarme|enviarme|mandarme|molestarme|escribirnos|contactarnos|enviarnos|"
	    "molestarnos",
	"nunca|jamas mas|me ?me|vuelvan ?a ?escriban|contacten|escribirme",
	"deje|dejen|deja|dejad|paren|parad|pare|para|cesen|cese ?ya|por ?favor de|con escribirme|enviarme|mandarme|contactarme|"
	    "molestarme|spamearme|escribirnos|enviarnos|mandarnos|contactarnos|molestarnos|mandar|enviar|acosarme|llamarme|llamarnos",
	"darme|denme|deme|dame|darnos|dennos|denos|desme|dadme de baja",
	"den|de|dar|dan de baja mi|nuestro|nuestra|este|esta|a ** correo|direccion|email|mail|cuenta",
	"borre|borren|borra|borrar|borrad|elimine|eliminen|elimina|eliminar|quite|quiten|quitar|quita|saque|saquen|retire|retiren|"
	    "retirar|remueva|remuevan|suprima|supriman|suprimir|remover mi|mis|nuestro|nuestra|nuestros|nuestras|este|esta|me|a ** de|"
	    "correo|datos|email|direccion ** " LISTAS,
	"borrarme|eliminarme|eliminenme|eliminame|elimineme|quitenme|quitarme|quitame|quiteme|saquenme|saqueme|sacarme|sacame|retirenme|"
	    "retirarme|retireme|borrenme|borrame|borreme|removerme|remuevanme|excluyanme|bajenme|bajarme|quitadme|sacadme|eliminadme|"
	    "eliminarnos|quitarnos|borrarnos|quitennos|eliminennos ** de|del ** " LISTAS,
	"borren|borrar|eliminen|eliminar|elimine|borre|supriman todos|mis|nuestros ?mis|nuestros datos|contactos",
	"no quiero|deseo|queremos|deseamos|quisiera|necesito ?seguir|volver|mas ?a|que|recibir|ser ** recibir|recibiendo|contactado~|"
	    "correos|emails|mensajes|publicidad|contacten|escriban|envien|spam|manden|informacion",
	"opongo|oponemos al|a ** tratamiento|uso|envio|utilizacion|recepcion", "dejadme|dejenme|dejeme|dejame|dejennos|dejadnos en paz",
	"cancelar|cancele|cancelen|anular|anulen mi|nuestra suscripcion", "revoco|retiro mi|el|cualquier consentimiento",
	"quiero|quisiera|deseo|queremos|solicito|pido ?que|la|me ?me darme|darnos|den|de|baja|dar de|en ?baja ?en|de",
	/* Portuguese */
	"me|nos remova|removam|remover|retire|retirem|retirar|tire|tirem|tirar|exclua|excluam|excluir|descadastre|descadastrem|tira|"
	    "remove|desinscreva|apague ** da|de|do|das|dessa|desta ** " LISTAP,
	"remova|removam|remover|retire|retirem|retirar|tire|tirem|tirar|exclua|excluam|excluir|apague|apaguem|apagar|elimine|eliminem|"
	    "eliminar|descadastre|descadastrem|descadastrar me|nos|meu|meus|minha|nosso|nossos|nossa|este|esse|o|os ** da|de|do|das|"
	    "dessa|desta|dados ** " LISTAP,
	"apague|apaguem|apagar|eliminem|elimine|excluam|exclua|excluir|eliminar os|todos|meus|minhas ?os ?meus|nossos dados|contatos|"
	    "contactos",
	"descadastre|descadastrem meu|o|este|nosso|a",
	"nao me|nos ?voltem|volte|torne|tornem ?a envie|enviem|mande|mandem|contacte|contactem|contate|contatem|escreva|escrevam|"
	    "incomode|incomodem|ligue|liguem|enviar|contactar|escrever ?mais|nunca|emails|mensagens|nada ?mais|nada $",
	"nao me|nos envie|enviem|mande|mandem|contacte|contactem|contate|contatem|escreva|escrevam|incomode|incomodem|perturbem ** mais|"
	    "novamente|nunca|nada",
	"nao volte|voltem|tornem a contactar|contatar|escrever|enviar|incomodar|me|nos",
	"nao envie|enviem|mande|mandem ?me|nos mais|nenhum ** emails|email|mensagens|mensagem|nada|mails",
	"pare|parem|parar|deixe|deixem|cessem|cesse ?ja|imediatamente ?de ?me|nos de|com ?me|nos enviar|mandar|contatar|contactar|"
	    "escrever|incomodar|enviarem|mandarem|perturbar|contactarem|spam|enviar-me",
	"nao quero|desejo|queremos|desejamos|pretendo|gostaria|pretendemos|gostariamos ?mais|de ?de receber|continuar|ser|ter|receberem|"
	    "mais ** email|emails|mensagens|mails|contatado~|contactado~|comunicacoes|receber|mais|publicidade|contato|contacto|nada|"
	    "recebendo|estes|esses|este",
	"quero|gostaria|desejo|queremos|solicito|peco ?de|a|que ?me|minha|ser ?me ?seja|minha descadastrar|sair|cancelar|descadastro|"
	    "remocao|removido~|retirado~|remover|retirar|excluido~|exclusao|desinscrever|removam|retirem ** lista|listas|inscricao|"
	    "subscricao|assinatura|base|mailing|newsletter|$",
	"deixem|deixe|deixa me|nos em paz|sossegado~", "me|nos deixe|deixem|deixa em paz",
	"oponho|opomos ?me|nos ao|a ** tratamento|uso|envio", "retiro|revogo o ?meu|meu consentimento",
	"solicito|peco|favor ?a|o ?imediata remocao|exclusao|descadastro|retirada do|da|de|dos meu|meus|minha|nosso|nossa|email",
	/* Italian */
	"cancellatemi|cancellami|rimuovetemi|rimuovimi|toglietemi|toglimi|eliminatemi|disiscrivetemi|disiscrivimi|depennatemi|"
	    "escludetemi|levatemi|cancellarmi|rimuovermi|togliermi|eliminarmi|disiscrivermi|cancellateci|rimuoveteci|toglieteci|"
	    "eliminateci|cancellarci|rimuoverci|toglierci ** dalla|dalle|dall|da|dal|dai ** " LISTI,
	"mi|ci cancelli|tolga|rimuova|elimini|disiscriva|tolgano|cancellino|cancelliate|togliate|rimuoviate|cancellate|togliete|"
	    "rimuovete ** dalla|dalle|dall|da|dal|dai ** " LISTI,
	"cancellate|rimuovete|eliminate|togliete|cancelli|rimuova|elimini|tolga|cancellare|rimuovere|eliminare|togliere|depennare il|la|"
	    "l|i|le|questo ?mio|mia|miei|nostro|nostra|nostri ?indirizzo|email|mail|nominativo|contatto|dati|nome ** dalla|dalle|dall|"
	    "da|dal|dai|dati|email|indirizzo ** " LISTI,
	"cancellate|cancellare|eliminate|eliminare|cancelli|elimini|cancelliate i|tutti ?i miei|nostri dati|contatti|recapiti",
	"non scrivetemi|contattatemi|mandatemi|inviatemi|disturbatemi|scrivermi|contattarmi|mandarmi|inviarmi|disturbarmi|scriveteci|"
	    "contattateci|inviateci|mandateci|scriverci|contattarci|inviarci ** piu|mai|altre",
	"non mi|ci scriva|contatti|mandi|invii|scrivete|contattate|mandate|inviate|scrivere|contattare|disturbate|disturbi|scriviate|"
	    "contattiate|mandiate|inviate ** piu|mai|altre",
	"non|di|a vogliate|volete|voler|voglia ?piu|mai scrivermi|contattarmi|inviarmi",
	"smettete|smetta|smettetela|smettila|finitela|finiscila|smettere|cessate|cessare ?subito|immediatamente|per ?favore di|con|l|"
	    "ogni scrivermi|mandarmi|inviarmi|contattarmi|disturbarmi|spammare|mandare|inviare|scriverci|contattarci|inviarci|queste|le|"
	    "invio|contatto|comunicazione|tempestarmi",
	"non voglio|desidero|vogliamo|desideriamo|intendo|intendiamo|gradisco ?piu|mai|assolutamente ricevere|essere|avere ** piu|mail|"
	    "email|contattat~|comunicazioni|messaggi|altre|vostre|vostri|queste|disturbat~|pubblicita|newsletter|spam",
	"desidero|vorrei|voglio|chiedo|desideriamo|vorremmo|chiediamo|prego ?di|la ?essere|mia cancellat~|rimoss~|eliminat~|disiscritt~|"
	    "tolt~|disiscrivermi|cancellarmi|cancellazione|rimozione|disiscrizione ** dalla|dalle|dall|da|dal|dai|dei|del|$",
	"lasciatemi|lasciami|lasciateci|mi|lasci ?lasci ?stare in|stare ?pace|stare",
	"oppongo|opponiamo al|all|alla ** trattamento|uso|utilizzo|invio|ricezione",
	"revoco|ritiro il|ogni|qualsiasi|la ?mio|mia consenso|autorizzazione",
	/* Dutch */
	"haal|haalt|verwijder|verwijdert|schrap|schrapt|gooi|neem|halen|verwijderen|schrijf|wilt ?u|je|jullie ?aub|alstublieft|graag "
	    "mij|me|ons|mijn|onze|dit ** uit|van ** " LIJST,
	"mij|me|ons|mijn ** uit|van|vanuit|van ** " LIJST " ** verwijderen|halen|schrappen|verwijdert|haalt|verwijderd|gehaald|haal|"
	    "verwijder|uitschrijven",
	"verwijder|verwijdert|wis|verwijderen|schrap ?aub|alstublieft|graag mijn|onze|al ?mijn ?persoonlijke gegevens|adres|emailadres|"
	    "mailadres|email|contactgegevens|data",
	"schrijf|schrijft|meld|meldt mij|me|ons ?aub|alstublieft|graag|direct|onmiddellijk ?aub|direct uit|af ?voor|van|uit|$",
	"wil|willen|wens|wou|wilt|zou ?graag|ik|wij|we ?graag mij|me|ons ?graag|hierbij ?direct uitschrijven",
	"wil|willen|wens|zou ?graag|ik ?graag mij|me|ons ?graag|hierbij afmelden $",
	"wil|willen|wens|zou ?graag|ik ?graag mij|me|ons ?graag|hierbij afmelden voor|van * mails|emails|nieuwsbrief|lijst|mailing|"
	    "mailings|berichten|mailinglijst|maillijst",
	"stop|stopt|stoppen|hou|houd ?u|op|je|jullie ?aub|alstublieft|alsjeblieft|nu|direct|onmiddellijk ?op ?er ?a ?u ?b met|mee ?het|"
	    "mij|me|ons ?mij|me|ons ?te|het mailen|emailen|spammen|schrijven|contacteren|benaderen|sturen|mailtjes|mails|emails|"
	    "lastigvallen|zenden|toesturen|versturen|bellen|deze|uw",
	"mail|mailt|emailt|email|schrijf|schrijft|contacteer|contacteert|benader|benadert|spam ?u mij|me|ons ?aub|alstublieft|hier|"
	    "alsjeblieft ?aub|hierover niet|nooit meer|weer|opnieuw",
	"stuur|stuurt|zend|zendt ?u mij|me|ons ** geen|niets|niet|nooit ** mails|emails|berichten|reclame|mail|meer|email|mailtjes|"
	    "nieuwsbrieven",
	"niet|nooit meer ?door|te ?u|jullie mailen|benaderen|contacteren|benaderd|gemaild|lastig|gecontacteerd|emailen",
	"neem|neemt|gelieve ?u ?aub|alstublieft|niet ?meer geen|contact ?verder|op contact ?meer ?meer|op ** op|meer|opnemen",
	"wil|wens|willen|wensen|hoef|hoeven ?ik|wij|we ?verder|echt|van ?u geen|niet|niets ** mails|emails|berichten|mail|reclame|"
	    "nieuwsbrief|contact|benaderd|gemaild|email ** meer|ontvangen|krijgen|worden|van|$",
	"wil|wens|willen|wensen ?ik|wij ?van ?u geen|niet|niets meer van|benaderd|gemaild|gecontacteerd|mails|horen|ontvangen",
	"laat mij|me|ons ?gewoon|aub|nu|alstublieft met|alleen ?rust",
	"maak|maken ?ik|wij|hierbij ?hierbij bezwaar tegen ** gebruik|verwerking|mails|benadering|mailings|toezending",
	"trek|trekken ?ik|hierbij mijn|onze toestemming in",
	/* Polish */
	"mnie|nas ?prosze wypisac|usunac|wykreslic|skreslic ?prosze z|ze ** " LISTY,
	"wypisz|wypiszcie|wypisac|usun|usuncie|usunac|wykreslic|wykresl|wykreslcie|skreslcie|skreslic ?prosze mnie|nas|moj|moje|moich|"
	    "mojego|nasz|nasze|naszego|ten|ze ** z|ze ** " LISTY,
	"usun|usuncie|usunac|skasujcie|skasowac|skasuj ?prosze moj|moje|nasz|nasze|wszystkie ?moje adres|dane|email|mail|kontakt|numer",
	"prosze|prosimy|zadam|prosba|wnosze|wnioskuje o natychmiastowe|usuniecie|wypisanie|wykreslenie|skreslenie|zaprzestanie|"
	    "niewysylanie|nieprzesylanie|niekontaktowanie|skasowanie ?usuniecie|wypisanie|wykreslenie|skreslenie|zaprzestanie|"
	    "niewysylanie|nieprzesylanie|niekontaktowanie|sie|skasowanie",
	"nie pisz|piszcie|wysylaj|wysylajcie|przysylajcie|przysylaj|kontaktuj|kontaktujcie|pisac|wysylac|kontaktowac|przysylac|"
	    "przesylac|przesylajcie|nekajcie|dzwoncie ** wiecej|juz|ponownie|nigdy",
	"wiecej|juz nie|do|mi|mnie ?do|mi ?mnie|nas ?nie pisac|wysylac|kontaktowac|przysylac|przesylac|pisz|piszcie|wysylaj|wysylajcie|"
	    "przysylajcie|kontaktowac",
	"prosze|prosimy ?juz|wiecej ?wiecej|juz ?do|mi|nam ?mnie|nas nie pisac|wysylac|kontaktowac|przysylac|przesylac|niepokoic",
	"przestan|przestancie|przestac|przestanie ** pisac|wysylac|przysylac|spamowac|nekac|wydzwaniac|kontaktowac|przesylac",
	"nie chce|chcemy|zycze|zyczymy|zyczylbym|zamierzam ?sobie ?juz|wiecej|dalej|od ?panstwa ** otrzymywac|dostawac|wiadomosci|maili|"
	    "kontaktu|korespondencji|mailingow|kontaktowano|maile|reklam|spamu|ofert|kontaktowali",
	"nie wyrazam|wyrazamy|wyrazilem|wyrazilam ** zgody na|w ** przetwarzanie|otrzymywanie|kontakt~|przesylanie|marketing~|wysylanie|"
	    "informac~|korespondenc~|ofert~|mail~",
	"rezygnuje|rezygnujemy|zrezygnowac z|ze ** newslettera|subskrypcji|mailingu|otrzymywania|wiadomosci|maili|listy",
	"cofam|wycofuje|cofamy ** zgode|zgody", "dajcie|daj|prosze mi|nam|dac ?mi|nam ?swiety spokoj",
	"wnosze|zglaszam|wyrazam|skladam|wnosimy sprzeciw",
	/* Swedish */
	"ta|tag|stryk|radera|plocka|avregistrera|stryka|avlagsna ?bort mig|oss|min|vart|mina|mitt ** bort|fran|ur|av ** " LISTN,
	"ta|tag|stryk|radera|plocka|avregistrera|avlagsna bort mig|oss|min|mina|mitt|vart|var ** " LISTN,
	"ta|tag|radera|avlagsna|stryk ?bort min|mina|mitt|vara|var ?personliga mailadress|mejladress|epostadress|adress|uppgifter|epost|"
	    "mejl",
	"sluta|slutar|upphor|stoppa ?att|med|genast ?att mejla|maila|skriva|kontakta|spamma|skicka|ringa|mejlen|utskicken|mejl ?till "
	    "?mig|oss|mejl|mail|dessa|era|detta|utskick|till",
	"kontakta|mejla|maila|storr mig|oss inte|aldrig|ej",
	"kontakta|mejla|maila|skriv inte|aldrig|ej ?till mig|oss ?mer|igen|langre|flera",
	"skicka inte|inga|aldrig|mig ?mig|till|inga|fler ** mejl|mail|fler|mer|utskick|epost|reklam",
	"jag|vi vill|onskar ?absolut|verkligen inte|ej|aldrig|inga ** mejl|mail|utskick|kontaktas|kontaktad|nyhetsbrev|epost|reklam|"
	    "hora ** mer|fler|er|av|fran|langre|igen|$",
	"jag|vi vill|onskar slippa|bli ** mejl|mail|utskick|borttagen|borttagna|avregistrerad|epost|mejlen|reklam|struken",
	"avregistrera|avprenumerera mig|oss|min|fran", "lat|lamna mig|oss vara|i ?fred",
	"avsluta|sag min|mitt|upp ?min|mitt prenumeration|utskick",
	"vill|onskar avregistrera|avanmala|avprenumerera|avsluta mig|oss|min|fran|mitt", "aterkallar mitt|vart|min samtycke",
	/* Danish, Norwegian */
	"fjern|slet|slett|stryk|afmeld|avmeld|frameld|framelde|tag|ta|fjerne ?venligst|vennligst|gjerne mig|meg|os|oss|min|mitt|vores|"
	    "var|mine|vart ** fra|af|av|ud|ut|pa ** " LISTN,
	"fjern|slet|slett|slette ?venligst|vennligst min|mitt|vores|mine|var|vare ?personlige mailadresse|epostadresse|adresse|email|"
	    "epost|mail|data|oplysninger|opplysninger|kontaktoplysninger",
	"afmeld|frameld|meld|avmeld|afmelde|framelde ?venligst|vennligst mig|meg|os|oss ?af|av ?fra|jeres|venligst|$",
	"stop|stopp|slutt|hold|ophor|stoppe ?venligst|vennligst|op|opp ?med|a|at ?at|a sende|skrive|maile|kontakte|spamme|sende|ringe|"
	    "forstyrre|plage|mailer ?til ?mig|meg|os|oss|flere|mails|disse|mail|epost|mer|mere",
	"kontakt|skriv|mail|forstyr|ring ?venligst|vennligst ?mig|meg|os|oss ikke|aldri|aldrig ?til ?mig|meg|os|oss ?her ?mere|mer|igen|"
	    "igjen|lenger|flere|laengere $",
	"ikke|aldrig|aldri ?venligst kontakt|skriv|send|mail|kontakte|skrive|sende ?flere|mere ?til ?mig|meg|os|oss ** igen|igjen|mere|"
	    "mer|flere|lenger|laengere|mails|epost",
	"send ?venligst|vennligst ?mig|meg|os|oss ?venligst|vennligst ikke|aldrig|aldri ** flere|mere|mer|mails|mail|epost|eposter",
	"jeg|vi onsker|vil ?ikke|helst ikke|aldrig|aldri|slippe ** mails|mail|epost|eposter|henvendelser|kontaktes|kontaktet|hore|"
	    "reklame|nyhedsbreve|nyhetsbrev ** mere|mer|flere|fra|lenger|laengere|jer|dere|af|av|igen|$",
	"onsker|vil ?gerne|gjerne at|a|blive|bli|framelde|afmelde|melde ?blive|bli ?mig|meg ?fjernet|slettet|afmeldt|meldt|frameldt|"
	    "strkoet ?af|fra|av",
	"lad|la mig|meg|os|oss vaere|i", "traekker|trekker mit|mitt|vores samtykke",
	/* Finnish */
	"poista|poistakaa|poistattehan|poistamaan|poistaisitteko|poistatteko ?ystavallisesti minut|meidat|osoitteeni|sahkopostini|"
	    "sahkopostiosoitteeni|tietoni|yhteystietoni|nimeni|osoite",
	"ala|alkaa|alkaakaa ** lahettako|lahettaa|laheta|laita|laittako|ottako|ota|kirjoita|kirjoittako|kontaktoi|kontaktoiko|hairitko "
	    "** enaa|minulle|meille|yhteytta|minuun",
	"lopettakaa|lopeta|lopettaisitteko ** lahettaminen|lahettamasta|viestien|viestit|spammaus|spammaaminen|sahkopostien|mainosten|"
	    "hairinta|yhteydenotot",
	"en|emme halua|toivo|haluaisi ?enaa|saada|vastaanottaa|ottaa|teilta|mitaan ** sahkoposti~|viesteja|viestejanne|maileja|posteja|"
	    "yhteydenottoja|yhteydenottojanne|mainoksia|uutiskirje~|markkinointi~|mainontaa",
	"haluan|haluamme|pyydan ** poistua|irtisanoa|perua|poistamista|poistettavan ** listalta~|tilaukse~|postituslista~|uutiskirje~|"
	    "listaltanne|rekisteri~",
	"perukaa|peruuttakaa|peru ** tilaukseni|uutiskirje~|tilaus",
	"vastustan|kiellan ** kasittelya|kayton|kayttoa|markkinoinnin|suoramarkkinoinnin",
	/* Russian */
	"отпишите|уберите|исключите|вычеркните|удалите ?пожалуиста меня|нас|наш|мои|мою|мое ** из|от|с",
	"удалите|сотрите мои|мою|наш|наши|мое|все ** данные|адрес|почту|контакты|имеил|email",
	"не пишите|присылаите|отправляите|шлите|звоните|беспокоите ?мне|нам|меня|нас ** больше|никогда|более",
	"больше|никогда ?мне|нам|меня|больше не пишите|присылаите|отправляите|шлите|беспокоите|звоните|писать|присылать",
	"прекратите|перестаньте|хватит ?пожалуиста|мне|нам ?мне|нам писать|присылать|рассылку|слать|спамить|отправлять|рассылать|"
	    "беспокоить|рассылки|звонить",
	"не хочу|хотим|желаю|желаем ** получать|получения ** писем|письма|рассылку|рассылки|сообщения|сообщении|спам|от|вас",
	"прошу ?больше ?меня|мне не писать|беспокоить|присылать|отправлять",
	"прошу ** удалить|отписать|исключить|убрать меня|мои|нас|мою", "отзываю ?свое согласие", "оставьте меня|нас в",
};
/* clang-format on */

#define SET(list) { list, sizeof(list) / sizeof(list[0]), { 0 }, NULL }

struct word_set optout_bare = SET(bare);
struct word_set optout_anchored = SET(anchored);
struct word_set optout_strong = SET(strong);
