import CWire

/// The memory that messages are unpacked into: what one may take is bounded by its size, whatever it says of itself.
struct Arena: ~Copyable {
    private let arena: OpaquePointer

    /// How much memory a message may unpack to, as a multiple of its size: see `Tests/WireTests/BudgetTests.swift` for
    /// what honest ones take.
    static let amplification = 32
    /// What a message may unpack to however small it is, in bytes. A chunk has up to 2,048 texts; of blank ones the outputs
    /// take 4 bytes each, and 260 when unpacked.
    static let leastBudget = 1 << 20

    /// - Parameter size: Of the largest message, in bytes.
    /// - Returns: nil when there are no addresses left.
    init?(forMessagesOf size: Int) {
        let (capacity, overflow) = size.multipliedReportingOverflow(by: Self.amplification)
        guard !overflow, let arena = wire_arena_create(max(capacity, Self.leastBudget)) else { return nil }
        self.arena = arena
    }

    deinit { wire_arena_destroy(arena) }

    enum Failure: Error {
        /// The bytes are not such a message.
        case malformed
        /// It takes more memory than this.
        case exhausted(budget: Int)
    }

    /// What protobuf-c generates for a type of message.
    typealias Unpacking<Message> = (
        UnsafeMutablePointer<ProtobufCAllocator>?, Int, UnsafePointer<UInt8>?
    ) -> UnsafeMutablePointer<Message>?

    /// - Returns: The message, which is valid until the next is unpacked.
    func unpack<Message>(
        _ bytes: UnsafeRawBufferPointer, with unpacking: Unpacking<Message>
    ) throws(Failure) -> UnsafeMutablePointer<Message> {
        let budget = max(bytes.count * Self.amplification, Self.leastBudget)
        let allocator = wire_arena_begin(arena, budget)
        guard let message = unpacking(allocator, bytes.count, bytes.bindMemory(to: UInt8.self).baseAddress) else {
            throw wire_arena_exhausted(arena) ? .exhausted(budget: budget) : .malformed
        }
        return message
    }

    /// What the last message was unpacked to, in bytes.
    var used: Int { wire_arena_used(arena) }
}
