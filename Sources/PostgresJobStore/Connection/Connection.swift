import CPostgres
import JobStore

/// A session with the database: statements are sent together and answered together. For one thread at a time.
final class Connection {
    /// What a session is asked for, and how long its answers may take.
    struct Target: Sendable {
        var url: String
        var password: String?
        /// For messages: without the password.
        var name: String
        /// How long an answer is waited for, in milliseconds.
        var patience = 10_000
        let lastHost = LastHost()
    }

    let target: Target
    private let connection: OpaquePointer
    /// The names of the statements that are prepared, by their texts.
    private var prepared: [String: String] = [:]
    private var namesGiven = 0
    /// How often it has run statements, and when the server is to plan them anew; nil: it does so by itself.
    private var runs = 0
    private var nextPlanning: Int?
    private static let runsOfPlanMaximum = 4096
    /// Once it is lost, it is of no more use.
    private(set) var isLost = false

    /// - Throws: `.unreachable` when there is no server, or it refuses.
    init(_ target: Target) throws(StoreError) {
        self.target = target
        if let (host, port) = target.lastHost.value {
            var problem: UnsafePointer<CChar>?
            if let connection = dragoman_postgres_connect(target.url, target.password, host, port, &problem) {
                self.connection = connection
                return
            }
            target.lastHost.value = nil
        }
        var problem: UnsafePointer<CChar>?
        guard let connection = dragoman_postgres_connect(target.url, target.password, nil, nil, &problem) else {
            let reason = problem.map { String(cString: $0) } ?? "no reason given"
            throw StoreError(.unreachable, "the job store \(target.name) cannot be reached: \(reason)")
        }
        self.connection = connection
        target.lastHost.value = (
            String(cString: dragoman_postgres_host(connection)), String(cString: dragoman_postgres_port(connection))
        )
    }

    deinit { dragoman_postgres_close(connection) }

    /// Sends all, and waits for all answers. What comes after one that fails is not carried out.
    ///
    /// - Throws: `.server` with the first error; `.lost` when it is not known what was carried out.
    func run(_ statements: [Statement]) throws(Failure) -> [Answer] {
        runs += 1
        if let next = nextPlanning, runs >= next {
            nextPlanning = next + min(next, Self.runsOfPlanMaximum)
            return Array(try send([Statement("DISCARD PLANS")] + statements).dropFirst())
        }
        return try send(statements)
    }

    /// Has the server keep the plans of statements for a while: to plan them takes longer than most take to run. A plan that
    /// was good for an empty table is not for one of a million rows, so they are made anew as the tables may have grown.
    func keepPlans() throws(Failure) {
        _ = try run("SELECT set_config('plan_cache_mode', 'force_generic_plan', false)")
        nextPlanning = runs + 4
    }

    /// Undoes a transaction. A session that cannot is of no more use.
    func rollBack() {
        guard !isLost else { return }
        do throws(Failure) { _ = try send([Statement("ROLLBACK")]) } catch { isLost = true }
    }

    private func send(_ statements: [Statement]) throws(Failure) -> [Answer] {
        guard !isLost else { throw .lost("the connection was lost before") }
        _ = dragoman_postgres_take_warning(connection)
        /// For each result that is expected, whether it is that of a statement rather than of its preparation.
        var expected: [(text: String, isAnswer: Bool)] = []
        for statement in statements {
            let name: String
            if let known = prepared[statement.text] {
                name = known
            } else {
                name = "s\(namesGiven)"
                namesGiven += 1
                prepared[statement.text] = name
                guard dragoman_postgres_prepare(connection, name, statement.text) else { throw lost() }
                expected.append((statement.text, false))
            }
            guard execute(name, statement.values) else { throw lost() }
            expected.append((statement.text, true))
        }
        guard dragoman_postgres_end(connection) else { throw lost() }
        return try answers(expected)
    }

    /// The same, where nothing comes of it but an answer or none.
    func run(_ text: String, _ values: Parameter...) throws(Failure) -> Answer {
        try run([Statement(text, values: values)])[0]
    }

    /// What the server has warned of during the last `run`.
    var warning: String? {
        let text = String(cString: dragoman_postgres_take_warning(connection))
        return text.isEmpty ? nil : text
    }

    private func execute(_ name: String, _ values: [Parameter]) -> Bool {
        // One block for all values: pointers into it stay where they are.
        let encoded = values.map(\.encoded)
        let block = UnsafeMutablePointer<CChar>.allocate(capacity: max(encoded.reduce(1) { $0 + ($1?.count ?? 0) }, 1))
        defer { block.deallocate() }
        var pointers: [UnsafePointer<CChar>?] = []
        var lengths: [Int32] = []
        var offset = 0
        for value in encoded {
            guard let value else {
                pointers.append(nil)
                lengths.append(0)
                continue
            }
            value.withUnsafeBytes {
                UnsafeMutableRawBufferPointer(start: block + offset, count: value.count).copyMemory(from: $0)
            }
            pointers.append(UnsafePointer(block + offset))
            lengths.append(Int32(value.count))
            offset += value.count
        }
        return dragoman_postgres_execute(connection, name, Int32(values.count), pointers, lengths)
    }

    private func answers(_ expected: [(text: String, isAnswer: Bool)]) throws(Failure) -> [Answer] {
        var answers: [Answer] = []
        var failure: Failure?
        var rest = expected[...]
        while true {
            let outcome = dragoman_postgres_next(connection, Int32(clamping: target.patience))
            switch outcome {
            case dragoman_postgres_rows, dragoman_postgres_done:
                if rest.popFirst()?.isAnswer == true {
                    answers.append(answer(hasRows: outcome == dragoman_postgres_rows))
                }
            case dragoman_postgres_error:
                let (state, message) = (
                    String(cString: dragoman_postgres_state(connection)),
                    String(cString: dragoman_postgres_message(connection))
                )
                let failed = rest.popFirst()
                // The server ends the session, or libpq has found that it is gone.
                if state.isEmpty || state.hasPrefix("57P") || state.hasPrefix("08")
                    || ["25P03", "25P04"].contains(state)
                {
                    throw lost(message)
                }
                if let failed, !failed.isAnswer { prepared[failed.text] = nil }
                if failure == nil { failure = .server(state: state, message) }
            case dragoman_postgres_skipped:
                if let skipped = rest.popFirst(), !skipped.isAnswer { prepared[skipped.text] = nil }
            case dragoman_postgres_ended:
                if let failure { throw failure }
                return answers
            case dragoman_postgres_timed_out:
                throw lost("no answer within \(target.patience) ms")
            default: throw lost()
            }
        }
    }

    private func answer(hasRows: Bool) -> Answer {
        var answer = Answer()
        answer.changed = Int(dragoman_postgres_changed(connection))
        guard hasRows else { return answer }
        let width = dragoman_postgres_column_count(connection)
        answer.rows = (0..<dragoman_postgres_row_count(connection)).map { row in
            Row(
                (0..<width).map { column in
                    var count: Int32 = 0
                    guard let value = dragoman_postgres_value(connection, row, column, &count) else { return nil }
                    return [UInt8](UnsafeRawBufferPointer(start: value, count: Int(count)))
                })
        }
        return answer
    }

    private func lost(_ reason: String? = nil) -> Failure {
        isLost = true
        return .lost(reason ?? String(cString: dragoman_postgres_message(connection)))
    }

    /// Why statements were not carried out.
    enum Failure: Error {
        /// The server has refused one. The session goes on, and a transaction that it belonged to is undone.
        case server(state: String, String)
        /// The session has ended. What was sent last was carried out, or was not.
        case lost(String)
        /// The server is none that a store can be in.
        case unfit(StoreError)
    }
}

extension Statement {
    init(_ text: String, values: [Parameter]) {
        self.text = text
        self.values = values
    }
}
