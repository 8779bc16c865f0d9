extension LanguageRules {
    static let english = LanguageRules(
        always: """
            Mr Mrs Ms Messrs Mx Dr Drs Prof Rev Revd Fr Hon St Ste Mt Ft Gen Lt Col Maj Capt Cpl Sgt Pvt Adm Cmdr \
            Gov Pres Sen Rep Reps Sens Supt Det Insp Brig Cllr Amb Msgr vs viz cf e.g i.e eg ie ca approx resp pron \
            Lt.Col Lt.Gen Maj.Gen Brig.Gen
            """,
        beforeNumber: """
            N° n° No Nos p pp P PP Fig Figs fig figs Eq Eqs eq eqs Sec Secs sec secs Ch Chs ch chs Chap chap Vol \
            Vols vols Art Arts art arts Pt Pts pt pts Tab Ref Refs ref refs Ex ex ext Ext tel Tel App para paras \
            Para Paras ed Ed pg Pg c v l n incl esp Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec Op op Bk bk Ver \
            ver Suppl suppl Thm Lem Def Prop Cor Rm rm Apt apt Rte Hwy
            """,
        usually: """
            al Inc Ltd Co Corp LLC PLC Pty Bros Jr Sr Esq a.m p.m A.M P.M pm dept Dept Univ Inst Assn Assoc Ave Blvd \
            Rd Ln Pkwy Sq est Est misc avg max min temp vol Mass Calif Fla Conn Penn Mich Minn Wis Colo Ariz Okla \
            Tenn Ill Tex Wash Ore Neb Nev Va Md Ph.D M.D B.A M.A B.Sc M.Sc D.C U.S U.K U.N U.S.A E.U N.Y L.A
            """,
        never: "etc",
        starters: """
            A After All Although An And Another Any Are As At Because Before But By Can Could Did Do Does During \
            Each Even Every Everyone First For From Had Has Have He Her Here His How However I If In Indeed Instead \
            Is It Its Last Later Let Many Maybe Meanwhile Most My Nevertheless No Nobody None Nor Not Nothing Now Of \
            On Once One Only Or Other Others Our Perhaps Please Several She Should Since So Some Something Sometimes \
            Soon Still Such Thank Thanks That The Their Then There Therefore These They This Those Though Through \
            Thus To Today Two Under Unlike Until Was We Well Were What When Where Whether Which While Who Whose Why \
            Will With Within Without Would Yes Yet You Your
            """)

    static let german = LanguageRules(
        always: """
            Dr Prof Hr Hrn Fr Frl Hrsg Ing Dipl Mag Mr Mrs St Str z.B zB z.Hd d.h dh u.a ua u.U o.ä o.Ä i.d.R i.A \
            i.V i.e S.g bzw ca vgl Vgl gem sog evtl ggf inkl exkl zzgl zz max min Nr Nrn Anm Aufl jun sen geb gest \
            bspw bzgl dgl eigtl einschl entspr Gebr Kard Kfm Dir gen lat engl frz griech ital russ arab hebr österr \
            dt amerik brit verh Verf Hg Bgm Pfr Lic Hl hl i.d.F i.S.d i.S.v i.H.v i.Z.m u.E m.E m.W s.o s.u z.T zw \
            u.v.a Ges Abt Bearb Übers Gem vorm Allg allg
            """,
        beforeNumber: """
            Art Bd Abb Tel S Seite Rn Ziff lit Kl Jg H Pos Ausg s v l c p pp Bde Teilbd Sp Vers Z Jan \
            Febr Feb Mär Apr Jun Jul Aug Sept Sep Okt Nov Dez Bl Fol Taf Nrs Hs Rdnr Rz Rdn Lfg Lief Heft
            """,
        usually: """
            Abs Kap Tab Mio Mrd Tsd Mill Co GmbH AG e.V Std Min Sek Fa Bhf Hbf Univ Inst Pl Whg Zi u.ä usf Ltd Inc \
            Corp Jr Sr Red M.A B.A B.Sc M.Sc Ph.D e.Kfm USt MwSt
            """,
        date: "v.Chr n.Chr v.u.Z n.u.Z Jh Jhd Jhdt Jhs Chr",
        never: "usw etc u.s.w",
        starters: """
            Ab Aber Alle Allerdings Als Also Am An Andere Anders Auch Auf Aus Außerdem Bei Beide Bereits Bis Bisher \
            Da Dabei Dadurch Dafür Dagegen Daher Damals Damit Danach Daneben Dann Daran Darauf Daraus Darin Darum \
            Darüber Das Dass Davon Dazu Dein Dem Den Denn Dennoch Der Deren Derzeit Des Deshalb Dessen Die Dies \
            Diese Diesem Diesen Dieser Dieses Doch Dort Drei Du Durch Ebenso Ein Eine Einem Einen Einer Eines Einige \
            Er Erst Es Etwa Für Gegen Gleichzeitig Haben Hat Heute Hier Hierbei Hierzu Hinter Ich Ihm Ihn Ihr Ihre \
            Ihren Im Immer In Insgesamt Inzwischen Ist Ja Jede Jeder Jedes Jedoch Jetzt Kann Kein Keine Können Laut \
            Man Manche Mein Meine Mit Möglich Nach Nachdem Natürlich Neben Nein Nicht Noch Nun Nur Ob Obwohl Oder \
            Oft Ohne Schon Sehr Sein Seine Seinen Seiner Seit Seitdem Selbst Sie Sind So Sogar Solche Sollte Sollten \
            Somit Sowohl Später Statt Trotz Trotzdem Um Und Uns Unser Unsere Unter Viele Vielleicht Vom Von Vor Wann \
            War Waren Warum Was Weder Wegen Weil Weiter Weitere Weiterhin Welche Welcher Wenige Wenn Wer Werden Wie \
            Wieder Will Wir Wird Wo Wobei Wurde Wurden Während Zu Zudem Zuerst Zum Zunächst Zur Zusätzlich Zwar Zwei \
            Zwischen Über
            """,
        suffixes: "str Str",
        hasOrdinals: true)

    static let dutch = LanguageRules(
        always: """
            Dhr dhr Mevr mevr Mw mw Hr hr Dr dr Drs drs Prof prof Ir ir Ing ing Mr mr Ds ds Sr sr St Z.K.H H.M bv \
            bijv b.v d.w.z dwz m.a.w i.p.v i.v.m o.a t.o.v m.b.t nl resp vgl ca evt incl excl jhr Jhr mej Mgr mgr \
            Kard Pres Burg Gebr gebr geb o.l.v a.h.w t.a.v t.g.v t.w.v z.g i.h.b i.t.t n.a.v o.b.v t.b.v m.n m.u.v \
            a.d.h.v zgn zg Kol Gen Kap Lt Sgt Adm
            """,
        beforeNumber: """
            p pp P blz Blz pag Pag nr Nr nrs art Art fig Fig afb Afb hfst Hfst vol Vol tab Tab tel Tel dl jrg c s v \
            l jan feb mrt apr jun jul aug sep sept okt nov dec
            """,
        usually: "min B.V N.V mln mld Co Ltd Inc Corp jl str Str a.s red plm gem max e.v",
        date: "v.Chr n.Chr Chr",
        never: "enz etc e.d e.a d.d enz.a",
        starters: """
            Aan Al Alle Alleen Alles Als Andere Beide Bij Bovendien Daar Daarbij Daarna Daarnaast Daarom Dan Dat De \
            Deze Die Dit Door Dus Een Eerst Elk Elke En Er Geen Haar Had Heeft Het Hier Hierbij Hij Hoe Hoewel Hun \
            Ik In Is Ja Je Kan Maar Meer Men Met Mijn Na Naast Nadat Nee Niet Niets Nog Nu Of Om Omdat Ondanks Onder \
            Onze Ook Op Over Sinds Soms Te Tegen Ten Terwijl Tijdens Toch Toen Tot Tussen Twee Uit Van Vanaf Veel \
            Volgens Voor Vooral Waar Waarom Wanneer Want Was Wat We Weer Wel Welke Wie Wij Wordt Ze Zij Zijn Zo \
            Zoals Zonder Zou
            """,
        suffixes: "str")

    static let afrikaans = LanguageRules(
        always: """
            Mnr mnr Mev mev Mej mej Dr dr Prof prof Ds ds St bv d.w.s m.a.w o.a nl i.p.v t.o.v m.b.t ca vgl sg resp
            """,
        beforeNumber: "bl nr Nr art Art fig Fig hfst vol tel p pp",
        usually: "Bpk bpk Edms v.C n.C miljn Co Ltd Inc",
        never: "ens e.s.m e.d.m",
        starters: """
            Aan Al Alle As By Daar Daarna Dan Dat Deur Die Dit Een Ek En Geen Haar Het Hier Hierdie Hoe Hulle Hy In \
            Is Ja Jy Maar Met My Na Nee Nie Nog Nou Of Om Omdat Onder Ons Ook Oor Op Sedert Sy Toe Tot Tussen Uit \
            Van Vir Volgens Waar Wanneer Wat Wie
            """)
}
