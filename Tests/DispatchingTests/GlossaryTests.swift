import Dispatching
import JobModel
import JobStore
import SettingValues
import TestKit
import Testing

@Suite("Glossaries that the broker keeps")
struct GlossaryTests {
    private func glossary(
        _ name: String, _ terms: KeyValuePairs<String, String>, _ source: String? = nil, _ target: String? = nil
    ) throws -> NamedGlossary {
        NamedGlossary(
            name, try Glossary(terms.map { Glossary.Entry(source: $0.key, target: $0.value) }),
            languages: LanguageSelection(source: source, target: target))
    }

    private func ask(
        _ request: GlossaryRequest, _ rig: inout Rig, from producer: Peer = Rig.producer()
    ) -> [Envelope.Body] {
        rig.receive(.glossaryRequest(request), from: producer)
        return rig.take(for: producer)
    }

    private func kept(_ bodies: [Envelope.Body]) -> [String]? {
        guard bodies.count == 1, case .glossaryReply(let glossaries) = bodies[0] else { return nil }
        return glossaries.map { "\($0.name) \($0.version) \($0.termCount) \($0.glossary == nil ? "-" : "terms")" }
    }

    private func fault(_ bodies: [Envelope.Body]) -> Fault? {
        guard bodies.count == 1, case .fault(let fault) = bodies[0] else { return nil }
        return fault
    }

    private func job(_ number: UInt64, _ text: String, _ name: String?) -> Job {
        var job = Rig.job(number)
        job.sources = [.text(text)]
        job.glossaryName = name
        return job
    }

    private func stored(_ rig: Rig) -> [StoredJob] {
        rig.writes.compactMap { if case .insert(let job) = $0 { job } else { nil } }
    }

    @Test("are listed, given and removed by their names, and one takes another's place as the next version")
    func versions() throws {
        var rig = Rig()
        let first = try glossary("a", ["cat": "chat"]), second = try glossary("a", ["cat": "matou", "dog": "chien"])
        #expect(kept(ask(.put(first, onlyNew: false), &rig)) == ["a 1 1 -"])
        #expect(kept(ask(.put(first, onlyNew: false), &rig)) == ["a 1 1 -"])
        #expect(kept(ask(.put(second, onlyNew: true), &rig)) == [])
        #expect(kept(ask(.put(second, onlyNew: false), &rig)) == ["a 2 2 -"])
        #expect(kept(ask(.put(try glossary("b", ["x": "y"]), onlyNew: true), &rig)) == ["b 1 1 -"])
        #expect(kept(ask(.list, &rig)) == ["a 2 2 -", "b 1 1 -"])
        #expect(kept(ask(.get("a"), &rig)) == ["a 2 2 terms"] && kept(ask(.get("c"), &rig)) == [])
        #expect(kept(ask(.list, &rig, from: Rig.producer("p", tenant: "other"))) == [])
        #expect(kept(ask(.remove(["a", "c", "a"]), &rig)) == ["a 2 2 -"])
        #expect(kept(ask(.list, &rig)) == ["b 1 1 -"])
        #expect(kept(ask(.put(first, onlyNew: true), &rig)) == ["a 1 1 -"])
    }

    @Test("the same terms are written again while those that are there are being removed")
    func putWhileRemoved() throws {
        var rig = Rig()
        let pets = try glossary("a", ["cat": "chat"])
        _ = ask(.put(pets, onlyNew: false), &rig)
        rig.holdsCommits = true
        #expect(ask(.remove(["a"]), &rig).isEmpty)
        #expect(ask(.put(pets, onlyNew: false), &rig).isEmpty)
        rig.settle()
        #expect(rig.take(for: Rig.producer()).compactMap { kept([$0]) } == [["a 1 1 -"], ["a 2 1 -"]])
        rig.holdsCommits = false
        #expect(kept(ask(.list, &rig)) == ["a 2 1 -"])
        // One that is not removed in the end is not written again.
        rig.holdsCommits = true
        _ = ask(.remove(["a"]), &rig)
        rig.fail()
        #expect(fault(rig.take(for: Rig.producer()))?.code == .unavailable)
        #expect(kept(ask(.put(pets, onlyNew: false), &rig)) == ["a 2 1 -"])
    }

    @Test("a job that was accepted is a duplicate, whatever has become of the glossary that it names")
    func duplicates() throws {
        var rig = Rig()
        rig.hello()
        let named = job(1, "A cat.", "pets")
        let duplicate = [Verdict.Outcome.accepted(duplicate: true)]
        _ = ask(.put(try glossary("pets", ["cat": "chat"]), onlyNew: false), &rig)
        #expect(rig.submit([named]).map(\.outcome) == [.accepted(duplicate: false)])
        _ = ask(.remove(["pets"]), &rig)
        #expect(rig.submit([named]).map(\.outcome) == duplicate)
        _ = ask(.put(try glossary("pets", ["cat": "gato"], "en", "pt"), onlyNew: false), &rig)
        var french = named
        french.model = .languages(source: "en", target: "fr")
        guard case .rejected(let other) = rig.submit([french])[0].outcome else { return #expect(Bool(false)) }
        #expect(other.code == .conflict)
        _ = ask(.remove(["pets"]), &rig)
        guard case .rejected(let unknown) = rig.submit([job(2, "A cat.", "pets")])[0].outcome else {
            return #expect(Bool(false))
        }
        #expect(unknown.code == .unsupported)
        // On their way to the disk, and when the disk fails.
        _ = ask(.put(try glossary("pets", ["cat": "chat"]), onlyNew: false), &rig)
        rig.holdsCommits = true
        rig.receive(.submit([job(3, "A cat.", "pets")]), from: Rig.producer())
        rig.receive(.glossaryRequest(.remove(["pets"])), from: Rig.producer())
        rig.settle()
        rig.receive(.submit([job(3, "A cat.", "pets"), job(4, "A cat.", "pets")]), from: Rig.producer())
        _ = rig.take(for: Rig.producer())
        rig.fail()
        guard case .submitReply(let verdicts)? = rig.take(for: Rig.producer()).first else {
            return #expect(Bool(false))
        }
        #expect(
            verdicts.allSatisfy {
                if case .rejected(let later) = $0.outcome { later.code == .retryLater } else { false }
            })
    }

    @Test("what is on its way to the disk is bounded, all of it")
    func writing() throws {
        var settings = DispatchSettings()
        settings.limits.tenantGlossaryBytesMax = 4 * 71
        var rig = Rig(settings)
        rig.holdsCommits = true
        // Each is 7 bytes, and 64 for its term.
        for number in 0..<4 {
            #expect(ask(.put(try glossary("a", ["cat": "cha\(number)"]), onlyNew: false), &rig).isEmpty)
        }
        #expect(rig.dispatcher.uncommittedBytes == 4 * 71)
        let fifth = try glossary("a", ["cat": "matou"])
        let refused = fault(ask(.put(fifth, onlyNew: false), &rig))
        #expect(refused?.code == .unavailable && refused?.message.contains("on their way to the disk") == true)
        rig.settle()
        #expect(rig.take(for: Rig.producer()).compactMap { kept([$0]) }.last == ["a 4 1 -"])
        #expect(rig.dispatcher.uncommittedBytes == 0)
        #expect(ask(.put(fifth, onlyNew: false), &rig).isEmpty)

        settings.limits.inflightBytesMax = 100
        var narrow = Rig(settings)
        narrow.holdsCommits = true
        #expect(ask(.put(fifth, onlyNew: false), &narrow).isEmpty)
        let other = Rig.producer("p", tenant: "other")
        #expect(fault(ask(.put(fifth, onlyNew: false), &narrow, from: other))?.code == .unavailable)
        narrow.fail()
        #expect(narrow.dispatcher.uncommittedBytes == 0)
    }

    @Test("writes of glossaries count with their bytes, and as open requests")
    func counting() throws {
        let large = try glossary("a", ["cat": String(repeating: "x", count: 1000)])
        #expect(Write.keepGlossary(large, tenant: "a").byteCount > 1000)
        var settings = DispatchSettings()
        settings.limits.tenantGlossaryBytesMax = 1 << 30
        var rig = Rig(settings)
        rig.isChecked = false
        rig.holdsCommits = true
        for number in 0..<10_000 {
            rig.receive(
                .glossaryRequest(.put(try glossary("a", ["cat": "\(number)"]), onlyNew: false)), from: Rig.producer())
        }
        #expect(rig.take(for: Rig.producer()).isEmpty)
        #expect(fault(ask(.list, &rig))?.message.contains("too many requests") == true)
    }

    @Test("a job that does not fit into a worker's message with its terms is refused")
    func frames() throws {
        var settings = DispatchSettings()
        settings.broker.workerFrameBytesMax = 4096
        var rig = Rig(settings)
        rig.hello()
        let term = String(repeating: "x", count: 1000)
        _ = ask(.put(try glossary("pets", ["cat": term, "dog": term + "y"]), onlyNew: false), &rig)
        #expect(rig.submit([job(1, "A cat.", "pets")]).map(\.outcome) == [.accepted(duplicate: false)])
        guard case .rejected(let large) = rig.submit([job(2, "A cat, a dog.", "pets")])[0].outcome else {
            return #expect(Bool(false))
        }
        #expect(large.code == .tooLarge && large.message.contains("broker.worker_frame_bytes_max"))
    }

    @Test("are kept when the disk has them, and not before")
    func durable() throws {
        var rig = Rig()
        rig.hello()
        rig.holdsCommits = true
        #expect(ask(.put(try glossary("a", ["cat": "chat"]), onlyNew: false), &rig).isEmpty)
        #expect(kept(ask(.put(try glossary("a", ["cat": "x"]), onlyNew: true), &rig)) == [])
        rig.fail()
        #expect(fault(rig.take(for: Rig.producer()))?.code == .unavailable)
        #expect(kept(ask(.list, &rig)) == [])
        #expect(ask(.put(try glossary("a", ["cat": "chat"]), onlyNew: true), &rig).isEmpty)
        rig.settle()
        #expect(kept(rig.take(for: Rig.producer())) == ["a 1 1 -"])
    }

    @Test("a job has the terms that its texts need, as they were when it was accepted")
    func resolved() throws {
        var rig = Rig()
        rig.hello()
        let terms: KeyValuePairs = ["cat": "chat", "dog": "chien"]
        _ = ask(.put(try glossary("pets", terms, "en", "fr"), onlyNew: false), &rig)
        let named = job(1, "A cat.", "pets")
        #expect(
            rig.submit([named, job(2, "A bird.", "pets")]).map(\.outcome) == [
                .accepted(duplicate: false), .accepted(duplicate: false),
            ])
        #expect(stored(rig).map { $0.job.glossary?.entries.map(\.target) } == [["chat"], nil])
        _ = ask(.put(try glossary("pets", ["cat": "matou"], "en", "fr"), onlyNew: false), &rig)
        #expect(rig.submit([named]).map(\.outcome) == [.accepted(duplicate: true)])
        #expect(rig.submit([job(3, "A cat.", "pets")]).map(\.outcome) == [.accepted(duplicate: false)])
        #expect(stored(rig).last?.job.glossary?.entries.map(\.target) == ["matou"])
        let other = rig.submit([job(1, "A cat.", nil)])
        guard case .rejected(let conflict) = other[0].outcome else { return #expect(Bool(false), "\(other)") }
        #expect(conflict.code == .conflict)
    }

    @Test("a job that names none that there is, or one between other languages, is refused, and says why")
    func refused() throws {
        var rig = Rig()
        rig.hello()
        _ = ask(.put(try glossary("pets", ["cat": "chat"], "en-GB", "fr"), onlyNew: false), &rig)
        func refusal(_ change: (inout Job) -> Void) -> Rejection? {
            var job = job(9, "A cat.", "pets")
            change(&job)
            guard case .rejected(let rejection) = rig.submit([job])[0].outcome else { return nil }
            return rejection
        }
        let unknown = refusal { $0.glossaryName = "none" }
        #expect(unknown?.code == .unsupported && unknown?.message.contains("no glossary \"none\"") == true)
        let languages = refusal { $0.model = .languages(source: "en", target: "de") }
        #expect(languages?.code == .invalid && languages?.message.contains("is from en-GB to fr") == true)
        let both = refusal { $0.glossary = try? Glossary([.init(source: "a", target: "b")]) }
        #expect(both?.code == .invalid && both?.message.contains("give one of the two") == true)
        let long = refusal { $0.glossaryName = String(repeating: "x", count: 129) }
        #expect(long?.code == .invalid)
        let foreign = rig.submit([job(8, "A cat.", "pets")], from: Rig.producer("p", tenant: "other"))
        guard case .rejected(let rejection) = foreign[0].outcome else { return #expect(Bool(false)) }
        #expect(rejection.code == .unsupported)
    }

    @Test("a tenant has so many, and so many bytes of them")
    func limits() throws {
        var settings = DispatchSettings()
        (settings.limits.tenantGlossariesMax, settings.limits.tenantGlossaryBytesMax) = (2, 2 * 64 + 20)
        var rig = Rig(settings)
        #expect(kept(ask(.put(try glossary("a", ["cat": "chat"]), onlyNew: false), &rig)) != nil)
        let large = fault(ask(.put(try glossary("b", ["a cat": "un chat et plus"]), onlyNew: false), &rig))
        #expect(
            large?.code == .tooLarge
                && large?.message.contains("take 155 bytes, 64 for each term included, and may take 148") == true)
        #expect(kept(ask(.put(try glossary("b", ["a": "b"]), onlyNew: false), &rig)) != nil)
        let many = fault(ask(.put(try glossary("c", ["a": "b"]), onlyNew: false), &rig))
        #expect(many?.code == .tooLarge && many?.message.contains("may have 2 glossaries") == true)
        #expect(kept(ask(.put(try glossary("b", ["a": "c"]), onlyNew: false), &rig)) == ["b 2 1 -"])
        let other = Rig.producer("p", tenant: "other")
        #expect(kept(ask(.put(try glossary("c", ["a": "b"]), onlyNew: false), &rig, from: other)) == ["c 1 1 -"])
        let wrong = fault(ask(.put(try glossary("b", ["a": "d"], "english", "fr"), onlyNew: false), &rig))
        #expect(wrong?.code == .malformed && wrong?.message.contains("\"english\"") == true)
        // When a limit is lowered, what is there stays, and may be replaced by what is no larger.
        (settings.limits.tenantGlossariesMax, settings.limits.tenantGlossaryBytesMax) = (1, 1)
        rig.on(.reconfigured(settings))
        #expect(kept(ask(.put(try glossary("b", ["a": "d"]), onlyNew: false), &rig)) == ["b 3 1 -"])
        #expect(fault(ask(.put(try glossary("b", ["a": "dd"]), onlyNew: false), &rig))?.code == .tooLarge)
        let single = fault(ask(.put(try glossary("z", ["a": "b"]), onlyNew: false), &rig))
        #expect(single?.message.contains("may have 1 glossary (limits.tenant_glossaries_max)") == true)
    }
}
