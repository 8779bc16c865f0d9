extension LanguageRules {
    static let armenian = LanguageRules(
        always: "պրոֆ ակադ դոկ տիար պ տ գ ք օր Օր տե՛ս ինչ.պ այս.ինքն",
        beforeNumber: "էջ հ գլ նկ աղ հատ",
        usually: "թ թթ դ դդ մ.թ մ.թ.ա մլն մլրդ",
        never: "և.այլն",
        otherTerminator: UInt8(ascii: ":"))

    static let georgian = LanguageRules(
        always: "პროფ აკად ბ-ნი ქ-ნი ე.ი მაგ იხ ე.წ წმ",
        beforeNumber: "გვ ნახ ცხრ ტ თ ნომ",
        usually: "წ წწ სს ძვ.წ ახ.წ ჩვ.წ მლნ მლრდ",
        never: "ა.შ და.ა.შ სხვ")

    static let kazakh = LanguageRules(
        always: "проф акад қ г д-р ж.б мыс қар көш пр им",
        beforeNumber: "б бет сур кест т кіт тел №",
        usually: "ж жж ғ ғғ млн млрд тг мың б.з.б б.з б.з.д",
        never: "т.б т.с.с",
        starters: """
            Ал Алайда Барлық Біз Бір Бірақ Бұл Егер Енді Жоқ Және Иә Кейін Мен Менің Мұнда Не Ол Олар Оның Осы Оған \
            Сен Сол Сондай Сонымен Соның Соңғы Сіз Тек Қазақстан Қазір
            """)

    static let arabic = LanguageRules(
        always: "د أ ا.د أ.د ص.ب ت ج ش مثلا تح تر",
        beforeNumber: "ص رقم ط ق",
        usually: "ق.م ب.م م هـ ه ش.م.م",
        never: "الخ إلخ")

    static let persian = LanguageRules(
        always: "د آ دکتر مهندس ر.ک رک ص.پ",
        beforeNumber: "ص ج ش صص ق",
        usually: "ق.م ه.ق ه.ش م ب.م",
        never: "الخ")

    static let urdu = LanguageRules(
        always: "ڈاکٹر پروفیسر م ڈ ا",
        beforeNumber: "ص ج نمبر",
        usually: "ق.م ء ھ")

    static let hindi = LanguageRules(
        always: "डॉ डा पं प्रो श्री सुश्री श्रीमती कु मो मौ स्व इं ले कर्नल मि मिस सं",
        beforeNumber: "पृ क्र नं अ",
        usually: "ई.पू ई कि.मी रु कं लि प्रा")

    static let indonesian = LanguageRules(
        always: """
            Dr dr Drs Dra Prof Ir Sdr Sdri Tn Ny Nn Bpk Yth H Hj K.H KH R.A St Jend Letjen Mayjen Brigjen Kol Kapt \
            Lettu Kep Jl jl Gg Kec Kab Kel dsb.a a.n u.p d.a mis Mis tsb yg dll.a lih Ing Bel
            """,
        beforeNumber: """
            hal Hal hlm Hlm no No nomor ps Ps ay bab tel Tel telp Telp vol gbr tab p pp Jan Feb Mar Apr Jun Jul Agu \
            Sep Okt Nov Des
            """,
        usually: "PT CV Tbk Co Ltd Inc S.H S.E S.Pd M.Sc M.A M.M Ph.D SM M H.I",
        never: "dll dsb dst",
        starters: """
            Ada Adalah Agar Akan Akhirnya Aku Anda Apa Apakah Atas Atau Bagaimana Bahkan Bahwa Banyak Beberapa \
            Berdasarkan Bukan Dalam Dan Dari Demikian Dengan Di Dia Dua Hal Hanya Hari Ia Ini Itu Jadi Jika Juga \
            Kalau Kami Kamu Karena Ke Kemudian Kepada Ketika Kini Kita Lalu Maka Menurut Mereka Meski Meskipun Nama \
            Namun Oleh Orang Pada Padahal Para Saat Satu Saya Sebagai Sebelum Sebuah Sejak Sekarang Selain Selama \
            Sementara Semua Seorang Seperti Serta Setelah Siapa Suatu Tapi Tentang Tetapi Tidak Untuk Waktu Walaupun \
            Yang
            """)

    static let vietnamese = LanguageRules(
        always: "TS Ts GS PGS ThS BS KS LS Tp TP P Q Đ Gs Bs Ths Tx TT H St Dr Mr Mrs",
        beforeNumber: "tr Tr số t sđt ĐT tel",
        usually: "TCN SCN Co Ltd Inc",
        never: "v.v vv",
        starters: """
            Ai Anh Ba Bà Bây Bạn Bởi Cho Chúng Chỉ Chị Con Cuối Các Cái Còn Có Cô Cùng Cũng Cả Do Dù Em Hai Hiện Hãy \
            Hôm Hơn Họ Khi Không Là Lúc Mặc Mẹ Mỗi Một Ngày Nhiều Nhưng Những Nó Năm Nơi Nếu Phải Qua Rất Rồi Sau Sự \
            Theo Thì Trong Trên Trước Tuy Tôi Tại Tất Từ Việc Và Vào Vì Vậy Về Với Ông Điều Đây Đã Đó Đến Để Ở
            """)
}
