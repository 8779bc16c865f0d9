import JobModel
import JobStore

/// Whether a record is one that its job may have.
struct Expectation {
    let record: Record
    let entry: Checker.Entry
    let scenario: Scenario

    var problem: String? { modelProblem ?? stateProblem ?? chargeProblem }

    private var modelProblem: String? {
        entry.job.model.allows(record.model) ? nil : "it is for \(record.model)"
    }

    private var engine: String { Engine.name(record.model, entry.job.model.languages) }

    private var stateProblem: String? {
        switch record.state {
        case .running: return partialProblem
        case .done: return outputProblem
        case .cancelled: return entry.isCancelAsked ? nil : "I2: nobody cancelled it"
        case .expired: return entry.job.deadlineMilliseconds == nil ? "I2: it has no deadline" : nil
        case .dead: return deathProblem
        case .queued: return "I2: a record of a job that waits"
        }
    }

    private var outputProblem: String? {
        if entry.nature == .poison || entry.nature == .hopeless { return "it cannot be done" }
        let expected = entry.job.sources.map { Engine.translation(of: $0, by: engine) }
        return record.outputs.map { $0.hypotheses.first?.text } == expected ? nil : "I3: the output is another text's"
    }

    private var partialProblem: String? {
        guard entry.job.wantsPartialResults else { return "I2: a partial record that nobody wants" }
        let expected = record.pieces.map { piece in
            Engine.translation(of: entry.job.sources[piece.source].part(piece.bytes), by: engine)
        }
        return record.outputs.map { $0.hypotheses.first?.text } == expected ? nil : "I3: a partial output is another's"
    }

    private var deathProblem: String? {
        switch (record.failure?.code, entry.nature) {
        case ("hopeless", .hopeless), ("moody", .moody): nil
        case ("worker_lost", .plain), ("worker_lost", .slow), ("worker_lost", .moody), ("worker_lost", .hopeless):
            scenario.isOnlyPoisonDeadly ? "I5: it was killed by its neighbour" : nil
        case ("worker_lost", _): nil
        case ("not_answered", _): scenario.isOnlyPoisonDeadly ? "it was not answered, though nothing was lost" : nil
        case ("expired", _) where entry.job.deadlineMilliseconds != nil: nil
        default: "it died of \(record.failure?.code ?? "nothing")"
        }
    }

    private var chargeProblem: String? {
        guard scenario.isOnlyPoisonDeadly, record.state == .done, [.plain, .slow].contains(entry.nature),
            record.attempts > 1
        else { return nil }
        return "I5: it was charged \(record.attempts) attempts for nothing"
    }
}

extension ModelSelection {
    fileprivate func allows(_ model: String) -> Bool {
        switch self {
        case .onlyOne: true
        case .named(let name), .model(let name, _): name == model
        case .languages("fr", _): model == "many"
        case .languages(let source, let target): "\(source)-\(target)" == model
        }
    }
}
