import JobModel
import Worker

let millisecond: UInt64 = 1_000_000

extension LeaseName {
    /// A lease of a chunk of its own.
    init(_ number: UInt64) {
        self.init(chunk: ChunkID(job: JobID(high: 0, low: number), index: 0), token: number)
    }
}

extension Assign {
    init(
        _ number: UInt64, priority: Int = 0, cost: UInt32 = 10, deadline: UInt64? = nil, isAlone: Bool = false,
        model: String = "demo", sources: [Source] = [.text("Thank you.")]
    ) {
        self.init(
            lease: LeaseName(number), attempt: 1, cost: cost, deadlineMilliseconds: deadline, priority: priority,
            isAlone: isAlone, content: ChunkContent(sources: sources, options: SearchOptions(), model: model))
    }
}

extension SessionSettings {
    static let sample = SessionSettings(
        instance: "test", incarnation: 7,
        models: [ModelOffer(name: "demo", sourceLanguage: "en", targetLanguage: "fr")],
        windowTokens: 100, drainMilliseconds: 3000)
}

extension ChunkOutcome {
    static let sample = ChunkOutcome.done(
        [Output(hypotheses: [Output.Hypothesis(text: "Merci.", score: -1)])], sourceTokens: 3, sentences: 1)
}

extension SessionDirective {
    var sent: Envelope.Body? { if case .send(let envelope) = self { envelope.body } else { nil } }
    var hello: Hello? { if case .hello(let hello)? = sent { hello } else { nil } }
    var beat: WorkerBeat? { if case .workerBeat(let beat)? = sent { beat } else { nil } }
    var done: Done? { if case .done(let done)? = sent { done } else { nil } }
    var fail: Fail? { if case .fail(let fail)? = sent { fail } else { nil } }
    var goodbye: [LeaseName]? { if case .goodbye(let leases)? = sent { leases } else { nil } }
    var translated: LeaseName? { if case .translate(let assign) = self { assign.lease } else { nil } }
    var cancelled: LeaseName? { if case .cancel(let lease) = self { lease } else { nil } }
}
