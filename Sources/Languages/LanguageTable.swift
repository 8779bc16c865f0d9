/// The codes of languages that mean the same, and the scripts that languages are usually written in.
///
/// ISO 639-1 whole, and the rest of the languages of NLLB-200 (FLORES-200). Codes are from ISO 639-2 (both lists) and
/// ISO 639-3, with the codes that were withdrawn (`iw`), and `ns`, which M2M-100 has made up. Where models write an individual language for the
/// macrolanguage that everyone names, as NLLB does (`arb`, `pes`, `zsm`), the two are one; so are `no` and `nb`. Scripts
/// are CLDR's likely ones.
enum LanguageTable {
    /// Every known code, to the one that Dragoman writes.
    static let codes: [String: String] = {
        var codes: [String: String] = [:]
        for entry in entries { for code in entry.codes { codes[code] = entry.codes[0] } }
        return codes
    }()

    /// Names of the same script.
    static let scriptAliases = ["kore": "Hang"]

    static func usualScript(of language: String, region: String?) -> String? {
        region.flatMap { regionalScripts["\(language)-\($0)"] } ?? scripts[language]
    }

    private static let scripts = Dictionary(uniqueKeysWithValues: entries.map { ($0.codes[0], $0.script) })

    /// Where a region writes otherwise than the language's other regions do.
    private static let regionalScripts = [
        "az-IR": "Arab", "kk-CN": "Arab", "mn-CN": "Mong", "pa-PK": "Arab", "sr-ME": "Latn", "uz-AF": "Arab",
        "zh-HK": "Hant", "zh-MO": "Hant", "zh-TW": "Hant",
    ]

    private static let entries: [(codes: [String], script: String)] = table.split(whereSeparator: \.isWhitespace).map {
        let parts = $0.split(separator: ":", omittingEmptySubsequences: false)
        return ([String(parts[0])] + parts[1].split(separator: ",").map(String.init), String(parts[2]))
    }

    /// The code that is written, others for the same language, and the script.
    private static let table = """
        aa:aar:Latn ab:abk:Cyrl ae:ave:Avst af:afr:Latn ak:aka:Latn am:amh:Ethi an:arg:Latn ar:ara,arb:Arab
        as:asm:Beng av:ava:Cyrl ay:aym,ayr:Latn az:aze,azj:Latn ba:bak:Cyrl be:bel:Cyrl bg:bul:Cyrl bi:bis:Latn
        bm:bam:Latn bn:ben:Beng bo:bod,tib:Tibt br:bre:Latn bs:bos:Latn ca:cat:Latn ce:che:Cyrl ch:cha:Latn
        co:cos:Latn cr:cre:Cans cs:ces,cze:Latn cu:chu:Cyrl cv:chv:Cyrl cy:cym,wel:Latn da:dan:Latn de:deu,ger:Latn
        dv:div:Thaa dz:dzo:Tibt ee:ewe:Latn el:ell,gre:Grek en:eng:Latn eo:epo:Latn es:spa:Latn et:est,ekk:Latn
        eu:eus,baq:Latn fa:fas,per,pes:Arab ff:ful,fuv:Latn fi:fin:Latn fj:fij:Latn fo:fao:Latn fr:fra,fre:Latn
        fy:fry:Latn ga:gle:Latn gd:gla:Latn gl:glg:Latn gn:grn,gug:Latn gu:guj:Gujr gv:glv:Latn ha:hau:Latn
        he:heb,iw:Hebr hi:hin:Deva ho:hmo:Latn hr:hrv:Latn ht:hat:Latn hu:hun:Latn hy:hye,arm:Armn hz:her:Latn
        ia:ina:Latn id:ind,in:Latn ie:ile:Latn ig:ibo:Latn ii:iii:Yiii ik:ipk:Latn io:ido:Latn is:isl,ice:Latn
        it:ita:Latn iu:iku:Cans ja:jpn:Jpan jv:jav,jw:Latn ka:kat,geo:Geor kg:kon:Latn ki:kik:Latn kj:kua:Latn
        kk:kaz:Cyrl kl:kal:Latn km:khm:Khmr kn:kan:Knda ko:kor:Hang kr:kau,knc:Latn ks:kas:Arab ku:kur,kmr:Latn
        kv:kom:Cyrl kw:cor:Latn ky:kir:Cyrl la:lat:Latn lb:ltz:Latn lg:lug:Latn li:lim:Latn ln:lin:Latn lo:lao:Laoo
        lt:lit:Latn lu:lub:Latn lv:lav,lvs:Latn mg:mlg,plt:Latn mh:mah:Latn mi:mri,mao:Latn mk:mkd,mac:Cyrl
        ml:mal:Mlym mn:mon,khk:Cyrl mr:mar:Deva ms:msa,may,zsm:Latn mt:mlt:Latn my:mya,bur:Mymr na:nau:Latn
        nb:nob,no,nor:Latn nd:nde:Latn ne:nep,npi:Deva ng:ndo:Latn nl:nld,dut:Latn nn:nno:Latn nr:nbl:Latn
        nv:nav:Latn ny:nya:Latn oc:oci:Latn oj:oji:Cans om:orm,gaz:Latn or:ori,ory:Orya os:oss:Cyrl pa:pan:Guru
        pi:pli:Deva pl:pol:Latn ps:pus,pbt:Arab pt:por:Latn qu:que,quy:Latn rm:roh:Latn rn:run:Latn
        ro:ron,rum,mo,mol:Latn ru:rus:Cyrl rw:kin:Latn sa:san:Deva sc:srd:Latn sd:snd:Arab se:sme:Latn sg:sag:Latn
        sh:hbs:Latn si:sin:Sinh sk:slk,slo:Latn sl:slv:Latn sm:smo:Latn sn:sna:Latn so:som:Latn sq:sqi,alb,als:Latn
        sr:srp:Cyrl ss:ssw:Latn st:sot:Latn su:sun:Latn sv:swe:Latn sw:swa,swh:Latn ta:tam:Taml te:tel:Telu
        tg:tgk:Cyrl th:tha:Thai ti:tir:Ethi tk:tuk:Latn tl:tgl,fil:Latn tn:tsn:Latn to:ton:Latn tr:tur:Latn
        ts:tso:Latn tt:tat:Cyrl tw:twi:Latn ty:tah:Latn ug:uig:Arab uk:ukr:Cyrl ur:urd:Arab uz:uzb,uzn:Latn
        ve:ven:Latn vi:vie:Latn vo:vol:Latn wa:wln:Latn wo:wol:Latn xh:xho:Latn yi:yid,ydd,ji:Hebr yo:yor:Latn
        za:zha:Latn zh:zho,chi,cmn:Hans zu:zul:Latn ace::Latn acm::Arab acq::Arab aeb::Arab ajp::Arab apc::Arab
        ars::Arab ary::Arab arz::Arab ast::Latn awa::Deva azb::Arab ban::Latn bem::Latn bho::Deva bjn::Latn
        bug::Latn ceb::Latn cjk::Latn ckb::Arab crh::Latn dik:din:Latn dyu::Latn fon::Latn fur::Latn hne::Deva
        ilo::Latn kab::Latn kac::Latn kam::Latn kbp::Latn kea::Latn kmb::Latn lij::Latn lmo::Latn ltg::Latn
        lua::Latn luo::Latn lus::Latn mag::Deva mai::Deva min::Latn mni::Beng mos::Latn nso:ns:Latn nus::Latn
        pag::Latn pap::Latn prs::Arab sat::Olck scn::Latn shn::Mymr szl::Latn taq::Latn tpi::Latn tum::Latn
        tzm::Tfng umb::Latn vec::Latn war::Latn yue::Hant
        """
}
