extension LanguageRules {
    static let greek = LanguageRules(
        always: """
            κ κα κος κ.κ δρ Δρ καθ Καθ Αγ αγ π.χ δηλ Δηλ βλ Βλ πρβλ Πρβλ λ.χ αρ λεωφ Λεωφ οδ πλ αντ αντγ στρ υπ \
            ταξ τ.μ Ι.Μ αγγλ γαλλ γερμ ιταλ λατ ρωσ τουρκ αρχ συγγρ επιμ μτφρ εκδ επίσ κυρ Σεβ Μακ τ.έ
            """,
        beforeNumber: """
            σελ Σελ σ σσ Αρ αριθ Αριθ άρ αρθ άρθ παρ Παρ τόμ κεφ εικ Εικ πίν τηλ Τηλ τ εδ στίχ ν Ν Π.Δ Ν.Δ
            """,
        usually: "μ.μ π.μ εκ εκατ δισ χιλ π.Χ μ.Χ Α.Ε Ε.Π.Ε Ο.Ε αι χλμ Η.Π.Α Ε.Ε",
        never: "κλπ κ.λπ κ.λ.π κ.ά κ.α κτλ κ.τ.λ κ.ο.κ",
        starters: """
            Ένα Ένας Έτσι Ή Ήταν Α Αλλά Αν Ανάμεσα Αντίθετα Από Αυτά Αυτές Αυτή Αυτοί Αυτό Αυτός Αφού Για Γιατί Δεν \
            Δύο Είναι Είχε Εγώ Εδώ Εκεί Εκείνος Εμείς Εν Ενώ Επίσης Επιπλέον Η Θα Κάθε Κάποιοι Και Κατά Κι Λοιπόν \
            Μέσα Μέχρι Μία Μα Μας Με Μετά Μη Μια Μου Μπορεί Μόλις Μόνο Να Ναι Ο Οι Ούτε Παρά Πολλά Πολλοί Πού Πρέπει \
            Πριν Προς Πρόκειται Πόσο Πώς Σήμερα Σαν Σε Στα Στη Στην Στις Στο Στον Στους Σύμφωνα Τα Τη Την Της Τι Τις \
            Το Τον Του Τους Τρεις Των Τότε Τώρα Υπάρχει Υπάρχουν Χωρίς Ως Ωστόσο Όλα Όλοι Όμως Όπως Όσο Όταν Ότι Όχι
            """,
        otherTerminator: UInt8(ascii: ";"))

    static let turkish = LanguageRules(
        always: """
            Dr Prof Doç Yrd Av Op Uzm Öğr Arş Sn Hz Alb Yb Bnb Yzb Ütğm Tğm Asb Gen Org Korg Tümg Tuğg Kor Mah Cad \
            Sok Sk Blv Apt bkz Bkz bk Bk örn Örn vb.ör krş çev haz yay ed Ed Alm İng Fr Lat Rus İt Tic Sos Müh Mim \
            Ecz Dt Ord St Mr Mrs Ms Jr yy.ın t.y a.g.e a.g.m age
            """,
        beforeNumber: """
            s S sf Sf nu Nu No no c C cilt md Md şek Şek tab Tab bl böl Tel tel sy v l p pp Oca Şub Nis Haz Tem Ağu \
            Eyl Eki Kas Ara K D
            """,
        usually: "A.Ş Ltd Şti Co Inc Corp M.Ö M.S İ.Ö İ.S MÖ MS yy y.y dk sn sa mad T.C A.B.D Univ Üniv Fak",
        never: "vb vs vd vbg",
        starters: """
            Acaba Aksi Ama Ancak Ardından Artık Aslında Aynı Ayrıca Az Bana Bazen Bazı Belki Ben Benim Beş Bile Bir \
            Biraz Biri Birkaç Birçok Biz Bizi Bizim Bu Bugün Buna Bundan Bunlar Bunlara Bunları Bunların Bunu Bunun \
            Burada Böyle Böylece Bütün Da Daha Dahası De Demek Diğer Dün Elbette En Evet Eğer Fakat Gene Gerçekten \
            Halen Hangi Hatta Hayır Hem Hemen Henüz Hep Hepsi Her Herkes Hiç Hiçbir Hâlâ İki İlk İçinde İşte Kendi \
            Kendisi Kim Kimi Lakin Mesela Nasıl Ne Neden Nerede Niye Niçin O Olsa Ona Onlar Onlara Onları Onların \
            Onu Onun Orada Oysa Pek Peki Sadece Sana Sanki Sen Senin Siz Son Sonra Sonunda Tabii Tam Tek Tüm Var Ve \
            Veya Ya Yalnız Yani Yeni Yine Yok Yoksa Zaten Zira Çok Çünkü Önce Öte Öyle Öyleyse Üstelik Üç Şimdi Şu \
            Şunu Şöyle
            """,
        hasOrdinals: true)

    static let azerbaijani = LanguageRules(
        always: "Dr dr Prof prof dos akad c X bax Bax məs Məs ing rus lat ərəb fars küç pr St",
        beforeNumber: "s səh Səh nömr şək cəd cild bənd mad tel",
        usually: "e.ə b.e.ə mln mlrd min man qəp əsr il MMC ASC",
        never: "və.s vb",
        starters: """
            Amma Ancaq Belə Bir Biz Bu Bundan Bunun Bütün Bəzi Daha Digər Heç Həm Həmin Hər İki İlk İndi Lakin Mən \
            Niyə Nə O Ona Onlar Onun Siz Son Sonra Sən Var Və Yalnız Yəni Çünki Əgər Ən
            """,
        hasOrdinals: true)

    static let albanian = LanguageRules(
        always: "Dr dr Prof prof Z z Znj znj Shën Sh p.sh P.sh d.m.th dmth etj.e rr Rr gjen kol kap ing shih",
        beforeNumber: "f fq Fq nr Nr neni n tab fig vëll tel p s v c l",
        usually: "p.e.s e.s mln mld Co Ltd Inc sh.a sh.p.k",
        never: "etj e.tj",
        starters: """
            Ai Ajo Ata Ato Dhe Disa E Edhe Ishin Ishte Janë Jo Ju Ka Kanë Kjo Ku Kur Kush Ky Këta Këto Me Megjithatë \
            Mirëpo Mund Më Ndërsa Nga Një Nuk Në Nëse Para Pas Pastaj Po Por Pra Për S' Sa Sepse Si Sot Tani Ti Të U \
            Unë Është
            """)

    static let basque = LanguageRules(
        always: "Jn And jn and Dr dr Prof adib Adib ikus Ik ik esate.b St",
        beforeNumber: "or orr zk zenb art atal irud tel kap lib",
        usually: "K.a K.o EE.BB Co Ltd Inc",
        never: "etab abar eta.abar",
        starters: """
            Bai Baina Bere Beste Bi Da Dira Edo Eta Ez Gainera Gaur Geroago Hala Han Hau Hauek Hemen Hori Horregatik \
            Horrek Hura Izan Lehen Ni Nik Noiz Nola Non Nor Ondoren Orain Orduan Zen Zer Zergatik Ziren Zuen
            """,
        hasOrdinals: true)
}
