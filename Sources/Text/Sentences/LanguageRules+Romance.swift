extension LanguageRules {
    static let french = LanguageRules(
        always: """
            M MM Mr Mme Mmes Mlle Mlles Dr Drs Pr Prof Me Mgr St Ste Sts Stes Gal Cdt Cap Lt Cel Col Adj p.ex ex cf \
            c.-à-d c.à.d càd i.e e.g vs env boul bd dir resp tél prof éd.rev P.-S S.E S.M R.P N.-D Bx Vve Fg fg
            """,
        beforeNumber: """
            N° n° p pp P art Art arts fig Fig n N no No nos chap Chap vol Vol t éd tab Tab janv fév févr avr juil \
            sept oct nov déc v c l s al sect ch réf Réf alin ann coll Tél Tel tel vers pl Pl livr col
            """,
        usually: "hab Cie Co Ltd Inc Corp adj av apr Jr Sr min max ap Av trad coord Univ S.A S.A.R.L U.S",
        date: "J.-C J-C",
        never: "etc",
        starters: """
            A Afin Ainsi Alors Après Au Aucun Aujourd'hui Aussi Autre Aux Avant Avec Beaucoup C' Car Ce Ceci Cela \
            Celle Celui Cependant Certains Ces Cet Cette Chaque Chez Comme Comment D' Dans De Depuis Des Deux Donc \
            Du Durant Dès Elle Elles En Enfin Ensuite Est Et Grâce Il Ils J' Jamais Je L' La Le Les Leur Leurs Lors \
            Lorsque Ma Mais Malgré Mes Mon Même N' Ne Non Nos Notre Nous On Or Ou Oui Outre Où Par Parmi Pas Pendant \
            Peu Plus Plusieurs Plutôt Pour Pourquoi Pourtant Près Puis Puisque Qu' Quand Quant Que Quel Quelle \
            Quelques Qui Quoi S' Sa Sans Se Selon Ses Seul Si Son Sous Suite Sur Tous Tout Toute Toutefois Toutes \
            Trois Très Un Une Vers Voici Voilà Vos Votre Vous Y À
            """)

    static let spanish = LanguageRules(
        always: """
            Sr Sra Sres Sras Srta Srtas D Da Dña Dr Dra Dres Prof Profa Lic Ing Arq Mons Gral Cnel Cap Tte Sgto \
            Excmo Excma Ilmo Ilma Sto Sta p.ej p.e ej i.e cf vs aprox Fr Hno Hna Pbro Pdte Pdta Dip Alm Cmte \
            Cía.Ltda Rvdo Rvda S.A.R S.M Srs Gob Mtro Mtra C.P Prol Esq Pte izq dcha St v
            """,
        beforeNumber: """
            N° n° p pp P pág Pág págs Págs núm Núm nº Nº art Art arts fig Fig cap vol Vol t ed tel Tel c l s n No \
            Nro nro Tfno tfno ap Ap inc párr ene feb mar abr may jun jul ago sept set oct nov dic sec Secc
            """,
        usually: """
            Av Avda Ud Uds Vd Vds EE.UU Cía Co Ltd Ltda Inc Corp Bros Jr S.A S.L C.V RR.HH FF.AA JJ.OO CC.OO máx mín \
            Univ U.S a.m p.m
            """,
        never: "etc a.C d.C a.J.C d.J.C A.C D.C a.n.e",
        starters: """
            A Además Ahora Al Algunas Algunos Allí Ante Antes Así Aunque Aún Bajo Cada Casi Como Con Contra Cual \
            Cuando Cuál Cuándo Cómo De Debido Del Desde Después Dicha Dicho Donde Dos Durante Dónde El Ella Ellas \
            Ellos En Entonces Entre Era Es Esa Ese Eso Esta Estaba Estas Este Esto Estos Está Están Fue Fueron Ha \
            Había Han Hasta Hay Hoy Igualmente La Las Le Les Lo Los Luego Mas Me Mi Mientras Mis Mucho Muchos Muy \
            Más Nada Nadie Ni Ningún No Nos Nosotros Nuestra Nuestro Nunca O Otra Otro Otros Para Pero Por Porque \
            Posteriormente Primero Pues Que Quien Quizás Quién Qué Se Según Ser Si Siempre Sin Sobre Solo Son Soy Su \
            Sus Sí Sólo También Tampoco Tan Te Tenía Tiene Toda Todas Todo Todos Tras Tres Tu Tú Un Una Unos Usted \
            Ya Yo Él
            """)

    static let italian = LanguageRules(
        always: """
            Sig Sig.ra Sig.na Sigg Dott Dott.ssa Dr Dr.ssa Prof Prof.ssa Ing Avv Arch Geom Rag On Mons Gen Col Cap \
            Ten Mar Egr Gent Spett S.E S.S S SS p.es es ad.es cfr Cfr vs ca c.a i.e Soc Cav Comm Cons Magg Serg Amm \
            Card Pres Min Ill.mo Preg Rev Fr Sen Dep Ecc St sig sig.ra sigg dott prof avv ing v.le v lett S.Em
            """,
        beforeNumber: """
            N° n° all p pp P pag Pag pagg n N nn art Art artt fig Fig cap vol Vol tab Tab tel Tel c co sez l s \
            par comma r gen feb febbr mar apr mag giu lug ago sett set ott nov dic ed fasc rif
            """,
        usually: "F.lli Co Ltd Inc Corp Jr S.p.A S.r.l s.p.a s.r.l S.A max min Univ U.S trad red seg segg prov",
        never: "ecc etc a.C d.C",
        starters: """
            A Ad Adesso Ai Al Alcune Alcuni All' Alla Alle Allo Allora Altri Anche Ancora Appena C' Che Chi Ci Ciò \
            Come Con Cosa Così D' Da Dai Dal Dall' Dalla De Degli Dei Del Dell' Della Delle Dello Di Dopo Dove \
            Dovrebbe Due Durante E Ecco Ed Egli Era Erano Essa Essi Esso Fino Fra Fu Furono Già Gli Grazie Ha Hanno \
            Ho I Ieri Il In Infatti Infine Inoltre Invece Io L' La Le Lei Li Lo Loro Lui Ma Mentre Mi Mio Molte \
            Molti Nei Nel Nell' Nella Nelle Nessuno Niente No Noi Non Nonostante O Oggi Ogni Oltre Ora Per Perché \
            Però Più Poi Poiché Prima Può Qualche Quando Quanto Quella Quelle Quelli Quello Questa Queste Questi \
            Questo Qui Quindi Se Secondo Sembra Sempre Senza Si Sia Solo Sono Sotto Spesso Sta Su Sua Sugli Sui Sul \
            Sull' Sulla Suo Sì Tra Tre Tu Tutta Tutte Tutti Tutto Un Un' Una Uno Va Vi È
            """)

    static let portuguese = LanguageRules(
        always: """
            Sr Sra Srs Sras Srta Dr Dra Drs Dras Prof Profa Eng Engº Arq Exmo Exma Ilmo Ilma D Dom Gen Cel Cap Ten \
            Sgto Mons Sto Sta p.ex ex i.e cf vs aprox V.Exa V.Ex Fr Pe Maj Alm Gov Dep Sen Des Min Pres Rev Frei \
            Profs Dr.ª Sr.ª S.Exa S.A.R obs Obs
            """,
        beforeNumber: """
            N° n° p pp P pág Pág págs Págs n nº núm Núm art Art arts fig Fig cap vol Vol t ed tel Tel c l s v No inc \
            Sec sec jan fev mar abr mai jun jul ago set out nov dez par ref Ref rel
            """,
        usually: "Av R Cia Ltda Co Ltd Inc Corp Bros Jr S.A s.a U.S EE.UU E.U.A máx mín Univ Trav Est Pça Lda q.b",
        never: "etc a.C d.C A.C D.C",
        starters: """
            A Agora Ainda Algumas Alguns Ali Além Antes Ao Aos Apesar Após Aqui As Assim Até Cada Cerca Com Como \
            Contudo Da Das De Depois Desde Dessa Desse Desta Deste Do Dois Dos Duas Durante E Ela Elas Ele Eles Em \
            Embora Enquanto Entre Entretanto Então Era Essa Essas Esse Esses Esta Estas Este Estes Está Eu Existem \
            Foi Foram Havia Hoje Há Isso Isto Já Logo Lá Mais Mas Me Mesmo Meu Minha Muitas Muito Muitos Na Nada Nas \
            Nem Nenhum Nessa Nesse Nesta Neste Ninguém No Nos Nossa Nosso Num Numa Nunca Não Nós O Onde Os Ou Outra \
            Outras Outro Outros Para Pela Pelo Perto Pode Por Porque Portanto Porém Posteriormente Quais Qual Quando \
            Quanto Quase Que Quem Se Segundo Seja Sem Sempre Ser Seu Seus Sob Sobre Sua Suas São Só Também Tem Tinha \
            Toda Todas Todo Todos Três Tudo Um Uma Vai Você Vocês À Às É
            """)

    static let catalan = LanguageRules(
        always: """
            Sr Sra Srs Sres Srta Dr Dra Drs Prof Mn Gral Excm Excma Il·lm Hble p.ex ex cf vs aprox St Sta D Na En \
            Mons Arq Eng Fr
            """,
        beforeNumber: "p pp pàg pàgs núm art arts fig cap vol ed tel c l s v gen febr abr jul ag set oct nov des",
        usually: "Av Avda C Pl Pg EE.UU Cia Co Ltd Inc S.A S.L màx mín",
        never: "etc a.C d.C aC dC",
        starters: """
            A Així Això Al Alguns Als Amb Aquest Aquesta Aquestes Aquests Cada Com D' De Del Dels Des Després Doncs \
            Durant El Ell Ella Els En Encara Entre Era Es Està Fins Fou Ha Han Hi I Jo L' La Les Li Mentre Molts Més \
            No Nosaltres O On Per Perquè Però Quan Qui Què S' Se Segons Sense Si Sí Són També Tot Totes Tots Un Una \
            Uns Va Van És
            """)

    static let galician = LanguageRules(
        always: "Sr Sra Srs Sras Dr Dra Prof D Dna Excmo p.ex ex cf vs aprox St Sta Mons",
        beforeNumber: """
            p pp páx Páx núm Núm nº art fig cap vol t ed tel c l s v xan feb mar abr xuñ xul ago set out nov dec
            """,
        usually: "Av Avda EE.UU Cía Co Ltd Inc S.A S.L",
        never: "etc a.C d.C",
        starters: """
            A Ademais Agora Ao As Así Aínda Cada Cando Como Con Da Das De Dende Desde Despois Do Dos Durante E El \
            Ela Eles En Entre Era Esta Este Estes Foi Foron Hai Hoxe Isto Mais Moitos Máis Na No Non Nos O Onde Os \
            Ou Outros Para Pero Pola Polo Por Porque Que Se Segundo Sen Seu Sobre Son Súa Tamén Ten Todos Tras Un \
            Unha Xa É
            """)

    static let romanian = LanguageRules(
        always: """
            Dl dl D-l D-na Dna dna Dr dr Prof prof Sf sf Ing ing Av av Acad acad Gen gen Col col Cpt ex de.ex d.ex \
            cca aprox vs cf Cf lect conf asist univ Pr pr Pt pt Mr Mrs bd Bd Str str jud Jud or
            """,
        beforeNumber: """
            p pp pag Pag nr Nr art Art alin lit fig Fig cap Cap vol Vol tab tel Tel c l s v ian feb mar apr iun iul \
            aug sept oct nov dec et ap bl sc ed
            """,
        usually: "î.Hr d.Hr î.e.n e.n a.Chr mil mld Co Ltd Inc S.A S.R.L max min",
        never: "etc ș.a ş.a ș.a.m.d ş.a.m.d",
        starters: """
            A Aceasta Această Acest Aceste Acești Acolo Acum Ai Al Am Apoi Ar Are Asta Astfel Au Ca Ce Cea Cei Cel \
            Cele Chiar Cine Conform Cu Cum Când Că Dacă Dar Datorită De Deci Deoarece Deși Din Doar Doi După E Ea Ei \
            El Ele Era Este Eu Exist Fi Fiecare Fost Fără Iar La Le Lui Mai Multe Mulți Nici Nimeni Nimic Noi Nu O \
            Oamenii Oare Pe Pentru Peste Poate Pot Prin S-a Sau Se Si Sub Sunt Să Toate Totuși Toți Trebuie Tu Un \
            Una Unde Unii Va Voi Vom Vă Îmi În Înainte Însă Între Îți Și
            """)
}
