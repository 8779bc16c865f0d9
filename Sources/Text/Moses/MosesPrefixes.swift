/// Abbreviations after which a full stop ends no sentence: the lists of sacremoses 0.2.0 (MIT), which has them from Moses.
struct MosesPrefixes: Sendable {
    /// As bytes: to Swift's `String`, one spelling of a letter is the same as another.
    private let words: Set<[UInt8]>
    /// Those that count only before a number.
    private let numeric: Set<[UInt8]>

    private init(_ words: String, numeric: String) {
        func set(_ text: String) -> Set<[UInt8]> { Set(text.utf8.split { $0 == 0x20 || $0 == 0x0A }.map(Array.init)) }
        self.words = set(words)
        self.numeric = set(numeric)
    }

    func contains(_ word: ArraySlice<Unicode.Scalar>) -> Bool { words.contains(Self.bytes(word)) }
    func containsNumeric(_ word: ArraySlice<Unicode.Scalar>) -> Bool { numeric.contains(Self.bytes(word)) }

    private static func bytes(_ word: ArraySlice<Unicode.Scalar>) -> [UInt8] {
        var bytes: [UInt8] = []
        for scalar in word { bytes.append(scalar) }
        return bytes
    }

    /// The languages that published models of this kind read and write.
    static let languages: [String: MosesPrefixes] = ["de": german, "en": english, "ru": russian]

    private static let english = MosesPrefixes(
        """
        A Adj Adm Adv Apr Asst Aug B Bart Bldg Brig Bros C Capt Cmdr Col Comdr Con Corp Cpl D DR Dec Dr Drs E
        Ens F Feb G Gen Gov H Hon Hosp Hr I Insp J Jan Jul Jun K L Lt M MM MR MRS MS Maj Mar Messrs Mlle Mme Mr
        Mrs Ms Msgr N Nos Nov Nr O Oct Op Ord P Pfc Ph Prof Pvt Q R Rep Reps Res Rev Rs Rt S Sen Sens Sep Sfc
        Sgt Sr St Supt Surg T U V W X Y Z e.g i.e rev v vs
        """,
        numeric: "Art No pp")

    private static let german = MosesPrefixes(
        """
        1 10 11 12 13 14 15 16 17 18 19 2 20 21 22 23 24 25 26 27 28 29 3 30 31 32 33 34 35 36 37 38 39 4 40 41
        42 43 44 45 46 47 48 49 5 50 51 52 53 54 55 56 57 58 59 6 60 61 62 63 64 65 66 67 68 69 7 70 71 72 73
        74 75 76 77 78 79 8 80 81 82 83 84 85 86 87 88 89 9 90 91 92 93 94 95 96 97 98 99 A Adj Adm Adv Art
        Asst B BSE Bart Bldg Brig Bros Buchst C Ca Capt Chr Cmdr Co Col Comdr Con Corp Cpl D D.h DR Dkr Dr E
        Ens F G Gen Gov H Hon Hosp I I.F II III IV IX Insp J K L Lt Ltd M MM MR MRS MS Maj Messrs Mio Mlle Mme
        Mr Mrd Mrs Ms Msgr MwSt N No Nos Nr O Op Ord P Pfc Ph Prof Pvt Q R Rep Reps Res Rev Rt S SA Sen Sens
        Sfc Sgt Sr St Std Supt Surg T U V VI VII VIII W X XI XII XIII XIV XIX XV XVI XVII XVIII XX Y Z Zt a b
        b.A bzgl bzw c c.-à-d ca d d.J d.h dergl dgl e etc evtl f ff g g.U g.g.A ggf h i i.H.v ii iii iv ix j
        jun k k.o l m m.E n o o.ä p pp q r s s.p.a sen sog sogen spp t u u.E u.U u.a u.s.w u.ä usf usw v vgl vi
        vii viii vs w x xi xii xiii xiv xix xv xvi xvii xviii xx y z z.B z.T z.Zt zzt
        """,
        numeric: "")

    private static let russian = MosesPrefixes(
        """
        0г 0га 0гг 0дм 0кг 0км 0л 0м 0мг 0мм 0см 0т 1г 1га 1гг 1дм 1кг 1км 1л 1м 1мг 1мм 1см 1т 2г 2га 2гг 2дм
        2кг 2км 2л 2м 2мг 2мм 2см 2т 3г 3га 3гг 3дм 3кг 3км 3л 3м 3мг 3мм 3см 3т 4г 4га 4гг 4дм 4кг 4км 4л 4м
        4мг 4мм 4см 4т 5г 5га 5гг 5дм 5кг 5км 5л 5м 5мг 5мм 5см 5т 6г 6га 6гг 6дм 6кг 6км 6л 6м 6мг 6мм 6см 6т
        7г 7га 7гг 7дм 7кг 7км 7л 7м 7мг 7мм 7см 7т 8г 8га 8гг 8дм 8кг 8км 8л 8м 8мг 8мм 8см 8т 9г 9га 9гг 9дм
        9кг 9км 9л 9м 9мг 9мм 9см 9т A B C Cв Cвв D E F G H I Iв Iвв J K L Lв Lвв M Mв Mвв N O P Q R S T U V Vв
        Vвв W X Xв Xвв Y Z А Б В Г Д Е Ж З И Исп Й К Л М Н О П Р С Т Тел У Ф Х Ц Ч Ш Щ Ъ Ы Ь Э Ю Я бульв в вв г
        га гг гл гос д дм доп др е ед зам и инд исп к кап кв кг кл км кол комн коп куб л лиц лл м макс мг мин
        мл млн млрд мм н наб нач неуд ном о обл обр общ ок ост отл п пер перераб пл пос пр просп проф р ред руб
        с сб св см соч ср ст стр т тел тех тт туп тыс уд ул уч физ х хор ч чел шт э экз
        """,
        numeric: "")
}
