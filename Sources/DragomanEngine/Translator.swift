public import Foundation
package import Inference
package import Measures
import SettingValues
import Synchronization
import Tensors
import Text
public import Translations

/// Translates text with one model; any number of tasks may call it at once, and their sentences share batches.
///
/// ```swift
/// let translator = try Translator()
/// print(try await translator.translate("Where is the train station?"))  // Où se trouve la gare ?
/// ```
///
/// The output of a request never depends on what else is being translated: not on batches, threads or processor.
public final class Translator: Sendable {
    public struct Settings: Sendable, Equatable {
        public var precision = Precision.int8
        /// Processor cores to compute on; each decodes a batch of its own.
        public var threads = 1
        /// How much one batch may hold, in tokens: each segment's source tokens and live hypotheses.
        public var batchTokens = WorkerSettings().batchTokens
        /// The memory for remembered outputs, in bytes: a repeated sentence is not decoded again. The same sentence always
        /// has the same output, so only the time changes. With 0, nothing is remembered.
        public var cacheBytes = 0
        /// The instruction set to compute with, one of `Translator.instructionSets`; nil for the best one. All give the
        /// same output.
        public var instructionSet: String?
        /// The languages that are meant where a request names none, in a model of several.
        public var sourceLanguage: String?
        public var targetLanguage: String?
        /// Whether each sentence's tokens are chosen from the model's lexical shortlist, even if its files do not ask for it.
        public var usesShortlist = false

        public init() {}
    }

    /// The instruction sets that this processor can run, best first.
    public static var instructionSets: [String] { Kernels.available.map(\.name) }

    /// More than any machine has use for; each thread has some megabytes of its own.
    private static let threadsMaximum = 1024
    private static let batchTokensMaximum = 1 << 20

    /// The model that is part of Dragoman: a small English-French Transformer.
    ///
    /// It lies beside the program, where SwiftPM puts it. `Bundle.module`, which would say the same, ends the process when
    /// there is nothing; this way loading the model says what is missing.
    public static var demoModel: URL {
        let program = (Bundle.main.executableURL ?? Bundle.main.bundleURL).resolvingSymlinksInPath()
        return program.deletingLastPathComponent()
            .appending(path: "dragoman_DragomanEngine.resources/demo-en-fr", directoryHint: .isDirectory)
    }

    /// What the model is.
    public let description: ModelDescription

    package let loadTimes: LoadTimes
    /// What it computes with.
    package let engine: EngineDescription

    private let preparation: Preparation
    private let pool: ReplicaPool
    /// What was found out about the heads, in each direction.
    private let aligners = Mutex<[SegmentFrame: Task<Aligner?, Never>]>([:])
    /// What the segments of one request that wait or run may cost together: enough to make batches of segments of about
    /// the same length (with three batches' worth, a long text took a tenth longer), and little enough that other requests
    /// need not wait for all of a long one.
    private let costInFlight: Int

    /// Loads a model.
    ///
    /// - Parameter model: A folder of Hugging Face, CTranslate2 or Marian, a package of Argos Translate, or a folder that
    ///   `PackedFolder.write` made.
    /// - Throws: `ModelError` when a file is missing, damaged or unknown; `TranslationError` for impossible settings.
    public init(model: URL = Translator.demoModel, settings: Settings = Settings()) throws {
        let kernels = try Self.kernels(settings)
        var times = LoadTimes()
        let bundle = try LoadTimes.measure(&times.files) {
            try ModelBundle.load(model, usesShortlist: settings.usesShortlist)
        }
        // An archive's files go with it.
        defer { withExtendedLifetime(bundle.unpacked) {} }
        if let packed = bundle.packedPrecision, packed != settings.precision {
            throw ModelError(
                .contradiction, file: bundle.file, "the model is packed for another precision",
                expected: settings.precision.rawValue, found: packed.rawValue,
                remedy: "ask for \(packed.rawValue), or import the model for \(settings.precision.rawValue)")
        }
        description = ModelDescription(bundle, directory: model)
        preparation = try LoadTimes.measure(&times.text) { try Preparation(bundle, settings) }
        let transformer = try LoadTimes.measure(&times.weights) {
            try Transformer(
                configuration: bundle.configuration, precision: settings.precision,
                from: GatheredBlocks(bundle.weights))
        }
        engine = EngineDescription(
            configuration: bundle.configuration, precision: settings.precision, kernels: kernels, settings: settings)
        pool = LoadTimes.measure(&times.threads) {
            ReplicaPool(
                transformer: transformer, replicas: settings.threads, batchTokens: settings.batchTokens,
                cacheBytes: settings.cacheBytes, kernels: kernels)
        }
        costInFlight = 16 * settings.threads * settings.batchTokens
        loadTimes = times
        // Last: it takes a core from nothing above.
        preparation.tokenizer?.prepare()
    }

    /// Waits until texts can be tokenized; tokens can be translated before.
    package func loadTokenizer() throws { try preparation.tokenizer?.load() }

    /// How far each of the threads is: one that is busy and takes no more steps is stuck.
    package var progress: [ReplicaProgress] { pool.progress }

    /// How many rows the steps of all threads had.
    package var batchRows: Histogram { pool.batchRows }

    /// What was remembered so far.
    package var cacheCounts: CacheCounts { pool.cacheCounts }

    /// What all threads had computed when a segment last ended.
    package var work: ComputedWork { pool.progress.reduce(ComputedWork()) { $0 + $1.work } }

    /// Translates one request.
    ///
    /// When the calling task is cancelled, the request's segments leave their batches before the next step.
    ///
    /// - Throws: `TranslationError` when the request cannot be served as it is; `CancellationError`.
    public func translate(_ request: TranslationRequest) async throws -> Translation {
        let aligner = await aligner(for: request)
        try Task.checkCancellation()
        let prepared = try preparation.prepare(request, .marks(aligner))
        return try preparation.assemble(prepared, try await decode(prepared))
    }

    /// Translates a text; nobody sees its score, so none is computed.
    ///
    /// - Throws: As `translate(_:)` of a request.
    public func translate(_ text: String, options: SearchOptions = SearchOptions()) async throws -> String {
        var options = options
        options.returnScores = false
        return try await translate(TranslationRequest(.text(text), options: options)).hypotheses[0].text
    }

    /// What aligns the words of a request with markup or terms; nil where no head of the model does better than their mean.
    private func aligner(for request: TranslationRequest) async -> Aligner? {
        // A request of impossible languages is refused when it is prepared.
        guard request.options.markup != nil || request.glossary != nil, let frame = preparation.frame(of: request)
        else { return nil }
        let probing = aligners.withLock { aligners in
            if let probing = aligners[frame] { return probing }
            let probing = Task { await probe(request) }
            aligners[frame] = probing
            return probing
        }
        return await probing.value
    }

    private static let probePriority = 100

    /// Finds out which head aligns best in the languages of a request.
    private func probe(_ request: TranslationRequest) async -> Aligner? {
        var probe = AlignerProbe(preparation.configuration)
        var options = SearchOptions()
        (options.beamSize, options.returnScores, options.split, options.secondPass) = (1, false, .nowhere, false)
        for text in AlignerProbe.texts {
            var asked = TranslationRequest(.text(text), options: options)
            (asked.sourceLanguage, asked.targetLanguage) = (request.sourceLanguage, request.targetLanguage)
            // All requests in this direction wait for it.
            asked.priority = Self.probePriority
            guard let prepared = try? preparation.prepare(asked, .heads(probe.heads)),
                let results = try? await decode(prepared)
            else { return nil }
            for result in results {
                guard let hypothesis = result.hypotheses.first else { continue }
                probe.count(
                    hypothesis, source: result.job.source.map { preparation.sourceVocabulary.token(of: Int($0)) ?? "" },
                    target: hypothesis.tokens.map { preparation.targetVocabulary.token(of: $0) ?? "" })
            }
        }
        return probe.best
    }

    /// Decodes the segments of a request side by side; the results are in the segments' order.
    private func decode(_ prepared: Preparation.Prepared) async throws -> [DecodedSegment] {
        let jobs = prepared.jobs
        if jobs.count == 1 { return [try await decode(0, of: prepared)] }
        return try await withThrowingTaskGroup(of: (Int, DecodedSegment).self) { group in
            var results = [DecodedSegment?](repeating: nil, count: jobs.count)
            var cost = 0
            for (index, job) in jobs.enumerated() {
                cost += job.cost
                while cost > costInFlight, let (done, segment) = try await group.next() {
                    results[done] = segment
                    cost -= jobs[done].cost
                }
                group.addTask { (index, try await self.decode(index, of: prepared)) }
            }
            for try await (index, segment) in group { results[index] = segment }
            return results.compactMap { $0 }
        }
    }

    /// Decodes a segment, and again when its output or its terms ask for it. Then it is a segment as any other: what it shares a
    /// batch with changes nothing.
    private func decode(_ index: Int, of prepared: Preparation.Prepared) async throws -> DecodedSegment {
        let hypotheses = try await pool.decode(prepared.jobs[index])
        do {
            let (first, again) = try preparation.examine(hypotheses, of: index, in: prepared)
            var segment = first
            if let again {
                segment = try preparation.settle(
                    first, again, try await pool.decode(again.job), of: index, in: prepared)
            }
            guard prepared.segments[prepared.decoded[index]].hasTerms else { return segment }
            let pass = try preparation.termPass(segment, of: index, in: prepared)
            let found = if let pass { try await pool.decode(pass) } else { [TokenHypothesis]() }
            return try preparation.completed(segment, pass, found, of: index, in: prepared)
        } catch let error as TextError {
            throw TranslationError(.untokenizable, error.message)
        }
    }

    private static func kernels(_ settings: Settings) throws -> Kernels {
        guard (1...threadsMaximum).contains(settings.threads) else {
            throw TranslationError(
                .invalidOption, "threads is \(settings.threads); it must lie between 1 and \(threadsMaximum)")
        }
        guard (1...batchTokensMaximum).contains(settings.batchTokens) else {
            throw TranslationError(
                .invalidOption,
                "batch_tokens is \(settings.batchTokens); it must lie between 1 and \(batchTokensMaximum)")
        }
        guard let name = settings.instructionSet else { return Kernels.best }
        guard let kernels = Kernels.named(name) else {
            throw TranslationError(
                .invalidOption,
                Kernels.knownNames.contains(name)
                    ? "this processor cannot run the instruction set \(name); it can run "
                        + instructionSets.joined(separator: ", ")
                    : "there is no instruction set \(name); there are \(Kernels.knownNames.joined(separator: ", "))")
        }
        return kernels
    }
}
