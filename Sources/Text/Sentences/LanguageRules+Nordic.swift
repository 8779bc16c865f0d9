extension LanguageRules {
    static let swedish = LanguageRules(
        always: """
            Dr dr Prof prof Hr hr Fr fr St S:t bl.a t.ex d.v.s dvs f.d m.a.o s.k t.o.m fr.o.m p.g.a pga ca c:a jfr \
            Jfr resp inkl exkl ev f.n i.st.f e.d f.v.b o.d v.g eg ibl ang enl inv kl lic leg fil.dr jur red övers \
            o.dyl.a tf ing
            """,
        beforeNumber: """
            s S sid Sid nr Nr n:o kap Kap fig Fig tab Tab art Art vol Vol bd Bd tel Tel § p pp c v l jan feb mar \
            apr aug sept sep okt nov dec
            """,
        usually: "Co Ltd Inc Corp AB milj mkr kr st max jr sr tr",
        date: "f.Kr e.Kr Kr",
        never: "etc osv o.s.v m.m m.fl o.dyl mm",
        starters: """
            All Alla Allt Andra Att Av Bara Både De Den Denna Dessa Dessutom Det Detta Där Därefter Därför Då Efter \
            Eftersom En Enligt Ett Från För Först Genom Han Hans Har Hennes Hon Hur Här I Icke Idag Inga Ingen Inom \
            Inte Ja Jag Kan Kanske Man Med Mellan Men Min Mot Många Nej Ni Nu När Nästa Och Också Om Omkring Oss På \
            Redan Samtidigt Sedan Senare Sin Som Så Sådan Till Trots Två Under Upp Ur Utan Vad Var Varför Varje Vem \
            Vi Via Vid Vilka Vilken Vår Våra Än Är Även Åt Över
            """)

    static let danish = LanguageRules(
        always: """
            Dr dr Prof prof Hr hr Fr fr Frk frk Sct St bl.a f.eks feks dvs d.v.s pga p.g.a ca jf Jf jfr mht m.h.t \
            iht i.h.t vha v.h.a ang evt inkl ekskl ml hhv s.k såk if i.f.m ifm ifht bl fx f.x mfl.a pba p.b.a adr \
            afd afs tlf.nr civ cand mag udg vedr nuv tidl fhv f.t opr mv.a kgl Kgl f
            """,
        beforeNumber: """
            s S side nr Nr kap Kap fig Fig tab art vol bd tlf Tlf stk kl § p pp c v l jan feb mar apr jun jul aug \
            sept sep okt nov dec
            """,
        usually: "Co Ltd Inc Corp A/S mio mia kr st th max jr sr",
        date: "f.Kr e.Kr Kr årh",
        never: "etc osv o.s.v m.m mm m.fl mfl m.v mv o.l",
        starters: """
            Af Alle Alt Altså Andre At Både Da De Den Der Derefter Deres Derfor Desuden Det Dette Disse Dog Du Efter \
            Eller En Endvidere Er Et For Fordi Fra Først Gennem Han Hans Har Hendes Her Hun Hvad Hvem Hver Hvis Hvor \
            Hvordan Hvorfor I Ifølge Igen Ikke Ingen Ja Jeg Kan Man Mange Med Mellem Men Min Mod Måske Nej Nogle Nu \
            Når Og Også Om Omkring Over På Samtidig Selv Senere Siden Skal Som Så Sådan Til To Trods Uden Under Var \
            Ved Vi Via Vil Vor
            """,
        hasOrdinals: true)

    static let norwegian = LanguageRules(
        always: """
            Dr dr Prof prof Hr hr Fr fr St bl.a f.eks feks dvs d.v.s pga p.g.a ca jf Jf jfr mht m.h.t iht ift ang \
            evt inkl ekskl hhv s.k i.f.m ifm mfl.a adr avd tlf.nr cand mag utg vedr nåv tidl fhv f.t oppr kgl f sml \
            m.a bl o.a
            """,
        beforeNumber: """
            s S side nr Nr kap Kap fig Fig tab art vol bd tlf Tlf kl § p pp c v l jan feb mar apr jun jul aug sept \
            sep okt nov des
            """,
        usually: "Co Ltd Inc Corp A/S mill mrd kr max jr sr",
        date: "f.Kr e.Kr Kr årh",
        never: "etc osv o.s.v m.m mm m.fl mfl m.v mv o.l",
        starters: """
            Af Alle Alt Altså Andre At Av Både Da De Den Denne Der Deres Deretter Derfor Dessuten Det Dette Disse Du \
            Ei Eller En Er Et Ett Etter For Fordi Fra Først Gjennom Han Hans Har Hennes Her Hun Hva Hvem Hver Hvis \
            Hvor Hvordan Hvorfor I Ifølge Igjen Ikke Ingen Ja Jeg Kan Kanskje Man Mange Med Mellom Men Min Mot Nei \
            Noen Nå Når Og Også Om Over På Samtidig Selv Senere Siden Skal Slik Som Så Til To Tross Under Uten Var \
            Ved Vi Via Vil Vår
            """,
        hasOrdinals: true)

    static let icelandic = LanguageRules(
        always: "dr Dr sr Sr hr frú prof Prof t.d þ.e þ.e.a.s m.a sbr ca u.þ.b skv a.m.k þ.á.m f.h e.h nk sl svokl",
        beforeNumber: "bls Bls nr Nr gr kl kafli mynd tafla s p jan feb mar apr jún júl ágú sep sept okt nóv des",
        usually: "f.Kr e.Kr kr Kr ehf hf millj",
        never: "o.s.frv o.fl o.þ.h",
        starters: """
            Af Allir Auk Að Ef Eftir Einnig En Er Frá Fyrir Hann Hvað Hver Hvernig Hún Ja Já Með Nei Nú Og Sem Svo \
            Sá Síðan Til Um Undir Vegna Við Á Ég Í Þannig Þar Þau Það Þegar Þeir Þessi Þetta Þá Þær Þó Þú
            """,
        hasOrdinals: true)
}
