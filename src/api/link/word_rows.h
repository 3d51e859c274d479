/* The page's own words, one row each, in the order of enum language: English, German, Spanish, Portuguese. page.h
 * makes an enum from the rows, and frame.c a table: each of the two files defines WORD() and includes this file. */
/* clang-format off */
WORD(TITLE, "Verification", "Überprüfung", "Verificación", "Verificação")
WORD(SKIP, "Skip to the content", "Zum Inhalt", "Ir al contenido", "Ir para o conteúdo")
WORD(INTRO,
     "Please fill in the fields below and upload the documents. Each part is saved when you press its button, so "
     "you can stop and return later. When everything is complete, submit it.",
     "Bitte füllen Sie aus, was unten gefragt ist, und laden Sie die Dokumente hoch. Jeder Teil wird mit seinem "
     "Knopf gespeichert; Sie können unterbrechen und wiederkommen. Wenn alles da ist, reichen Sie es ein.",
     "Complete lo que se pide abajo y suba los documentos. Cada parte se guarda con su botón; puede parar y "
     "volver más tarde. Cuando esté todo, envíelo.",
     "Preencha o que se pede abaixo e envie os documentos. Cada parte fica guardada com o seu botão; pode parar "
     "e voltar mais tarde. Quando estiver tudo, entregue.")
WORD(UNTIL, "This link works until", "Dieser Link gilt bis", "Este enlace es válido hasta",
     "Este link é válido até")
WORD(ASKED_AGAIN,
     "We have reviewed your data, and need some items again. Correct each item below, or explain why you cannot "
     "correct it. Then submit again.",
     "Wir haben Ihre Angaben durchgesehen und brauchen einiges noch einmal. Berichtigen Sie, was unten gefragt "
     "ist, oder sagen Sie, warum es nicht geht; reichen Sie es dann erneut ein.",
     "Hemos revisado lo que envió y necesitamos algunas cosas de nuevo. Corrija lo que se pide abajo, o diga por "
     "qué no se puede corregir, y envíelo otra vez.",
     "Analisámos o que enviou e precisamos de algumas coisas de novo. Corrija o que se pede abaixo, ou diga por "
     "que não pode ser corrigido, e entregue outra vez.")
WORD(HANDED_IN, "Thank you. Everything is submitted and is being reviewed. You do not have to do anything now.",
     "Danke. Alles ist eingereicht und wird geprüft. Im Augenblick brauchen wir nichts von Ihnen.",
     "Gracias. Todo está enviado y se está revisando. Ahora no necesitamos nada de usted.",
     "Obrigado. Está tudo entregue e em análise. De momento não precisamos de nada.")
WORD(APPROVED, "Your application was accepted. You do not have to do anything more.",
     "Ihr Antrag wurde angenommen. Wir brauchen nichts weiter von Ihnen.",
     "Su solicitud ha sido aceptada. No necesitamos nada más.",
     "O seu pedido foi aceite. Não precisamos de mais nada.")
WORD(REJECTED, "Your application was not accepted.", "Ihr Antrag wurde nicht angenommen.",
     "Su solicitud no ha sido aceptada.", "O seu pedido não foi aceite.")
WORD(TRY_AGAIN, "You can apply again: ask for a new link.",
     "Sie können es erneut versuchen: Bitten Sie um einen neuen Link.",
     "Puede volver a intentarlo: pida un enlace nuevo.", "Pode tentar outra vez: peça um novo link.")
WORD(EXPIRED, "The time to submit this application is over. Ask for a new link.",
     "Die Frist zum Einreichen ist vorbei. Bitten Sie um einen neuen Link.",
     "El plazo para enviarlo ha terminado. Pida un enlace nuevo.",
     "O prazo para entregar terminou. Peça um novo link.")
WORD(TO_DO, "To do", "Offen", "Pendiente", "Por fazer")
WORD(BEGUN, "Started", "Begonnen", "Empezado", "Iniciado")
WORD(DONE, "Done", "Fertig", "Listo", "Concluído")
WORD(TO_CORRECT, "Needs correction", "Zu berichtigen", "Por corregir", "A corrigir")
WORD(SAVE_DONE, "Save, this part is complete", "Speichern, dieser Teil ist fertig",
     "Guardar, esta parte está lista", "Guardar, esta parte está concluída")
WORD(SAVE, "Save and finish later", "Speichern und später fertigstellen", "Guardar y terminar después",
     "Guardar e terminar depois")
WORD(NOTHING, "I have nothing for this part", "Ich habe nichts zu diesem Teil", "No tengo nada para esta parte",
     "Não tenho nada para esta parte")
WORD(REQUIRED, "required", "erforderlich", "obligatorio", "obrigatório")
WORD(OPTIONAL, "if you have it", "falls vorhanden", "si lo tiene", "se tiver")
WORD(ONE_OF, "one of these is enough", "eines davon genügt", "basta uno de estos", "basta um destes")
WORD(CHOOSE, "Please choose", "Bitte wählen", "Elija", "Escolha")
WORD(YES, "Yes", "Ja", "Sí", "Sim")
WORD(NO, "No", "Nein", "No", "Não")
WORD(ENTRY, "Entry", "Eintrag", "Entrada", "Entrada")
WORD(ANSWERS_NOTHING, "We keep this file, but it replaces none of the files that we asked for again.",
     "Wir behalten diese Datei; sie ersetzt aber keine der Dateien, um die wir noch einmal gebeten haben.",
     "Guardamos este archivo, pero no sustituye a ninguno de los que hemos vuelto a pedir.",
     "Guardamos este ficheiro, mas não substitui nenhum dos que voltámos a pedir.")
WORD(DOCUMENTS, "Documents", "Dokumente", "Documentos", "Documentos")
WORD(RECEIVED, "Received", "Erhalten", "Recibido", "Recebido")
WORD(MISSING, "Not received yet", "Noch nicht erhalten", "Aún no recibido", "Ainda não recebido")
WORD(NOT_ACCEPTED, "Not accepted", "Nicht angenommen", "No aceptado", "Não aceite")
WORD(ASKED_FOR, "Requested again", "Noch einmal gebraucht", "Se pide de nuevo", "Pedido de novo")
WORD(FILE, "File", "Datei", "Archivo", "Ficheiro")
WORD(FILE_NEEDED, "Choose a file first, then upload it", "Wählen Sie zuerst eine Datei",
     "Elija primero un archivo", "Escolha primeiro um ficheiro")
WORD(NEEDED, "Please fill this in", "Bitte ausfüllen", "Complete este campo", "Preencha este campo")
WORD(UPLOAD, "Upload", "Hochladen", "Subir", "Enviar")
WORD(ANOTHER, "Add another file", "Noch eine Datei hinzufügen", "Añadir otro archivo", "Adicionar outro ficheiro")
WORD(FORMATS, "Accepted:", "Angenommen werden:", "Se aceptan:", "São aceites:")
WORD(AT_MOST, "at most", "höchstens", "como máximo", "no máximo")
WORD(SIDE, "Which side?", "Welche Seite?", "¿Qué lado?", "Que lado?")
WORD(FRONT, "Front", "Vorderseite", "Anverso", "Frente")
WORD(BACK, "Back", "Rückseite", "Reverso", "Verso")
WORD(ONE_FILE, "Everything in one file", "Alles in einer Datei", "Todo en un archivo", "Tudo num ficheiro")
WORD(CORRECTION, "Please correct", "Bitte berichtigen", "Por favor, corrija", "Por favor, corrija")
WORD(ABOUT, "This is about:", "Es geht um:", "Se trata de:", "Trata-se de:")
WORD(WHY_NOT, "I cannot correct this", "Ich kann das nicht berichtigen", "No puedo corregirlo",
     "Não posso corrigir isto")
WORD(WHY_NOT_HINT, "Explain why in your own words", "Sagen Sie mit eigenen Worten, warum",
     "Diga por qué con sus palabras", "Diga porquê por palavras suas")
WORD(SEND, "Send the answer", "Antwort senden", "Enviar la respuesta", "Enviar a resposta")
WORD(YOUR_ANSWER, "Your answer:", "Ihre Antwort:", "Su respuesta:", "A sua resposta:")
WORD(PARTIES, "People and companies", "Personen und Unternehmen", "Personas y empresas", "Pessoas e empresas")
WORD(PARTIES_HINT,
     "All owners, directors and authorised signatories of this application. A person to be verified gets a "
     "separate page: send its link to that person.",
     "Alle, die zu diesem Antrag gehören: Inhaber, Geschäftsführer, Zeichnungsberechtigte. Wer überprüft werden "
     "muss, bekommt eine eigene Seite; schicken Sie ihnen deren Link.",
     "Todos los que forman parte de esta solicitud: propietarios, administradores, firmantes. Quien deba "
     "verificarse recibe su propia página; envíele el enlace.",
     "Todos os que fazem parte deste pedido: proprietários, administradores, quem assina. Quem tem de ser "
     "verificado recebe uma página própria; envie-lhe o link.")
WORD(PARTY_ADD, "Add a person or company", "Person oder Unternehmen hinzufügen", "Añadir una persona o empresa",
     "Adicionar uma pessoa ou empresa")
WORD(REMOVE, "Remove", "Entfernen", "Quitar", "Remover")
WORD(REMOVED, "Removed.", "Entfernt.", "Quitado.", "Removido.")
WORD(PARTY_LINK, "Send this link to them:", "Schicken Sie ihnen diesen Link:", "Envíele este enlace:",
     "Envie-lhe este link:")
WORD(PARTY_OPEN, "Not submitted yet", "Muss noch etwas einreichen", "Tiene algo pendiente",
     "Tem algo por entregar")
WORD(PARTY_HANDED_IN, "Submitted", "Eingereicht", "Enviado", "Entregue")
WORD(KIND, "Person or company?", "Wer ist es?", "¿Quién es?", "Quem é?")
WORD(PERSON, "A person", "Eine Person", "Una persona", "Uma pessoa")
WORD(COMPANY, "A company", "Ein Unternehmen", "Una empresa", "Uma empresa")
WORD(NAME, "Name", "Name", "Nombre", "Nome")
WORD(ROLES, "Roles", "Rollen", "Funciones", "Funções")
WORD(UBO, "Beneficial owner", "Wirtschaftlich Berechtigte", "Beneficiario final", "Beneficiário efetivo")
WORD(DIRECTOR, "Director", "Geschäftsführung", "Administrador", "Administrador")
WORD(SHAREHOLDER, "Shareholder", "Anteilseigner", "Accionista", "Acionista")
WORD(SIGNATORY, "Authorised signatory", "Zeichnungsberechtigt", "Firmante autorizado", "Signatário autorizado")
WORD(REPRESENTATIVE, "Representative", "Vertretung", "Representante", "Representante")
WORD(SUBMERCHANT, "Sub-merchant", "Unterhändler", "Subcomercio", "Subcomerciante")
WORD(POSITION, "Position in the company", "Stellung im Unternehmen", "Cargo en la empresa", "Cargo na empresa")
WORD(SHARE, "Share in percent, such as 25 or 33.34", "Anteil in Prozent, wie 25 oder 33.34",
     "Participación en porcentaje, como 25 o 33.34", "Participação em percentagem, como 25 ou 33.34")
WORD(COUNTRY, "Country", "Land", "País", "País")
WORD(BIRTH, "Date of birth", "Geburtsdatum", "Fecha de nacimiento", "Data de nascimento")
WORD(TAX_ID, "Tax number", "Steuernummer", "Número fiscal", "Número fiscal")
WORD(REGISTRATION, "Registration number of a company", "Registernummer eines Unternehmens",
     "Número de registro de una empresa", "Número de registo de uma empresa")
WORD(EMAIL, "E-mail address", "E-Mail-Adresse", "Correo electrónico", "Endereço de e-mail")
WORD(PHONE, "Phone", "Telefon", "Teléfono", "Telefone")
WORD(ADD, "Add", "Hinzufügen", "Añadir", "Adicionar")
WORD(HAND_IN, "Submit", "Einreichen", "Enviar todo", "Entregar")
WORD(HAND_IN_AGAIN, "Submit again", "Erneut einreichen", "Enviar de nuevo", "Entregar de novo")
WORD(NOT_DONE, "Not complete yet:", "Noch nicht fertig:", "Aún no está listo:", "Ainda por concluir:")
WORD(HAND_IN_HINT, "After the submission you can change something only if we ask you to.",
     "Danach lässt sich nichts mehr ändern, außer wir bitten Sie darum.",
     "Después no se puede cambiar nada, salvo que se lo pidamos.",
     "Depois disso nada pode ser alterado, a não ser que lho peçamos.")
WORD(PROBLEM, "There is a problem", "Es gibt ein Problem", "Hay un problema", "Há um problema")
WORD(SAVED, "Saved.", "Gespeichert.", "Guardado.", "Guardado.")
WORD(UPLOADED, "The file was received.", "Die Datei ist angekommen.", "Hemos recibido el archivo.",
     "O ficheiro foi recebido.")
WORD(ANSWERED, "Your answer was received.", "Ihre Antwort ist angekommen.", "Hemos recibido su respuesta.",
     "A sua resposta foi recebida.")
WORD(ADDED, "Added.", "Hinzugefügt.", "Añadido.", "Adicionado.")
WORD(UNKNOWN_TITLE, "This page does not exist", "Diese Seite gibt es nicht", "Esta página no existe",
     "Esta página não existe")
WORD(UNKNOWN, "Check that the link is complete: copy the whole link from the message.",
     "Prüfen Sie, ob der Link vollständig ist: Kopieren Sie ihn ganz aus der Nachricht.",
     "Compruebe que el enlace esté completo: cópielo entero del mensaje en que llegó.",
     "Verifique se o link está completo: copie-o todo da mensagem em que veio.")
WORD(GONE_TITLE, "This link no longer works", "Dieser Link gilt nicht mehr", "Este enlace ya no es válido",
     "Este link já não é válido")
WORD(GONE,
     "The link has expired, or a newer link replaced it. The data that you sent is not lost. Use the newest link "
     "that you received, or ask the sender for a new link.",
     "Seine Zeit ist abgelaufen, oder ein neuerer Link hat ihn ersetzt. Was Sie gesendet haben, ist nicht "
     "verloren. Nehmen Sie den neuesten Link, oder bitten Sie den Absender um einen neuen.",
     "Ha caducado, o un enlace más nuevo lo ha sustituido. Lo que envió no se ha perdido. Use el último enlace "
     "que recibió, o pida otro a quien se lo envió.",
     "O prazo terminou, ou um link mais novo tomou o seu lugar. O que enviou não se perdeu. Use o link mais "
     "recente que recebeu, ou peça outro a quem o enviou.")
WORD(REFUSED_TITLE, "The form was not accepted", "Das wurde nicht angenommen", "No se ha admitido",
     "Isto não foi aceite")
WORD(REFUSED, "The form came from another website. Open the link itself, and try again there.",
     "Das Formular kam von einer anderen Website. Öffnen Sie den Link selbst und versuchen Sie es dort.",
     "El formulario procede de otro sitio web. Abra el enlace que recibió e inténtelo allí.",
     "O pedido veio de outro site. Abra o link que recebeu e tente de novo.")
WORD(METHOD, "This address only accepts the form of the page. Go back to the page.",
     "Diese Adresse nimmt nur, was ihr Formular sendet. Gehen Sie zurück zur Seite.",
     "Esta dirección solo admite lo que envía su formulario. Vuelva a la página.",
     "Este endereço só aceita o que o seu formulário envia. Volte à página.")
WORD(TOO_LARGE, "The file is too large.", "Die Datei ist zu groß.", "El archivo es demasiado grande.",
     "O ficheiro é demasiado grande.")
WORD(FAILED_TITLE, "Something went wrong here", "Hier ist etwas schiefgegangen", "Algo ha fallado aquí",
     "Algo falhou aqui")
WORD(FAILED, "Nothing is lost. Try again in a few minutes.",
     "Nichts ist verloren. Versuchen Sie es in ein paar Minuten wieder.",
     "No se ha perdido nada. Inténtelo dentro de unos minutos.",
     "Nada se perdeu. Tente de novo dentro de alguns minutos.")
WORD(BACK_TO_PAGE, "Back to the page", "Zurück zur Seite", "Volver a la página", "Voltar à página")
/* clang-format on */
#undef WORD
