import JobModel
import JobStore
import SettingValues

extension Dispatcher {
    mutating func receivedFromConsumer(_ body: Envelope.Body, _ address: ReturnAddress) {
        if case .attach(let name, let sequence) = body { return attach(name, from: sequence, address) }
        guard let consumer = delivery.find(address.peer) else {
            return refuse(
                .unknownPeer, "this consumer is not attached, or was silent for too long; say ATTACH", to: address)
        }
        delivery[consumer]?.heardAt = now.monotonic
        switch body {
        case .resultCredit(let credit):
            delivery[consumer]?.credit = credit
            delivery[consumer]?.isFull = false
            deliver(to: consumer)
        case .ack(let sequence): acknowledge(upTo: sequence, consumer, address)
        case .detach:
            let acknowledged = delivery.consumer(consumer.slot)?.acknowledged ?? 0
            delivery.detach(consumer, at: age)
            outbox.send(.acked(upTo: acknowledged), to: address)
        default: refuse(.unexpected, "this message does not belong on the results socket", to: address)
        }
    }

    private mutating func attach(_ name: String, from sequence: UInt64?, _ address: ReturnAddress) {
        guard (1...Limit.name).contains(name.utf8.count) else {
            return refuse(.malformed, "a consumer's name must be 1 to \(Limit.name) bytes", to: address)
        }
        guard outbox.readsInFlight < Self.questionsMaximum else {
            return refuse(.unavailable, "too many requests wait for the disk; try again later", to: address)
        }
        let tenant = tenants.index(of: address.peer.identity.tenant)
        makeRoom(for: name, tenant: tenant)
        guard
            let (consumer, replaced) = delivery.attach(
                address, tenant: tenant, name: name, from: sequence, at: now.monotonic, age: age)
        else {
            return refuse(
                .unavailable,
                "there are \(Delivery.consumersPerTenantMaximum) consumers, which is the most; remove one that is not "
                    + "needed any more: dragoman consumers remove NAME", to: address)
        }
        if let replaced, replaced != address.peer {
            refuse(.replaced, "another consumer attached as \(name)", to: ReturnAddress(peer: replaced))
        }
        outbox.read(
            .firstSequence(tenant: tenants.names[tenant]),
            for: .attach(consumer, last: tenants.lastSequences[tenant]))
    }

    /// A new name takes the place of one that was abandoned, when there is no other.
    private mutating func makeRoom(for name: String, tenant: Int) {
        guard delivery.isFull(tenant: tenant), delivery.consumer(tenant: tenant, name: name) == nil,
            let abandoned = delivery.longestAbsent(of: tenant), isAbandoned(abandoned)
        else { return }
        delivery.remove(tenant: tenant, name: abandoned.name)
        let key = ConsumerKey(tenant: tenants.names[tenant], name: abandoned.name)
        outbox.write(.removeConsumer(key), for: .removeAbandoned)
    }

    /// - Parameters:
    ///   - first: The first record that the store has; nil: it had none when it was asked, ...
    ///   - known: … and so none up to this one, the log's last then. Those that have come since are to be delivered.
    mutating func attached(_ consumer: ConsumerRef, first: UInt64?, known: UInt64) {
        guard var attachment = delivery[consumer], let correlation = attachment.correlation,
            let tenant = delivery.consumer(consumer.slot)?.tenant
        else { return }
        let last = tenants.lastSequences[tenant]
        attachment.correlation = nil
        attachment.skip(to: first ?? known.saturatingAdd(1))
        delivery[consumer] = attachment
        outbox.send(
            .attached(
                Attached(
                    epoch: epoch, nextSequence: attachment.next, lastSequence: last,
                    heartbeatMilliseconds: UInt32(clamping: settings.broker.heartbeatMs), logID: logID)),
            to: ReturnAddress(peer: attachment.peer, correlation: correlation))
        deliver(to: consumer)
    }

    private mutating func acknowledge(upTo sequence: UInt64, _ consumer: ConsumerRef, _ address: ReturnAddress) {
        guard let attachment = delivery[consumer], let known = delivery.consumer(consumer.slot) else { return }
        guard sequence <= max(attachment.delivered, known.acknowledged) else {
            return refuse(
                .unexpected, "record \(sequence) was not sent yet; the last was \(attachment.delivered)", to: address)
        }
        delivery[consumer]?.acknowledge(upTo: sequence)
        // Nothing is written unless the place moves: a row at 0 would not be counted.
        guard sequence > known.acknowledged else {
            outbox.send(.acked(upTo: known.acknowledged), to: address)
            return deliver(to: consumer)
        }
        outbox.write(
            .acknowledge(tenant: tenants.names[known.tenant], consumer: known.name, upTo: sequence),
            for: .acknowledge(
                Acknowledgement(tenant: known.tenant, consumer: known.name, to: address)))
        deliver(to: consumer)
    }

    mutating func acknowledged(_ acknowledgement: Acknowledgement, _ outcome: WriteOutcome) {
        guard case .acknowledged(let sequence) = outcome else {
            preconditionFailure("an acknowledgement came to \(outcome)")
        }
        delivery.acknowledged(
            tenant: acknowledgement.tenant, name: acknowledgement.consumer, upTo: sequence, age: age)
        outbox.send(.acked(upTo: sequence), to: acknowledgement.to)
    }

    /// New records are there.
    mutating func deliver(toTenant tenant: Int) {
        for consumer in delivery.attached(of: tenant) { deliver(to: consumer) }
    }

    /// One read at a time for each consumer.
    private mutating func deliver(to consumer: ConsumerRef) {
        guard let tenant = delivery.consumer(consumer.slot)?.tenant,
            let query = delivery.query(
                for: consumer, tenant: tenants.names[tenant], last: tenants.lastSequences[tenant])
        else { return }
        delivery[consumer]?.isReading = true
        outbox.read(query, for: .deliver(consumer))
    }

    mutating func deliver(_ records: [EncodedRecord], to consumer: ConsumerRef) {
        guard var attachment = delivery[consumer], let tenant = delivery.consumer(consumer.slot)?.tenant else { return }
        attachment.isReading = false
        // A read may see a commit before the answer to that commit comes: what is read is durable, and is the log's end.
        if let last = records.last { tenants.logged(last.sequence, tenant: tenant) }
        var room = delivery.roomForBytes(attachment)
        for record in records where record.sequence >= attachment.next {
            let byteCount = UInt64(record.frameByteCount)
            guard attachment.fits(byteCount, room: room) else {
                attachment.isFull = true
                break
            }
            room -= min(room, byteCount)
            attachment.sent(record.sequence, bytes: byteCount)
            outbox.perform(.deliver(record, epoch: epoch, to: attachment.peer))
        }
        // Nothing is there where something should be: what was to come is kept no longer, or was asked for too early.
        if records.isEmpty { attachment.isFull = true }
        delivery[consumer] = attachment
        deliver(to: consumer)
    }
}
