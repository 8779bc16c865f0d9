extension LanguageRules {
    static let finnish = LanguageRules(
        always: """
            esim Esim mm ns nk ts t.s eli.s ks Ks vrt Vrt tri Tri toht prof Prof maist lis rva Rva hra Hra nti St \
            nyk ent os o.s synt s ao em eKr.n engl ruots saks ransk lat ven jap kreik esp it kiin unk vir norj tansk \
            alk entis suom kr kans arkkip op mr Mr Mrs Dr dr toim Toim alik kers ylik luutn kapt maj ev.lut ev kenr \
            puh.joht
            """,
        beforeNumber: """
            nro Nro no No kpl luku kuva Kuva taul Taul par mom art klo kl puh Puh v k p pp vol n tammik helmik
            """,
        usually: "milj mrd Oy Ab Co Ltd Inc min sek jr sr vs v.s yo p.o",
        date: "eKr jKr e.Kr j.Kr",
        never: "jne yms ym tms jms ym.s",
        starters: """
            Aina Ainakin Alussa Ei Eikä Eivät Eli En Ennen Entä Että He Heidän Heti Huomenna Hyvin Hän Hänen Ihan \
            Ilman Itse Ja Jo Joka Jokainen Jos Joskus Josta Juuri Kahden Kai Kaikki Kaksi Kanssa Koko Koska Kuin \
            Kuinka Kuka Kukaan Kun Kuten Kyllä Lisäksi Loppujen Lopulta Luulen Me Meidän Meillä Miksi Mikä Mikäli \
            Millään Minulla Minun Minä Missä Miten Mitä Molemmat Monet Moni Mukaan Mutta Muut Myöhemmin Myös Ne \
            Niiden Niin Niitä Noin Nyt Näin Nämä Ohjelma Olemme Olen Oli On Onko Osa Ovat Pian Päin Sama Samalla \
            Samoin Se Sekä Sen Seuraavana Siinä Siis Siitä Silloin Sillä Sinne Siten Sitten Sitä Suurin Tai Te \
            Tietenkin Toinen Toisaalta Toki Tosin Tuolloin Tämä Tämän Tänä Tänään Tässä Tästä Tätä Täällä Vaan Vai \
            Vaikka Vain Vasta Vielä Viime Voi Voit Yhä Yksi Yleensä Ympäri
            """,
        hasOrdinals: true)

    static let estonian = LanguageRules(
        always: """
            hr Hr pr Pr prl dr Dr prof Prof nt Nt näit s.o st s.t vt Vt lk.k nn k.a sh s.h ingl lad t.n u ca mag \
            insener kol ltn kpt maj kin tlk
            """,
        beforeNumber: "lk Lk nr Nr art § p pt ptk joon tab tel Tel jj v s c l jaan veebr apr aug sept okt nov dets",
        usually: "eKr pKr e.m.a m.a.j a aa saj mln mld kr OÜ AS Co Ltd Inc tk sek min",
        never: "jne jm jms jt vms",
        starters: """
            Aga Ainult Ega Ei Eile Enne Ent Esimene Et Ja Juba Järgmine Ka Kas Kes Kui Kuid Kuidas Kus Kõik Ma Me \
            Meie Miks Mina Mis Mitte Nad Need Nii Ning Nüüd Olen Oli On Peale Pärast Sa Samas Seal Seda See Selle \
            Selles Sellest Sest Siin Siis Siiski Sinu Ta Tal Te Tegelikult Teie Teine Tema Täna Vahel Vaid Veel Võib \
            Üks
            """,
        hasOrdinals: true)

    static let hungarian = LanguageRules(
        always: """
            dr Dr prof Prof ifj Ifj id Id özv Özv szt Szt Sz pl Pl ún Ún ill vö Vö ld Ld kb Kb mn bp ang ném fr lat \
            gör or szerk ford ú.n gr br St tkp tábn alez ezr szds fhdgy o.k ti Ti egy.tan s.k u.i
            """,
        beforeNumber: """
            o old Old bek pont fej fejez ábra tábl köt évf tel Tel em fszt p s v c l jan febr márc ápr máj jún \
            júl aug szept okt nov dec §
            """,
        usually: "i.e i.sz Kr.e Kr.u Kr sz szd Kft Bt Rt Nyrt Zrt Co Ltd Inc u ut krt ker m.e max mill mrd",
        never: "stb st.b satöbbi",
        starters: """
            A Ahogy Aki Akkor Ami Amikor Amint Annak Arra Az Azok Azonban Azt Aztán Azután Azért Bizonyos Bár Csak \
            De Décemberben Ebben Egy Egyik Ehhez Ekkor Előbb Először Ennek Eredetileg Erre Ez Ezek Ezen Ezután Ezzel \
            Ezért Fel Ha Hanem Hiszen Hogy Hogyan Hol Hát Igen Ilyen Is Itt Jelenleg Ki Kérdés Később Két Ma Maga \
            Meg Mert Mi Mikor Minden Mint Mit Mivel Miért Most Már Más Nagyon Ne Nem Nincs Néhány Olyan Ott S Sem \
            Senki Sok Szerint Talán Te Tehát Több Ugyan Ugyanakkor Után Vagy Van Viszont Volt Voltak Végül Ám Én És \
            Így Önök Úgy Ő Ők
            """,
        hasOrdinals: true)
}
