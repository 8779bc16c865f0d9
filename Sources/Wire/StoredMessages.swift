import CWire
package import JobModel

/// What a job store keeps: messages without an envelope. See `Protos/dragoman/store/v1/store.proto`.
package enum StoredMessage {
    /// Of a job, what a worker needs, and nothing that the store has in columns.
    package static func content(of job: Job) -> [UInt8] {
        var content = Job(id: job.id, job.sources)
        content.options = job.options
        content.wantsTokens = job.wantsTokens
        content.glossary = job.glossary
        return encoded(content)
    }

    package static func plan(_ plan: JobPlan) -> [UInt8] {
        var writer = MessageWriter()
        if plan.draft != Record(draftOf: plan.draft.job) { writer.message(1) { plan.draft.writeDraft(to: &$0) } }
        writer.messages(2, plan.chunks)
        writer.text(3, plan.languages.source ?? "")
        writer.text(4, plan.languages.target ?? "")
        return writer.bytes
    }

    package static func outputs(_ outputs: [Output]) -> [UInt8] {
        var writer = MessageWriter()
        writer.messages(1, outputs)
        return writer.bytes
    }

    package static func terms(_ glossary: Glossary) -> [UInt8] {
        var writer = MessageWriter()
        writer.messages(1, glossary.entries)
        return writer.bytes
    }

    private static func encoded(_ message: some WireMessage) -> [UInt8] {
        var writer = MessageWriter()
        message.write(to: &writer)
        return writer.bytes
    }
}

/// Reads what a store has kept. The disk is not trusted: whatever the bytes are, there is an error or a value, and it takes
/// no more memory than they justify.
///
/// It keeps its memory from message to message; what it returns has none of it. Not for two threads at once.
package final class StoredMessageDecoder {
    /// For all but the largest, which have one each.
    private let arena: Arena
    private static let ordinaryBytes = 64 << 10

    /// - Throws: `.unavailable` when there is no memory.
    package init() throws(WireError) { arena = try Self.arena(forMessagesOf: Self.ordinaryBytes) }

    /// - Throws: `WireError`, as the others, when the bytes are not what a store writes.
    package func record(_ bytes: [UInt8]) throws(WireError) -> Record {
        try decode("Record", bytes, wire__record__unpack) { (message) throws(Flaw) in try Record(message) }
    }

    package func content(_ bytes: [UInt8]) throws(WireError) -> Job {
        try decode("Job", bytes, wire__job__unpack) { (message) throws(Flaw) in try Job(message) }
    }

    package func plan(_ bytes: [UInt8], of job: JobID) throws(WireError) -> JobPlan {
        try decode("JobPlan", bytes, wire__job_plan__unpack) { (message) throws(Flaw) in
            let draft = try optionalMessage("draft", message.draft, message.n_draft) { (draft) throws(Flaw) in
                try Record(draftOf: job, draft)
            }
            return JobPlan(
                draft: draft ?? Record(draftOf: job),
                chunks: try messages("chunks", message.chunks, message.n_chunks, ChunkPlan.init(_:)),
                languages: LanguageSelection(
                    source: try message.source_language.optionalText("source_language", atMost: Limit.language),
                    target: try message.target_language.optionalText("target_language", atMost: Limit.language)))
        }
    }

    package func outputs(_ bytes: [UInt8]) throws(WireError) -> [Output] {
        try decode("ChunkOutputs", bytes, wire__chunk_outputs__unpack) { (message) throws(Flaw) in
            try messages("outputs", message.outputs, message.n_outputs, Output.init(_:))
        }
    }

    package func terms(_ bytes: [UInt8]) throws(WireError) -> Glossary? {
        try decode("GlossaryTerms", bytes, wire__glossary_terms__unpack) { (message) throws(Flaw) in
            try Glossary?(message.terms, message.n_terms, field: "terms")
        }
    }

    /// - Returns: nil: the bytes are no terms.
    /// - Throws: `.unavailable`, which says nothing about the bytes.
    package func readableTerms(_ bytes: [UInt8]) throws(WireError) -> Glossary? {
        do throws(WireError) {
            return try terms(bytes)
        } catch {
            if error.fault.code == .unavailable { throw error }
            return nil
        }
    }

    private func decode<Message, Value>(
        _ name: String, _ bytes: [UInt8], _ unpacking: Arena.Unpacking<Message>,
        _ read: (Message) throws(Flaw) -> Value
    ) throws(WireError) -> Value {
        guard bytes.count <= Self.ordinaryBytes else {
            let arena = try Self.arena(forMessagesOf: bytes.count)
            return try Self.decode(name, bytes, arena, unpacking, read)
        }
        return try Self.decode(name, bytes, arena, unpacking, read)
    }

    private static func decode<Message, Value>(
        _ name: String, _ bytes: [UInt8], _ arena: borrowing Arena, _ unpacking: Arena.Unpacking<Message>,
        _ read: (Message) throws(Flaw) -> Value
    ) throws(WireError) -> Value {
        let message: UnsafeMutablePointer<Message>
        do throws(Arena.Failure) {
            message = try bytes.withUnsafeBufferPointer { (bytes) throws(Arena.Failure) in
                try arena.unpack(UnsafeRawBufferPointer(bytes), with: unpacking)
            }
        } catch {
            switch error {
            case .malformed: throw WireError(.malformed, "\(bytes.count) bytes are not a message \(name)")
            case .exhausted(let budget):
                throw WireError(.tooLarge, "\(name): \(bytes.count) bytes unpack to more than \(budget)")
            }
        }
        do throws(Flaw) {
            return try read(message.pointee)
        } catch {
            throw WireError(error.code, "\(name): \(error)")
        }
    }

    private static func arena(forMessagesOf size: Int) throws(WireError) -> Arena {
        guard let arena = Arena(forMessagesOf: size) else {
            throw WireError(.unavailable, "no address space to decode a stored message of \(size) bytes")
        }
        return arena
    }
}

extension ChunkPlan: WireMessage {
    fileprivate init(_ message: Wire__ChunkPlan) throws(Flaw) {
        self.init(
            pieces: try messages("pieces", message.pieces, message.n_pieces, Piece.init(_:)), cost: message.cost_tokens)
    }

    func write(to writer: inout MessageWriter) {
        writer.messages(1, pieces)
        writer.number(2, cost)
    }
}
