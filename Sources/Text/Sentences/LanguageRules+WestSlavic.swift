extension LanguageRules {
    static let polish = LanguageRules(
        always: """
            prof Prof dr Dr mgr Mgr inż hab lek doc Doc św Św bł ks Ks o.o bp Bp abp kard por płk ppłk mjr kpt gen \
            Gen adm ppor sierż tzw tj t.j np Np m.in mn tzn ul Ul al Al pl Pl os ws zob Zob Por ang niem fr łac \
            ros wł hiszp węg jap chiń arab hebr ukr czes szw pt ps ds wg woj pow gm red przeł oprac wyd zm ur ew wz \
            zw hr p.o dyr zast Sz.P S.P b.d pw śp śś nast cd lit lic tłum
            """,
        beforeNumber: """
            ok s str Str nr Nr art Art ust pkt rys Rys tab Tab rozdz Rozdz tel Tel t tom vol poz godz par § zał \
            zesz z k v c l il m stycz lut mar kwiet czerw lip sierp wrzes paźdz listop grud
            """,
        usually: "im tys mln mld zł gr min sek sp z.o.o S.A Sp Co Ltd Inc Corp jr st mł kw h a.C",
        date: "r rr w ww p.n.e n.e",
        never: "itd itp in innych i.in",
        starters: """
            A Aby Ale Ani Aż Bez Bo By Byli Był Była Było Były Będzie Chociaż Choć Ci Co Coś Czemu Czy Dla Dlaczego \
            Dlatego Do Dopiero Drugi Dwa Dzisiaj Dzięki Dziś Gdy Gdyby Gdzie I Ich Ile Im Inne Inni Istnieje Ja Jak \
            Jaki Jakie Jako Jeden Jedna Jednak Jego Jej Jest Jestem Jeszcze Jeśli Jeżeli Już Każda Każdy Kiedy Kilka \
            Kto Która Które Który Ku Lecz Ma Mają Mimo Między Mnie Moim Może Można My Mój Na Nad Następnie Nasz \
            Natomiast Nawet Nic Nie Niech Niektóre Niestety Nikt No O Obecnie Oczywiście Od On Ona One Oni Ono \
            Oprócz Oraz Pierwszy Po Pod Podczas Ponadto Ponieważ Potem Poza Przed Przede Przez Przy Sam Się Skoro \
            Stąd Swoją Są Ta Tak Taki Także Tam Te Tego Temu Ten Teraz To Too Tu Ty Tych Tylko Tymczasem U W We \
            Według Wiele Wielu Więc Wszyscy Wszystkie Wszystko Wtedy Wy Wśród Z Za Zatem Zawsze Zaś Ze Zgodnie Znowu \
            Żaden Że
            """,
        hasOrdinals: true)

    static let czech = LanguageRules(
        always: """
            p pí sl dr Dr Mgr Bc Ing Ph JUDr MUDr PhDr RNDr MVDr PaedDr ThDr PharmDr doc Doc prof Prof akad arch sv \
            Sv gen plk pplk mjr kpt por npor rtm nprap tzv tj t.j např Např popř příp ev resp event vč mj m.j zn ul \
            tř čp red ved zást tis.obyv angl něm fr lat řec rus ital špan maď hov arab čes dř býv nar zejm cca \
            max roz srov Srov vyd př s.p
            """,
        beforeNumber: """
            s str Str č Č čís čl Čl odst písm kap Kap obr Obr tab Tab roč tel Tel v c l bod pozn § led ún \
            břez dub květ červ čerc srp zář říj list pros
            """,
        usually: "nám tis mil mld Kč hod min sek r a.s s.r.o spol o.s CSc DrSc Ph.D Th.D Co Ltd Inc st ml odd",
        date: "n.l př.n.l př.Kr po.Kr stol",
        never: "atd apod aj a.j ap tzn atp",
        starters: """
            A Aby Ale Ani Ano Asi Až Bez Bude Byl Byla Byli Bylo Byly Co Což Další Dnes Do Druhý Ho I Jak Jako Jaký \
            Jde Je Jeden Jeho Jejich Její Jen Jenže Jestliže Ještě Již Jsem Jsme Jsou Já K Kam Každý Kde Kdo Kdy \
            Když Ke Kolem Kromě Která Které Který Loni Mají Mezi Mimo Mnoho Mohou My Má Máme Můj Může Na Nad Nadto \
            Ne Nebo Nebyl Nebylo Nechť Nejsou Není Nic Nikdo Náš Několik Některé O Od On Ona Oni Ono Ovšem Pak Po \
            Pod Podle Pokud Pomocí Potom Poté Pro Proto Protože Proč První Před Přes Přesto Při S Samozřejmě Se \
            Stejně Svou Sám Ta Tady Tak Taky Také Takže Tam Tato Tedy Tehdy Ten Tenhle Tento Teprve Teď Ti To Tomu \
            Toto Tu Ty Tyto U Už V Ve Vedle Vy Však Všechno Všichni Z Za Zatím Zatímco Zde Ze Že
            """,
        hasOrdinals: true,
        hasVowels: false)

    static let slovak = LanguageRules(
        always: """
            p pí sl dr Dr Mgr Bc Ing JUDr MUDr PhDr RNDr MVDr PaedDr ThDr doc Doc prof Prof akad arch sv Sv gen plk \
            pplk mjr kpt por npor tzv tj t.j t.z napr Napr príp popr resp event vrát zn ul tr red angl nem fr lat \
            gréc rus čes tal špan maď býv nar najmä cca max roz porov Porov vyd
            """,
        beforeNumber: """
            s str Str č Č čís čl Čl ods písm kap Kap obr Obr tab Tab zv roč tel Tel v c l bod pozn jan feb mar apr \
            máj jún júl aug sept okt nov dec
            """,
        usually: "nám tis mil mld Kčs hod min sek r stor a.s s.r.o spol CSc DrSc Co Ltd Inc st ml",
        date: "n.l pred.n.l pred.Kr po.Kr",
        never: "atď apod a.i ap atp i",
        starters: """
            A Aby Aj Ak Ako Ale Alebo Ani Až Bez Bol Bola Boli Bolo Bude Dnes Do Druhý Ho I Ich Ja Je Jeden Jeho Jej \
            Každý Kde Keby Keď Keďže Kto Ktorá Ktorý Ku Kým Majú Medzi Mnoho My Má Môj Môže Na Nad Nie Niektoré \
            Nikto Náš O Od Okolo Okrem On Ona Oni Ono Pak Po Pod Podľa Pokiaľ Potom Pre Pred Preto Pretože Prečo Pri \
            Prvý S Sa Sme So Som Svoj Sú Ta Tak Takisto Takže Tam Ten Tento Teraz Tieto To Toto Tu Ty Tá Táto Tí U \
            Už V Vo Vy Však Všetci Všetko Z Za Zatiaľ Zo Áno Čo Ďalej Ďalší Že
            """,
        hasOrdinals: true,
        hasVowels: false)

    static let slovenian = LanguageRules(
        always: """
            dr Dr mag Mag prof Prof g gdč dipl ing inž doc akad sv Sv ul npr Npr tj t.j t.i oz gl Gl prim Prim ur \
            gen polk angl nem fr lat gr rus ital slov roj št.p
            """,
        beforeNumber: """
            str Str št Št čl odst pogl tab sl tel Tel p s v c l jan feb mar apr jun jul avg sep sept okt nov dec
            """,
        usually: "ga d.o.o d.d s.p n.š p.n.št pr.n.št pr.Kr po.Kr mio mrd tis",
        never: "itd ipd idr",
        starters: """
            A Ali Ampak Bi Bil Bila Bilo Brez Da Do Dokler Druga Drugi En Ena Gre Ima In Iz Ja Jaz Je Kaj Kako Kakor \
            Kdaj Kdo Ker Ki Kje Kljub Kmalu Ko Kot Lahko Le Med Mi Mnogi Na Nad Nato Ne Nekateri Ni Nihče Njegov \
            Njegova No O Ob Od Okoli On Ona Oni Po Pod Poleg Potem Prav Pred Pri Prvi S Saj Samo Se Sedaj Si Sicer \
            Smo So Ta Tako Takrat Tam Te Ti To Toda Tudi Tukaj V Vendar Več Vi Vse Vsi Z Za Zakaj Zaradi Zato Zdaj \
            Če Čeprav Že
            """,
        hasOrdinals: true,
        hasVowels: false)

    static let serbian = LanguageRules(
        always: """
            dr Dr mr Mr prof Prof gosp Gosp gđa g g-đa g-đica inž Inž dipl ing doc akad sv Sv ul Ul tj Tj tzv npr \
            Npr v gen puk por maj eng njem nem fr lat grč rus tal usp odn др Др мр проф Проф гђа инж дипл доц акад \
            св Св ул тј тзв нпр ген ср енгл нем фр лат грч рус
            """,
        beforeNumber: """
            str Str br Br čl sl tab gl pogl tel Tel knj стр бр чл ст сл таб гл тел књ s p c l
            """,
        usually: """
            god st mil mlrd hilj kn din d.o.o D.O.O a.d n.e p.n.e pr.Kr po.Kr pr.n.e г год хиљ мил дин н.е п.н.е
            """,
        never: "itd i.dr itsl dr.sl итд",
        starters: """
            A Ako Ali Bez Bila Bilo Bio Da Do Dok Drugi Gde Gdje Godine I Iako Ili Ima Iz Ja Je Još Kad Kada Kako \
            Kao Ko Kod Koja Koje Koji Kroz Međutim Mi Mnogi Može Na Naime Nakon Ne Neki Nema Nije Njegov Njegova \
            Njegovo No O Od Oko On Ona One Oni Ono Osim Ova Ovaj Ove Ovo Po Pod Pored Posle Poslije Pre Prema Pri \
            Prije Prvi S Sa Sada Samo Se Su Sve Svi Ta Tada Taj Tako Takođe Također Tamo Te Ti To Treba U Uz Već Vi \
            Za Zatim Zašto Zbog Šta Što А Ако Али Без Већ Да До Док За Затим Због И Иако Из Или Када Како Као Код \
            Међутим На Након Не Није О Ова Овај Ово Од Он Она Они По После Пре Према С Са Само Се Тако Такође Тај То \
            У Шта Што Ја Је Још
            """,
        hasOrdinals: true,
        hasVowels: false)
}
