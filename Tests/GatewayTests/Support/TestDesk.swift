import Gateway
import JobModel
import Synchronization

/// Translates by writing the model's name before each text.
final class TestDesk: JobDesk {
    private let offers: [StatusReport.ModelStatus]
    private let seen = Mutex<[Job]>([])
    private let outcome: @Sendable (Job) throws(GatewayError) -> Record

    init(
        _ pairs: [(String, String)] = [("en", "fr")],
        outcome: @escaping @Sendable (Job) throws(GatewayError) -> Record = TestDesk.translated
    ) {
        offers = pairs.map { source, target in
            var model = StatusReport.ModelStatus()
            model.name = "\(source)-\(target)"
            model.sourceLanguage = source
            model.targetLanguage = target
            model.workers = 1
            return model
        }
        self.outcome = outcome
    }

    var jobs: [Job] { seen.withLock { $0 } }

    func run(_ jobs: [Job]) async throws(GatewayError) -> [Record] {
        seen.withLock { $0 += jobs }
        var records: [Record] = []
        for job in jobs { records.append(try outcome(job)) }
        return records
    }

    func models() async throws(GatewayError) -> [StatusReport.ModelStatus] { offers }

    static let translated: @Sendable (Job) throws(GatewayError) -> Record = { job throws(GatewayError) in
        guard case .named(let model) = job.model else {
            throw GatewayError(.invalid, "the job names no model")
        }
        var record = Record(sequence: 1, job: job.id, state: .done)
        record.outputs = job.sources.map { source in
            guard case .text(let text) = source else { return Output(hypotheses: []) }
            let count = job.options.nBest ?? 1
            return Output(
                hypotheses: (0..<count).map {
                    Output.Hypothesis(text: "\(model)\($0 == 0 ? "" : " \($0)"): \(text)", score: nil)
                })
        }
        return record
    }
}
