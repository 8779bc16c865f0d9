extension Abbreviations {
    /// The abbreviations of a language, by its code in two letters. Other languages have only the rules for initials.
    static func of(language: String) -> Abbreviations {
        table[language] ?? Abbreviations()
    }

    /// Titles and words that something must follow are in the first list. What also ends sentences ("in Jan.", "Inc.",
    /// "p.m.") is in the second, if a number says that it goes on, or in none: a full stop before a small letter never
    /// ends a sentence anyway.
    private static let table: [String: Abbreviations] = [
        "en": Abbreviations(
            """
            Mr Mrs Ms Messrs Mx Dr Drs Prof Rev Fr Hon St Ste Mt Ft Gen Lt Col Maj Capt Cpl Sgt Pvt Adm Cmdr Gov \
            Pres Sen Rep Supt Det Insp vs v viz cf e.g i.e eg ie al ca approx esp incl resp
            """,
            beforeNumber: """
                No Nos p pp P PP Fig Figs fig figs Eq Eqs Sec sec Ch ch Vol vol Art art Pt pt \
                Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec
                """),
        "fr": Abbreviations(
            """
            M MM Mr Mme Mmes Mlle Mlles Dr Drs Pr Prof Me Mgr St Ste Sts Cie Gal Cdt Cap Lt p.ex ex cf c.-à-d c.à.d i.e \
            e.g vs env av apr J.-C J-C boul bd adj dir resp tél
            """,
            beforeNumber: "p pp P art Art fig Fig n N no No chap Chap vol Vol t T éd tab Tab janv févr sept oct nov déc"
        ),
        "de": Abbreviations(
            """
            Dr Prof Hr Hrn Fr Frl Hrsg Ing Dipl Mag Mr Mrs St Str z.B zB z.Hd d.h dh u.a ua u.U o.ä o.Ä i.d.R i.A \
            i.V i.e S.g bzw ca vgl Vgl gem sog evtl ggf inkl exkl zzgl zz usf max min Nr Nrn Art Abs Abb Bd Kap Tel Tab \
            Anm Aufl jun sen geb gest
            """,
            beforeNumber: "S Seite Rn Ziff lit Kl Jg H Pos Ausg", ordinals: true),
        "es": Abbreviations(
            """
            Sr Sra Sres Sras Srta Srtas D Da Dña Dr Dra Dres Prof Profa Lic Ing Arq Mons Gral Cnel Cap Tte Sgto Excmo \
            Excma Ilmo Ilma Ud Uds Vd Vds Sto Sta p.ej p.e ej i.e cf vs a.C d.C aprox Av Avda EE.UU
            """,
            beforeNumber: "p pp P pág Pág págs Págs núm Núm nº Nº art Art arts fig Fig cap Cap vol Vol t ed tel Tel"),
        "it": Abbreviations(
            """
            Sig Sig.ra Sig.na Sigg Dott Dott.ssa Dr Dr.ssa Prof Prof.ssa Ing Avv Arch Geom Rag On Mons Gen Col Cap Ten \
            Mar Egr Gent Spett S.E S.S SS S p.es es ad.es cfr Cfr vs ca c.a i.e a.C d.C Soc
            """,
            beforeNumber: "p pp P pag Pag pagg n N nn art Art artt fig Fig cap Cap vol Vol tab Tab tel Tel c co sez"),
        "pt": Abbreviations(
            """
            Sr Sra Srs Sras Srta Dr Dra Drs Dras Prof Profa Eng Arq Exmo Exma Ilmo Ilma D Dom Gen Cel Cap Ten Sgto Mons \
            Sto Sta p.ex ex i.e cf vs a.C d.C aprox Av R V.Exa
            """,
            beforeNumber: "p pp P pág Pág págs Págs n nº núm Núm art Art arts fig Fig cap Cap vol Vol t ed tel Tel"),
        "nl": Abbreviations(
            """
            Dhr dhr Mevr mevr Mw mw Hr hr Dr dr Drs drs Prof prof Ir ir Ing ing Mr mr Ds ds Sr sr St Z.K.H H.M bv bijv b.v \
            d.w.z dwz m.a.w i.p.v i.v.m o.a t.o.v m.b.t nl resp vgl enz.a ca evt incl excl jhr Jhr mej
            """,
            beforeNumber: "p pp P blz Blz pag Pag nr Nr nrs art Art fig Fig afb Afb hfst Hfst vol Vol tab Tab tel"),
        "ru": Abbreviations(
            """
            г-н г-жа им проф Проф акад доц гр тов т.е т.к т.н см См ср Ср напр ул пр просп пл пер наб обл р-н д-р ст св Св
            """,
            beforeNumber: "стр с рис Рис табл Табл гл Гл ст п пп т тт вып ч кв д корп ок тел"),
    ]
}
