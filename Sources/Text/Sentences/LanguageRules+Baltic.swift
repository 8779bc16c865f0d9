extension LanguageRules {
    static let latvian = LanguageRules(
        always: """
            Dr dr prof Prof kgs kdze sv Sv piem Piem t.i t.s t.sk u.c.d sal Sal skat Skat ģen plkv kpt ltn angļu \
            vācu lat kr mag inž doc akad red dz bij iel prosp
            """,
        beforeNumber: "lpp Lpp nr Nr art p pp tab att sēj nod tālr s v c l janv febr apr aug sept okt nov dec",
        usually: "g gs p.m.ē m.ē tūkst milj mljrd SIA Co Ltd Inc Ls",
        never: "u.c utt u.tml tml",
        starters: """
            Ar Arī Bet Bez Bija Būs Daudzi Dažas Es Gan Ir Ja Jau Jo Kad Kas Katrs Kopš Kur Kā Kāpēc Lai Lielākā \
            Līdz Man Mēs Nav Ne Nevis No Nu Pa Par Pat Pie Pirmais Pirms Pēc Savukārt Starp Tad Tagad Tajā Tas Taču \
            Tie Tikai Tomēr Tu Tur Tā Tās Un Uz Vai Viena Viens Visi Viņa Viņi Viņš Vēl Šajā Šis Šādi Šī
            """,
        hasOrdinals: true)

    static let lithuanian = LanguageRules(
        always: """
            Dr dr prof Prof p pon šv Šv pvz Pvz t.y t.p vad žr Žr plg Plg gen plk mjr kpt ltn anglų lot rus akad doc \
            inž red sud vert g gatv pr a.a m.d
            """,
        beforeNumber: """
            psl Psl nr Nr str Str dal sk pav lent t tel Tel s v c l saus vas kov bal geg birž liep rugp rugs \
            spal lapkr gruod
            """,
        usually: "m mėn d val min sek tūkst mln mlrd Lt Eur pr.Kr po.Kr pr.m.e m.e a amž UAB AB Co Ltd Inc",
        never: "ir.t.t t.t pan kt",
        starters: """
            Apie Ar Aš Be Bet Buvo Būtent Dabar Daug Daugelis Dėl Iki Ir Iš Jau Jei Jeigu Ji Jie Jis Jo Jos Jų Kad \
            Kada Kai Kaip Kas Kiekvienas Kiti Kodėl Kur Kuris Man Mes Ne Nei Nes Nors Nuo Nėra O Pagal Per Pirmas Po \
            Prie Prieš Su Tad Tada Tai Taigi Taip Tarp Tačiau Ten Tie Tik Tokia Toks Tu Turi Už Vienas Vis Visi \
            Vėliau Yra Čia Į Ši Šiandien Šie Šis Šiuo
            """,
        hasOrdinals: true)
}
