import DragomanEngine
import Foundation
import JobModel
import SettingValues
import TestKit
import Testing
import Worker

@Suite("The models of a worker")
struct ModelHostTests {
    @Test(
        "are offered with the languages of their files, or those that the configuration gives, and are not loaded for it"
    )
    func offers() throws {
        var named = HostedModel.demo("named")
        (named.sourceLanguage, named.targetLanguage) = ("en", "fr")
        let observed = try ObservedHost([.demo("plain"), named])
        let description = try ModelDescription(model: Translator.demoModel)
        #expect(
            observed.host.offers == [
                ModelOffer(
                    name: "plain", sourceLanguage: description.sourceLanguage ?? "",
                    targetLanguage: description.targetLanguage ?? ""),
                ModelOffer(name: "named", sourceLanguage: "en", targetLanguage: "fr"),
            ])
        #expect(observed.host.loaded.isEmpty)
    }

    @Test("are loaded once, when they are first asked for, by however many at a time")
    func onDemand() async throws {
        let observed = try ObservedHost([.demo("a"), .demo("b")])
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<5 { group.addTask { try await observed.use("a") } }
            try await group.waitForAll()
        }
        #expect(observed.notes == [.loaded("a")])
        #expect(observed.host.loaded == ["a"])
        #expect(observed.host.progress.keys.sorted() == ["a"])
    }

    @Test("are loaded at the start where the configuration says so")
    func preload() async throws {
        var model = HostedModel.demo("a")
        model.isPreloaded = true
        let observed = try ObservedHost([model, .demo("b")])
        await observed.host.preload()
        #expect(observed.host.loaded == ["a"])
        #expect(observed.notes == [.preloading("a"), .loaded("a")])
    }

    @Test("make room for each other: what was used longest ago goes first, and never what is in use")
    func eviction() async throws {
        let observed = try ObservedHost([.demo("a"), .demo("b"), .demo("c")], loadedMaximum: 2)
        try await observed.use("a")
        try await observed.use("b")
        try await observed.use("a")
        try await observed.use("c")
        #expect(observed.notes.contains(.unloaded("b")))
        #expect(observed.host.loaded == ["a", "c"])
        try await observed.host.withTranslator("a") { _ in
            try await observed.host.withTranslator("c") { _ in
                try await observed.use("b")
                #expect(observed.host.loaded == ["a", "c"])
                try await observed.host.withTranslator("b") { _ in
                    #expect(observed.host.loaded == ["a", "b", "c"])
                }
            }
        }
        #expect(observed.host.loaded.count == 2)
    }

    @Test("are unloaded when nobody has used them for long")
    func idle() async throws {
        let observed = try ObservedHost([.demo("a"), .demo("b")], idleMilliseconds: 1000)
        try await observed.use("a")
        observed.pass(milliseconds: 900)
        observed.host.unloadIdle()
        #expect(observed.host.loaded == ["a"])
        try await observed.host.withTranslator("b") { _ in
            observed.pass(milliseconds: 2000)
            observed.host.unloadIdle()
            #expect(observed.host.loaded == ["b"])
        }
        observed.host.unloadIdle()
        #expect(observed.host.loaded == ["b"])
        observed.pass(milliseconds: 1001)
        observed.host.unloadIdle()
        #expect(observed.host.loaded.isEmpty)
        try await observed.use("a")
        #expect(observed.host.loaded == ["a"])
    }

    @Test("whose texts cannot be read are not there, whoever else may have them whole")
    func unreadableTexts() async throws {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let observed = try ObservedHost([try .unreadable(in: folder)])
        let error = await #expect(throws: ModelUnavailable.self) { try await observed.use("unreadable") }
        #expect(error?.description.contains("SentencePiece") == true, "\(error?.description ?? "no error")")
    }

    @Test("that cannot be loaded say so to the operator, and to producers without naming files; others go on")
    func failure() async throws {
        let folder = try TemporaryFolder()
        let observed = try ObservedHost([.broken(in: folder), .demo("a")])
        for _ in 0..<2 {
            let error = await #expect(throws: ModelUnavailable.self) { try await observed.use("broken") }
            #expect(error?.description.contains(folder.url.lastPathComponent) == true)
            #expect(error?.failure.code == "model_unavailable")
            #expect(error?.failure.message.contains("/") == false)
        }
        #expect(observed.notes.count == 1)
        let unknown = await #expect(throws: ModelUnavailable.self) { try await observed.use("other") }
        #expect(unknown?.description.contains("a, broken") == true)
        try await observed.use("a")
        #expect(observed.host.loaded == ["a"])
    }

    @Test("that cannot be loaded are not offered, and are tried again after waits that grow, until they can be")
    func retry() async throws {
        let folder = try TemporaryFolder()
        let observed = try ObservedHost([.broken(in: folder), .demo("a")])
        #expect(observed.host.offers.map(\.name) == ["a"])
        #expect(observed.host.unavailable.map(\.model) == ["broken"])
        try observed.host.requireOffer()
        func isLoaded(afterMilliseconds milliseconds: UInt64) async -> Bool {
            observed.pass(milliseconds: milliseconds)
            observed.host.retryUnavailable()
            return (try? await observed.use("broken")) != nil
        }
        // The first wait is a second, and the next one two, up to a quarter less or more.
        #expect(await !isLoaded(afterMilliseconds: 1300))
        try FileManager.default.copyItem(at: Translator.demoModel, to: folder.file("nothing"))
        #expect(await !isLoaded(afterMilliseconds: 1400))
        #expect(observed.host.offers.map(\.name) == ["a"])
        #expect(await isLoaded(afterMilliseconds: 1200))
        #expect(
            observed.host.offers == [
                ModelOffer(name: "broken", sourceLanguage: "en", targetLanguage: "de"), observed.host.offers[1],
            ])
        #expect(observed.host.unavailable.isEmpty)
        #expect(observed.notes.map(\.kind) == ["failed broken", "recovered broken"])
    }

    @Test("that lose their files while they are not in memory are withdrawn when they are asked for")
    func filesRemoved() async throws {
        let folder = try TemporaryFolder(copying: Translator.demoModel)
        let observed = try ObservedHost([HostedModel(name: "a", directory: folder.url)], idleMilliseconds: 1000)
        #expect(observed.host.offers.map(\.name) == ["a"])
        try folder.remove("config.json")
        await #expect(throws: ModelUnavailable.self) { try await observed.use("a") }
        #expect(observed.host.offers.isEmpty)
        #expect(throws: NoModelAvailable.self) { try observed.host.requireOffer() }
    }

    @Test("may be fewer from now on")
    func limits() async throws {
        let observed = try ObservedHost([.demo("a"), .demo("b")])
        try await observed.use("a")
        try await observed.use("b")
        var settings = WorkerSettings()
        settings.modelsLoadedMax = 1
        observed.host.reconfigure(settings)
        #expect(observed.host.loaded == ["b"])
    }
}
