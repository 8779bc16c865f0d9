import JobModel
import TestKit
import Testing
import Wire

@Suite("Messages that a store keeps")
struct StoredMessageTests {
    @Test("are read as they were written, whatever they are")
    func roundTrips() throws {
        let decoder = try StoredMessageDecoder()
        var random = RandomEnvelopes(seed: 1)
        for _ in 0..<200 {
            let job = random.job()
            let content = try decoder.content(StoredMessage.content(of: job))
            #expect(content.sources == job.sources && content.wantsTokens == job.wantsTokens)
            #expect(content.options == job.options && content.glossary == job.glossary)
            let glossary = random.glossary()
            #expect(try decoder.terms(StoredMessage.terms(glossary)) == glossary)
            let outputs = random.some { $0.output() }
            #expect(try decoder.outputs(StoredMessage.outputs(outputs)) == outputs)
            let plan = plan(of: job.id, &random)
            #expect(try decoder.plan(StoredMessage.plan(plan), of: job.id) == plan)
        }
    }

    @Test("are short: the plan of a job of one line is six bytes")
    func sizes() {
        let job = JobID.random()
        let plan = JobPlan(draft: Record(draftOf: job), chunks: [ChunkPlan(pieces: [Piece(source: 0)], cost: 17)])
        #expect(StoredMessage.plan(plan).count == 6)
        // The job's id and the text, each with its tags and lengths.
        #expect(StoredMessage.content(of: Job([.text("Hello.")])).count == 18 + 10)
    }

    @Test("that are larger than most are read too")
    func large() throws {
        let job = Job([.text(String(repeating: "Hello. ", count: 100_000))])
        #expect(try StoredMessageDecoder().content(StoredMessage.content(of: job)).sources == job.sources)
    }

    @Test("that are damaged are an error or some value, and never crash")
    func damage() throws {
        let decoder = try StoredMessageDecoder()
        var envelopes = RandomEnvelopes(seed: 2)
        var random = SeededRandom(seed: 2)
        var errors = 0
        for _ in 0..<1000 {
            let record = EncodedRecord(envelopes.record()).bytes
            let plan = StoredMessage.plan(plan(of: .random(), &envelopes))
            for var bytes in [record, plan] {
                switch random.integer(0...2) {
                case 0: bytes.removeLast(random.integer(0...bytes.count))
                case 1 where !bytes.isEmpty:
                    bytes[random.integer(0...bytes.count - 1)] = UInt8(truncatingIfNeeded: random.next())
                default: bytes = (0..<random.integer(0...40)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
                }
                do { _ = try decoder.record(bytes) } catch { errors += 1 }
                do { _ = try decoder.plan(bytes, of: .random()) } catch { errors += 1 }
                do { _ = try decoder.content(bytes) } catch { errors += 1 }
                do { _ = try decoder.outputs(bytes) } catch { errors += 1 }
                do { _ = try decoder.terms(bytes) } catch { errors += 1 }
            }
        }
        #expect(errors > 1000)
    }

    @Test("do not begin as values of older stores do")
    func firstByte() {
        var random = RandomEnvelopes(seed: 3)
        for _ in 0..<200 {
            let job = random.job()
            #expect(StoredMessage.content(of: job).first != 1)
            #expect(EncodedRecord(random.record()).bytes.first != 1)
            #expect(StoredMessage.plan(plan(of: job.id, &random)).first != 1)
            #expect(StoredMessage.outputs([random.output()]).first != 1)
        }
    }

    @Test("say what is wrong with them")
    func errors() throws {
        let decoder = try StoredMessageDecoder()
        let bytes = EncodedRecord(Record(sequence: 1, job: .random(), state: .queued)).bytes
        let error = #expect(throws: WireError.self) { try decoder.record(bytes) }
        #expect(error?.description.hasPrefix("Record: state is queued") ?? false)
        let malformed = #expect(throws: WireError.self) { try decoder.content([1, 2, 3]) }
        #expect(malformed?.description == "3 bytes are not a message Job")
    }

    private func plan(of job: JobID, _ random: inout RandomEnvelopes) -> JobPlan {
        var draft = Record(draftOf: job)
        let record = random.record()
        draft.topic = record.topic
        draft.trace = record.trace
        draft.retryOf = record.retryOf
        return JobPlan(
            draft: draft,
            chunks: random.some { random in
                ChunkPlan(
                    pieces: random.some { $0.piece() }, cost: UInt32(truncatingIfNeeded: random.record().sequence))
            })
    }
}
