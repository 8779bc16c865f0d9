import Dispatching
import JobModel
import JobStore
import Testing

@Suite("A job's languages choose among those of a model, and among workers")
struct LanguagePairTests {
    private static let languages = ["en", "fr", "de", "pt-BR", "pt-PT", "zh-Hant"]
    /// As a worker of this release offers a model of several languages.
    private static let many = ModelOffer(name: "many", sets: [LanguageSet(source: languages, target: languages)])
    /// As one of an older release, which has one pair of it by its configuration.
    private static let pair = ModelOffer(name: "many", sourceLanguage: "en", targetLanguage: "fr")

    private func job(_ number: UInt64, _ model: ModelSelection) -> Job {
        var job = Rig.job(number)
        job.model = model
        return job
    }

    private func rejection(_ rig: inout Rig, _ model: ModelSelection, id: UInt64 = 99) -> Rejection? {
        guard case .rejected(let rejection)? = rig.submit([job(id, model)]).first?.outcome else { return nil }
        return rejection
    }

    private func numbers(_ assignments: [Assignment]) -> [JobID] { assignments.map(\.job.id) }

    @Test("a worker is given jobs of all pairs, with the languages as the producer spells them")
    func allPairs() {
        var rig = Rig(hasOffer: false)
        rig.hello(models: [Self.many])
        let models: [ModelSelection] = [
            .languages(source: "en", target: "fra_Latn"), .languages(source: "FR", target: "de_DE"),
            .model("many", LanguageSelection(source: "eng", target: "zh_TW")),
            .model("many", LanguageSelection(target: "pt-BR")), .named("many"), .onlyOne,
        ]
        rig.submit(models.enumerated().map { job(UInt64($0.offset), $0.element) })
        let assigned = rig.takeAssigned()
        #expect(Set(numbers(assigned)) == Set(models.indices.map { Rig.id(UInt64($0)) }))
        for assignment in assigned {
            let content = rig.store.contents(of: [(assignment.job, 0)])[0]
            #expect(content?.languages == models[Int(assignment.job.id.low)].languages)
            #expect(content?.model == "many")
            rig.done(assignment)
        }
        #expect(rig.log().count == models.count)
    }

    @Test("an older worker is given its pair only, and jobs that name none; others wait for one that has theirs")
    func olderWorker() {
        var rig = Rig(hasOffer: false)
        rig.hello("new", window: 0, models: [Self.many])
        rig.hello("old", models: [Self.pair])
        rig.submit([
            job(1, .languages(source: "en", target: "de")), job(2, .languages(source: "en", target: "fr")),
            job(3, .named("many")), job(4, .model("many", LanguageSelection(source: "fr", target: "en"))),
        ])
        #expect(numbers(rig.takeAssigned(for: Rig.worker("old"))) == [Rig.id(2), Rig.id(3)])
        rig.receive(.workCredit(window: 10_000), from: Rig.worker("new"))
        #expect(numbers(rig.takeAssigned(for: Rig.worker("new"))) == [Rig.id(1), Rig.id(4)])
    }

    @Test("a worker that does not say which languages it has is given jobs that name none")
    func silentWorker() {
        var rig = Rig(hasOffer: false)
        rig.hello("old", models: [ModelOffer(name: "many")])
        let unknown = rejection(&rig, .model("many", LanguageSelection(source: "en", target: "fr")))
        #expect(unknown?.code == .invalid)
        #expect(unknown?.message.contains("leave the languages out") == true)
        rig.hello("new", window: 0, models: [Self.many])
        rig.submit([job(1, .model("many", LanguageSelection(source: "en", target: "fr"))), job(2, .named("many"))])
        #expect(numbers(rig.takeAssigned(for: Rig.worker("old"))) == [Rig.id(2)])
    }

    @Test("what several workers offer of a model is known together, and forgotten when they offer it no more")
    func union() {
        var rig = Rig(hasOffer: false)
        func sets(_ rig: inout Rig) -> [LanguageSet] {
            rig.receive(.modelRequest(.list), from: Rig.producer())
            for case .modelReply(let models) in rig.take(for: Rig.producer()) { return models[0].languages }
            return []
        }
        let german = ModelOffer(name: "many", sourceLanguage: "en", targetLanguage: "de")
        rig.hello("a", models: [Self.pair])
        rig.hello("b", models: [german])
        let both = ["de", "fr"].map { LanguageSet(source: ["en"], target: [$0]) }
        #expect(sets(&rig) == both)
        rig.submit([
            job(1, .languages(source: "en", target: "de")), job(2, .languages(source: "en", target: "fr")),
        ])
        #expect(numbers(rig.takeAssigned(for: Rig.worker("a"))) == [Rig.id(2)])
        #expect(numbers(rig.takeAssigned(for: Rig.worker("b"))) == [Rig.id(1)])
        // Said again, it is not written again.
        rig.writes = []
        rig.hello("a", models: [Self.pair])
        #expect(!rig.writes.contains { if case .offer = $0 { true } else { false } })
        rig.hello("b", models: [Self.pair])
        #expect(sets(&rig) == [])
        #expect(rejection(&rig, .languages(source: "en", target: "de"))?.code == .unsupported)
    }

    @Test("of two workers, the one whose languages are nearer is given the job")
    func nearer() {
        var rig = Rig(hasOffer: false)
        rig.hello("a", models: [ModelOffer(name: "many", sourceLanguage: "en", targetLanguage: "pt")])
        rig.hello("b", models: [ModelOffer(name: "many", sourceLanguage: "en", targetLanguage: "pt-BR")])
        rig.submit([
            job(1, .languages(source: "en", target: "pt-BR")), job(2, .languages(source: "en", target: "pt-PT")),
            job(3, .languages(source: "en", target: "por")),
        ])
        #expect(numbers(rig.takeAssigned(for: Rig.worker("a"))) == [Rig.id(2), Rig.id(3)])
        #expect(numbers(rig.takeAssigned(for: Rig.worker("b"))) == [Rig.id(1)])
    }

    @Test("a pair that there is not, or that may be one of several, is refused with what there is")
    func refused() {
        var rig = Rig(hasOffer: false)
        rig.hello(models: [Self.many, ModelOffer(name: "one", sourceLanguage: "sv", targetLanguage: "fi")])
        let missing = rejection(&rig, .model("many", LanguageSelection(source: "en", target: "ja")))
        #expect(missing?.code == .unsupported)
        for language in Self.languages { #expect(missing?.message.contains(language) == true) }
        let none = rejection(&rig, .languages(source: "en", target: "ja"))
        #expect(none?.code == .unsupported)
        #expect(none?.message.contains("many (all pairs of 6 languages), one (sv to fi)") == true)
        let several = rejection(&rig, .model("many", LanguageSelection(target: "pt")))
        #expect(several?.code == .invalid)
        #expect(several?.message.contains("pt-BR") == true && several?.message.contains("pt-PT") == true)
        let wrong = rejection(&rig, .model("many", LanguageSelection(source: "en", target: "Japanese")))
        #expect(wrong?.message.contains("\"Japanese\" is not a language") == true)
        #expect(rejection(&rig, .model("two", LanguageSelection(target: "en")))?.code == .unsupported)
    }

    @Test("any language is taken where a model does not care, unless another model has it by its name")
    func anyLanguage() {
        var rig = Rig(hasOffer: false)
        let any = ModelOffer(name: "any", sets: [LanguageSet(source: [], target: ["en", "fr"])])
        rig.hello(models: [any, ModelOffer(name: "named", sourceLanguage: "de", targetLanguage: "fr")])
        rig.submit([
            job(1, .languages(source: "ja", target: "fr")), job(2, .languages(source: "de", target: "fr")),
        ])
        let models = rig.takeAssigned().map { rig.store.contents(of: [($0.job, 0)])[0]?.model }
        #expect(models == ["any", "named"])
    }

    @Test("after a restart, queued jobs of several pairs go where they would have gone, and new ones are taken")
    func restart() {
        var rig = Rig(hasOffer: false)
        rig.hello("w", window: 0, models: [Self.many])
        rig.submit([
            job(1, .languages(source: "en", target: "de")), job(2, .languages(source: "en", target: "fr")),
            job(3, .named("many")),
        ])
        rig.restart()
        rig.submit([job(4, .languages(source: "fr", target: "de"))])
        rig.hello("old", models: [Self.pair])
        #expect(Set(numbers(rig.takeAssigned(for: Rig.worker("old")))) == [Rig.id(2), Rig.id(3)])
        rig.hello("w", models: [Self.many])
        #expect(Set(numbers(rig.takeAssigned(for: Rig.worker("w")))) == [Rig.id(1), Rig.id(4)])
    }

    @Test("more languages than can be held are refused, from one worker and from all")
    func manyLanguages() {
        var rig = Rig(hasOffer: false)
        func offer(_ number: Int, _ count: Int) -> ModelOffer {
            let languages = (0..<count).map { "l\($0)-\(number)" }
            return ModelOffer(name: "m\(number)", sets: [LanguageSet(source: [], target: languages)])
        }
        #expect(rig.hello(models: (0..<3).map { offer($0, 4000) }) == nil)
        for worker in 0..<12 { rig.hello("w\(worker)", models: (0..<3).map { offer(3 * worker + $0, 3000) }) }
        rig.receive(.modelRequest(.list), from: Rig.producer())
        let models = rig.take(for: Rig.producer()).compactMap {
            if case .modelReply(let models) = $0 { models } else { nil }
        }
        #expect(models.map(\.count) == [33])
        #expect(rig.notes.contains { $0.message.contains("too many are known") })
    }

    @Test("the same job under its id is the same, and with other languages another")
    func digest() {
        func digest(_ model: ModelSelection) -> [UInt8] { Digest.of(job(1, model)) }
        let models: [ModelSelection] = [
            .onlyOne, .named("a"), .languages(source: "a", target: "b"), .model("a", LanguageSelection(source: "b")),
            .model("a", LanguageSelection(target: "b")), .model("a", LanguageSelection(source: "a", target: "b")),
            .model("a", LanguageSelection(source: "b", target: "a")),
        ]
        #expect(Set(models.map(digest)).count == models.count)
        #expect(models.map(digest) == models.map(digest))
    }

    @Test("jobs of too many pairs at a time have to wait, and routes that are left are used again")
    func manyPairs() {
        var rig = Rig(hasOffer: false)
        rig.isChecked = false
        rig.hello("w", window: 0, models: [ModelOffer(name: "any", sets: [LanguageSet(source: [], target: ["en"])])])
        let letters = "abcdefghijklmnopqrstuvwxyz".map(String.init)
        let codes = letters.flatMap { first in letters.flatMap { second in letters.map { first + second + $0 } } }
        var accepted: [JobID] = []
        var refused: Rejection?
        for (index, code) in codes.enumerated() where refused == nil {
            let selection = ModelSelection.model("any", LanguageSelection(source: code, target: "en"))
            refused = rejection(&rig, selection, id: UInt64(index))
            if refused == nil { accepted.append(Rig.id(UInt64(index))) }
        }
        #expect(refused?.code == .retryLater)
        #expect(refused?.message.contains("2000 pairs") == true)
        // One that names none, and one of a pair that is there, are taken all the same.
        #expect(rejection(&rig, .named("any"), id: 50_000) == nil)
        rig.receive(.cancel(Array(accepted.prefix(500))), from: Rig.producer())
        rig.isChecked = true
        #expect(rejection(&rig, .model("any", LanguageSelection(source: "zzz", target: "en")), id: 50_001) == nil)
    }
}
