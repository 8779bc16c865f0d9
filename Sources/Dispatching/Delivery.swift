import JobModel
import JobStore

/// The consumers: who has read how far, and what may be sent to whom.
struct Delivery: Sendable {
    private var consumers: [Consumer?] = []
    private var byName: [Name: Int] = [:]
    private var byPeer: [Peer: Int] = [:]
    private var countOfTenant: [Int] = []
    private var attachments: UInt64 = 0
    private(set) var attachedCount = 0
    /// Sent to all consumers together, and not acknowledged.
    private(set) var outstandingBytes: UInt64 = 0

    /// Of that there is no more than this, and one record for each consumer.
    static let bytesMaximum: UInt64 = 64 << 20
    static let shareMinimum: UInt64 = 64 << 10
    /// Cursors outlive their consumers, so their number is bounded.
    static let consumersPerTenantMaximum = 1000
    /// What is read at a time.
    static let recordsAtATime = 256
    static let bytesAtATime = 4 << 20

    private struct Name: Hashable, Sendable {
        var tenant: Int
        var name: String
    }

    /// In an order that does not depend on hash values.
    var all: [Consumer] { consumers.compactMap(\.self) }
    var attached: [ConsumerRef] { consumers.indices.compactMap(attachment) }

    func attached(of tenant: Int) -> [ConsumerRef] {
        consumers.indices.filter { consumers[$0]?.tenant == tenant }.compactMap(attachment)
    }

    private func attachment(_ slot: Int) -> ConsumerRef? {
        consumers[slot]?.attachment.map { ConsumerRef(slot: slot, attachment: $0.number) }
    }

    func find(_ peer: Peer) -> ConsumerRef? { byPeer[peer].flatMap(attachment) }

    func consumer(_ slot: Int) -> Consumer? { consumers[slot] }

    /// nil: it is not attached any more, or anew.
    subscript(_ consumer: ConsumerRef) -> Attachment? {
        get {
            let attachment = consumers[consumer.slot]?.attachment
            return attachment?.number == consumer.attachment ? attachment : nil
        }
        set {
            guard let newValue, self[consumer] != nil else { return }
            set(newValue, at: consumer.slot)
        }
    }

    private mutating func set(_ attachment: Attachment?, at slot: Int) {
        if let old = consumers[slot]?.attachment {
            attachedCount -= 1
            outstandingBytes -= old.outstandingBytes
        }
        consumers[slot]!.attachment = attachment
        guard let attachment else { return }
        attachedCount += 1
        outstandingBytes += attachment.outstandingBytes
    }

    /// What may be sent to a consumer now, beside the one record that it may always have. Consumers that acknowledge
    /// nothing keep their part from the others until they are gone, but for a minimum that everyone has.
    func roomForBytes(_ attachment: Attachment) -> UInt64 {
        let share = max(Self.bytesMaximum / UInt64(max(attachedCount, 1)), Self.shareMinimum)
        let left = Self.bytesMaximum - min(outstandingBytes, Self.bytesMaximum)
        return max(
            min(attachment.roomForBytes(within: share), left), attachment.roomForBytes(within: Self.shareMinimum))
    }

    /// A cursor that the store has.
    mutating func restore(tenant: Int, name: String, acknowledged: UInt64, seen: Sighting) {
        guard let slot = slot(tenant: tenant, name: name, seen: seen) else { return }
        consumers[slot]!.acknowledged = acknowledged
    }

    /// - Returns: the attachment, and who had the name before; nil when the tenant has too many consumers.
    mutating func attach(
        _ address: ReturnAddress, tenant: Int, name: String, from sequence: UInt64?, at now: UInt64, age: UInt64
    ) -> (consumer: ConsumerRef, replaced: Peer?)? {
        if let old = find(address.peer) { detach(old, at: age) }
        guard let slot = slot(tenant: tenant, name: name, seen: Sighting(at: age)) else { return nil }
        consumers[slot]!.seen.at = age
        let replaced = consumers[slot]!.attachment?.peer
        if let replaced { byPeer[replaced] = nil }
        attachments += 1
        let next = max(1, sequence ?? consumers[slot]!.acknowledged.saturatingAdd(1))
        let attachment = Attachment(
            number: attachments, peer: address.peer, correlation: address.correlation, next: next, at: now)
        set(attachment, at: slot)
        byPeer[address.peer] = slot
        return (ConsumerRef(slot: slot, attachment: attachments), replaced)
    }

    /// A consumer that never acknowledged anything is forgotten.
    mutating func detach(_ consumer: ConsumerRef, at age: UInt64) {
        guard let attachment = self[consumer] else { return }
        byPeer[attachment.peer] = nil
        set(nil, at: consumer.slot)
        consumers[consumer.slot]!.seen.at = age
        if consumers[consumer.slot]!.acknowledged == 0 { clear(consumer.slot) }
    }

    /// The cursor is durable.
    mutating func acknowledged(tenant: Int, name: String, upTo sequence: UInt64, age: UInt64) {
        // The consumer may have gone meanwhile, and with it the slot, if this was its first acknowledgement.
        guard let slot = slot(tenant: tenant, name: name, seen: Sighting(at: age)) else { return }
        consumers[slot]!.acknowledged = max(consumers[slot]!.acknowledged, sequence)
    }

    func consumer(tenant: Int, name: String) -> Consumer? {
        byName[Name(tenant: tenant, name: name)].flatMap { consumers[$0] }
    }

    /// The consumer that has been away for longest.
    func longestAbsent(of tenant: Int) -> Consumer? {
        all.filter { $0.tenant == tenant && $0.attachment == nil }.min { $0.seen.at < $1.seen.at }
    }

    func isFull(tenant: Int) -> Bool { countOfTenant[count: tenant] >= Self.consumersPerTenantMaximum }

    /// Forgets a consumer that is not attached.
    mutating func remove(tenant: Int, name: String) {
        guard let slot = byName[Name(tenant: tenant, name: name)], consumers[slot]!.attachment == nil else { return }
        clear(slot)
    }

    mutating func seeAttached(at age: UInt64) {
        for slot in consumers.indices where consumers[slot]?.attachment != nil { consumers[slot]!.seen.at = age }
    }

    /// The store has been told when the consumer was seen.
    mutating func noted(tenant: Int, name: String, at age: UInt64) {
        if let slot = byName[Name(tenant: tenant, name: name)] { consumers[slot]!.seen.noted = age }
    }

    /// What to read next for a consumer.
    func query(for consumer: ConsumerRef, tenant: String, last: UInt64) -> Query? {
        guard let attachment = self[consumer], attachment.correlation == nil, !attachment.isReading,
            !attachment.isFull, attachment.next <= last, attachment.roomForRecords > 0,
            attachment.outstandingCount == 0 || roomForBytes(attachment) > 0
        else { return nil }
        return .records(
            tenant: tenant, after: attachment.next - 1, limit: min(attachment.roomForRecords, Self.recordsAtATime),
            bytes: Int(min(roomForBytes(attachment), UInt64(Self.bytesAtATime))))
    }

    private mutating func slot(tenant: Int, name: String, seen: Sighting) -> Int? {
        if let slot = byName[Name(tenant: tenant, name: name)] { return slot }
        while countOfTenant.count <= tenant { countOfTenant.append(0) }
        guard !isFull(tenant: tenant) else { return nil }
        let slot = consumers.firstIndex { $0 == nil } ?? consumers.count
        if slot == consumers.count { consumers.append(nil) }
        consumers[slot] = Consumer(tenant: tenant, name: name, acknowledged: 0, seen: seen)
        byName[Name(tenant: tenant, name: name)] = slot
        countOfTenant[tenant] += 1
        return slot
    }

    private mutating func clear(_ slot: Int) {
        guard let gone = consumers[slot] else { return }
        consumers[slot] = nil
        byName[Name(tenant: gone.tenant, name: gone.name)] = nil
        countOfTenant[gone.tenant] -= 1
    }
}
